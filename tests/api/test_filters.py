"""Every filter and search field of every endpoint selects the same example objects as the comparison in Python."""

import datetime as dt
import operator
import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from django.test import Client

from spacedb.rest.filters import HideRecentFilter, InFilter, RelatedListFilter
from tests.endpoints import declared_endpoints, endpoints, once_per_statement

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "contains": lambda value, parameter: str(parameter) in str(value),
    "icontains": lambda value, parameter: str(parameter).casefold() in str(value).casefold(),
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}

FILTERS = {
    path: [
        name
        for name, declared in getattr(getattr(view, "filterset_class", None), "base_filters", {}).items()
        if declared.method is None
        and declared.lookup_expr != "isnull"
        and not name.endswith("country_code")
        and not isinstance(declared, HideRecentFilter)
    ]
    for path, view in declared_endpoints().items()
}
"""The filters that compare a value with a column. Others are tested separately."""

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("catalogue"), pytest.mark.usefixtures("time_before_examples")]


def get_ids(client: Client, path: str, **query: Any) -> list[Any]:
    """Return the ids on the one page of the response, in the shortest representation that the list has."""
    modes = endpoints()[path].modes
    page = client.get(path, query | {"limit": 100, "mode": "list" if "list" in modes else next(iter(modes))}).json()
    assert page["next"] is None
    ids = [row["id"] for row in page["results"]]
    assert len(ids) == len(set(ids))
    return ids


@cache
def values(path: str, field: str) -> dict[str, list[Any]]:
    """Return the values of a lookup path by the id of the object, without nulls. The lists may be empty."""
    by_id: dict[str, list[Any]] = defaultdict(list)
    for pk, value in endpoints()[path]().get_queryset().order_by().values_list("pk", field):
        by_id[str(pk)].append(value)
    return {pk: [value for value in row if value is not None] for pk, row in by_id.items()}


def to_parameter(value: Any) -> str:
    """Return a value as a query parameter contains it."""
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, dt.date) else str(value)


def comparisons(path: str) -> set[tuple[object, ...]]:
    """Return what determines the SQL of each filter."""
    view = endpoints()[path]
    declared = [view.filterset_class.base_filters[name] for name in FILTERS[path]]
    return {(view.queryset.model, type(each), each.field_name, each.lookup_expr) for each in declared}


@pytest.mark.parametrize(
    "path", once_per_statement({path: comparisons(path) for path, names in FILTERS.items() if names})
)
def test_filters(client: Client, path: str) -> None:
    failed = {name for name in FILTERS[path] if not filters_as_python_does(client, path, name)}
    assert failed == set()


def filters_as_python_does(client: Client, path: str, name: str) -> bool:
    tested = endpoints()[path].filterset_class.base_filters[name]
    several = isinstance(tested, InFilter | RelatedListFilter)
    compare = COMPARISONS["exact" if several else tested.lookup_expr]
    stored = values(path, tested.field_name)
    choices = sorted({value for row in stored.values() for value in row})
    requested = [choices[len(choices) // 3], choices[-1]] if several else [choices[len(choices) // 3]]
    listed = get_ids(client, path, **{name: ",".join(map(to_parameter, requested))})
    expected = {pk for pk, row in stored.items() if any(compare(value, other) for value in row for other in requested)}
    assert 0 < len(expected) < len(stored) or len(choices) < 4, name
    return {str(pk) for pk in listed} == expected


SEARCH = {
    path: {(view.queryset.model, *map(view.lookup_of, view.search_fields))}
    for path, view in declared_endpoints().items()
    if view.search_fields
}


@pytest.mark.parametrize("path", once_per_statement(SEARCH))
def test_search(client: Client, path: str) -> None:
    view = endpoints()[path]
    fields = {name: values(path, view.lookup_of(name)) for name in view.search_fields}
    for name, stored in fields.items():
        query = str(max(str(value) for row in stored.values() for value in row))[-30:]
        terms = re.findall(r"[^\s,]+", query.casefold())
        expected = {
            pk
            for pk in stored
            if all(
                any(term in str(value).casefold() for rows in fields.values() for value in rows[pk]) for term in terms
            )
        }
        assert {str(pk) for pk in get_ids(client, path, search=query)} == expected != set(), name


def test_number_of_filters_and_search_fields() -> None:
    assert sum(map(len, FILTERS.values())) > 500
    assert sum(len(view.search_fields) for view in endpoints().values()) > 80
