"""The list endpoints of every version, read from the URL configuration, so that new endpoints are tested too."""

from collections.abc import Iterator, Mapping, Set
from functools import cache
from typing import Any

import orjson
import pytest
from django.urls import get_resolver, reverse

from spacedb.rest.viewsets import ReadOnlyViewSet, ResourceViewSet, SingleObjectViewSet
from spacedb.serializers.describe import describe

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


@cache
def distinct_endpoints() -> dict[str, type[ReadOnlyViewSet]]:
    """Return one declared endpoint of each kind, for tests of the framework.

    Endpoints of a version are of one kind if their declarations are equal and their representations have the same keys:
    for example all launches and the previous ones, or the endpoints under `config/` whose objects have only a name.
    The framework runs the same code for all of them. Tests of values and of SQL need all endpoints.
    """
    kinds = {_kind(path): path for path in sorted(declared_endpoints(), reverse=True)}
    return {path: declared_endpoints()[path] for path in sorted(kinds.values())}


def _kind(path: str) -> tuple[object, ...]:
    view = endpoints()[path]
    modes = {
        mode: [(type(spec), spec.key, getattr(spec, "serializer", None)) for spec in describe(serializer)]
        for mode, serializer in view.modes.items()
    }
    filters = [(name, type(view.filterset_class.base_filters[name])) for name in view.filter_names()]
    examples = (view.filter_example, view.search_example, view.ordering_example)
    options = (view.columns, view.title_paths, view.main_filters, view.facets, view.search_fields, view.ordering_fields)
    formats = [renderer for is_detail in (False, True) for renderer in view.renderers_of(is_detail)]
    return path.split("/")[1], view.detail_mode, repr((modes, filters, examples, options, formats))


def once_per_statement(statements: Mapping[Any, Set[Any]]) -> list[Any]:
    """Return the parameters of a test whose SQL may differ between databases.

    `statements` identifies the SQL that each parameter runs, for example by the model and the lookups of an endpoint.
    A parameter is marked `vendor_neutral` if others run all of its statements. Newer versions come first.
    """
    seen: set[Any] = set()
    parameters = []
    for parameter in sorted(statements, reverse=True):
        marks = [pytest.mark.vendor_neutral] if statements[parameter] <= seen else []
        values = parameter if isinstance(parameter, tuple) else (parameter,)
        parameters.append(pytest.param(*values, marks=marks))
        seen |= statements[parameter]
    return parameters


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


def modes_of_each_serializer() -> list[tuple[str, str]]:
    """Return every serializer of the declared endpoints, as a list endpoint and a mode. Several lists may share one."""
    pairs = [(path, mode) for path, mode in modes() if path in declared_endpoints()]
    return sorted({endpoints()[path].modes[mode]: (path, mode) for path, mode in reversed(pairs)}.values())


def modes_of_each_serializer_and_version() -> list[tuple[str, str]]:
    """Return every serializer of each version, as a list endpoint and a mode."""
    pairs = {(path.split("/")[1], endpoints()[path].modes[mode]): (path, mode) for path, mode in reversed(modes())}
    return sorted(pairs.values())


def modes_of_single_objects() -> list[tuple[str, str]]:
    """Return every endpoint with a single object with each of its modes."""
    return [(path, mode) for path, view in sorted(single_objects().items()) for mode in view.modes]
