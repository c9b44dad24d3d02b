"""The list endpoints of every version, read from the URL configuration, so that new endpoints are tested too."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson
from django.urls import get_resolver, reverse

from spacedb.rest.viewsets import ReadOnlyViewSet, ResourceViewSet, SingleObjectViewSet

MAIN_ENDPOINTS = (
    "/2.3.0/agencies/",
    "/2.3.0/spacecraft/",
    "/2.3.0/spacecraft_configuration_families/",
    "/2.3.0/spacecraft_configurations/",
    "/2.3.0/spacecraft_flights/",
)
"""The endpoints of the main resources of version 2.3.0. Their responses link to all others."""


DERIVED_VERSIONS = ("/2.1.0/", "/2.0.0/")


@cache
def endpoints() -> dict[str, type[ReadOnlyViewSet]]:
    """Return the path of each list endpoint, with its viewset class. The result is shared: do not modify it."""
    return {path: view for path, view in _views() if issubclass(view, ReadOnlyViewSet)}


@cache
def single_objects() -> dict[str, type[SingleObjectViewSet]]:
    """Return the path of each endpoint with a single object, with its viewset class."""
    return {path: view for path, view in _views() if issubclass(view, SingleObjectViewSet)}


def resource_endpoints() -> dict[str, type[ResourceViewSet]]:
    """Return the endpoints with a list or with a single object."""
    return {**endpoints(), **single_objects()}


def _views() -> Iterator[tuple[str, type]]:
    for name in get_resolver().reverse_dict:
        if isinstance(name, str) and name.endswith("-list"):
            path = reverse(name)
            yield path, get_resolver().resolve(path).func.cls  # type: ignore[attr-defined]


def declared_endpoints() -> dict[str, type[ReadOnlyViewSet]]:
    """Return the endpoints except those of versions that are derived by a table of changes.

    For tests of the framework: the views of derived versions run the same code.
    """
    return {path: view for path, view in endpoints().items() if not path.startswith(DERIVED_VERSIONS)}


def data_of(response: Any) -> Any:
    """Return the content of a response as JSON types, independent of its renderer."""
    return orjson.loads(orjson.dumps(response.data, default=str))


def indented(value: Any) -> str:
    """Return JSON with one value per line and the keys in their order, for comparisons with a readable difference.

    The encoder of the standard library indents twenty times slower.
    """
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def modes() -> list[tuple[str, str]]:
    """Return every list endpoint with each of its modes."""
    return [(path, mode) for path, view in sorted(endpoints().items()) for mode in view.modes]


def modes_of_single_objects() -> list[tuple[str, str]]:
    """Return every endpoint with a single object with each of its modes."""
    return [(path, mode) for path, view in sorted(single_objects().items()) for mode in view.modes]
