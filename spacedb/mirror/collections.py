"""What there is to copy: the collections of the version that is mirrored, as this server's own urls have them.

A source that speaks this version has the same. So a resource that is added here is mirrored without a line more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import Model

from spacedb.rest.versions import versions
from spacedb.rest.viewsets import ReadOnlyViewSet
from spacedb.serializers.base import model_of

VERSION = "2.3.0"
LIMIT = 100
"""As many objects as Launch Library puts on a page."""

ORDER = "id"


@dataclass(frozen=True)
class Collection:
    """All objects of one endpoint, in the mode that tells most: that of the details."""

    name: str
    model: type[Model]
    mode: str
    """The value of `mode`; empty where the default mode tells as much."""
    ordered: bool
    """Whether it can be asked for in the order of ids, in which new objects come last and none changes its place."""

    def request(self, offset: int) -> str:
        """Path and query of a page, below the source's root."""
        modes = versions()[VERSION].modes
        query: dict[str, Any] = {"limit": LIMIT, **modes.query(self.mode)}
        if offset:
            query["offset"] = offset
        if self.ordered:
            query["ordering"] = ORDER
        return f"{self.name}/{modes.suffix(self.mode)}?{urlencode(query)}"


@cache
def collections() -> tuple[Collection, ...]:
    """Every collection, each after those that its objects refer to.

    Models are registered as they are made, and none can refer to one that is made later.
    """
    place = {model: number for number, model in enumerate(apps.get_models())}
    return tuple(sorted(_collections(), key=lambda one: (place[one.model], one.name)))


def _collections() -> Iterator[Collection]:
    version = versions()[VERSION]
    views = {name: view for name, view in version.endpoints.items() if issubclass(view, ReadOnlyViewSet)}
    for name, view in views.items():
        form = view.serializer_for(view.detail_mode)
        model = model_of(form)
        # `launches/upcoming` are launches that are in `launches` too.
        if any(name.startswith(f"{other}/") and model_of(views[other].serializer_for("")) is model for other in views):
            continue
        mode = next(mode for mode, other in view.modes.items() if other is form)
        yield Collection(name, model, "" if mode == view.default_mode else mode, ORDER in view.ordering_fields)
