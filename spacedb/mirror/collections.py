"""The collections to mirror: the endpoints of one API version, taken from this server's own version registry.

A new endpoint of that version is mirrored without further code.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import Model, Q

from spacedb.rest.versions import versions
from spacedb.rest.viewsets import ResourceViewSet, SingleObjectViewSet
from spacedb.serializers.base import model_of

VERSION_NUMBER = "2.3.0"
PAGE_SIZE = 100
"""The maximum page size of Launch Library."""

ID_FIELD = "id"

LAST_UPDATED = "last_updated"
"""The field with the time of the last change of an object at the source. Few collections have it."""

NO_FILTERS: Mapping[str, str] = {}


class UnknownEndpointError(ValueError):
    """A name is not that of an endpoint with a collection."""


@dataclass(frozen=True)
class Collection:
    """All objects of one endpoint, in the mode whose representation equals the detail view.

    An endpoint with a single object is a collection with one page, which is the object.
    """

    name: str
    model: type[Model]
    mode: str
    """The value of `mode`; empty if it is the default mode."""
    has_id_ordering: bool
    """Whether the endpoint can be ordered by id. New objects then come last, and no object changes its position."""
    listed: Q = field(default_factory=Q)
    """The condition for an object to be in the list."""
    is_single: bool = False
    """Whether the endpoint has a single object, and no list."""
    has_changes: bool = False
    """Whether the endpoint can be filtered and ordered by the time of the last change."""

    def request_path(
        self, offset: int, *, filters: Mapping[str, str] = NO_FILTERS, ordering: str = "", suffix: str = ""
    ) -> str:
        """The path and query of a page, relative to the root of the source.

        `filters` select some of the objects, and `suffix` another list of them: `launches/upcoming`. Without `ordering`
        they are ordered by id, if possible.
        """
        style = versions()[VERSION_NUMBER].mode_style
        query: dict[str, Any] = ({} if self.is_single else {"limit": PAGE_SIZE}) | style.query(self.mode)
        if offset:
            query["offset"] = offset
        if ordering or self.has_id_ordering:
            query["ordering"] = ordering or ID_FIELD
        return f"{self.name}{suffix}/{style.suffix(self.mode)}?{urlencode(query | dict(filters))}"


@cache
def collections() -> tuple[Collection, ...]:
    """Every collection, each after the collections that its objects refer to.

    Django registers models in the order of their definition, and a foreign key refers to a model defined before. Links
    of many-to-many fields may refer to later collections.
    """
    positions = {model: position for position, model in enumerate(apps.get_models())}
    return tuple(sorted(_collections(), key=lambda collection: (positions[collection.model], collection.name)))


def select_collections(names: Iterable[str]) -> list[Collection]:
    """The collections of these endpoints, or all if there is no name, in order. Raises `UnknownEndpointError`."""
    selected = {name.strip("/"): name for name in names}
    existing = {collection.name for collection in collections()}
    if unknown := [name for key, name in selected.items() if key not in existing]:
        raise UnknownEndpointError(
            f"Unknown endpoints: {', '.join(unknown)}. Choose from: {', '.join(sorted(existing))}."
        )
    return [collection for collection in collections() if not selected or collection.name in selected]


def _collections() -> Iterator[Collection]:
    version = versions()[VERSION_NUMBER]
    views = {name: view for name, view in version.endpoints.items() if issubclass(view, ResourceViewSet)}
    for name, view in views.items():
        serializer = view.serializer_for(view.detail_mode)
        model = model_of(serializer)
        # `launches/upcoming` lists a part of `launches`.
        if any(name.startswith(f"{other}/") and model_of(views[other].serializer_for("")) is model for other in views):
            continue
        mode = next(mode for mode, mode_serializer in view.modes.items() if mode_serializer is serializer)
        mode = "" if mode == view.default_mode else mode
        is_single = issubclass(view, SingleObjectViewSet)
        has_id_ordering = not is_single and (view.ordering_fields is None or ID_FIELD in view.ordering_fields)
        filters = view.filterset_class.base_filters if hasattr(view, "filterset_class") else {}
        has_changes = f"{LAST_UPDATED}__gte" in filters and LAST_UPDATED in (view.ordering_fields or ())
        yield Collection(name, model, mode, has_id_ordering, view.listed, is_single, has_changes)


def pages_for(count: int) -> int:
    """The number of pages for `count` objects. Each page starts with the last object of the previous one."""
    return max(1, -(-(count - 1) // (PAGE_SIZE - 1)))
