"""Every endpoint of resources, of every version, as the urls have them: what is added there is tested here."""

from typing import Any

import orjson
from django.urls import get_resolver, reverse

from spacedb.rest.viewsets import ReadOnlyViewSet

FIRST = (
    "/2.3.0/agencies/",
    "/2.3.0/spacecraft/",
    "/2.3.0/spacecraft_configuration_families/",
    "/2.3.0/spacecraft_configurations/",
    "/2.3.0/spacecraft_flights/",
)
"""What this server is for; everything else is what their answers lead to."""


def endpoints() -> dict[str, type[ReadOnlyViewSet]]:
    """The path of each list, with its view."""
    found = {}
    for name in get_resolver().reverse_dict:
        if isinstance(name, str) and name.endswith("-list"):
            path = reverse(name)
            view = get_resolver().resolve(path).func.cls  # type: ignore[attr-defined]
            if issubclass(view, ReadOnlyViewSet):
                found[path] = view
    return found


def data_of(response: Any) -> Any:
    """What an answer tells, as data, whatever it is rendered as."""
    return orjson.loads(orjson.dumps(response.data, default=str))


def modes() -> list[tuple[str, str]]:
    """Every endpoint with each of its modes."""
    return [(path, mode) for path, view in sorted(endpoints().items()) for mode in view.modes]
