"""Every filter and search field of every endpoint finds, among examples of everything, what Python finds there."""

import datetime as dt
import operator
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from django.test import Client

from spacedb.rest.filters import InFilter, RelatedListFilter
from tests.endpoints import endpoints

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "contains": lambda value, asked: str(asked) in str(value),
    "icontains": lambda value, asked: str(asked).casefold() in str(value).casefold(),
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}

FILTERS = {
    path: [
        name
        for name, one in getattr(getattr(view, "filterset_class", None), "base_filters", {}).items()
        if one.method is None and not name.endswith("country_code")
    ]
    for path, view in endpoints().items()
}
"""The filters that compare a value with a column. Those with a method have tests of their own."""

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("catalogue"), pytest.mark.usefixtures("time_before_examples")]


def ask(client: Client, path: str, **query: Any) -> list[Any]:
    """Return the ids on the one page of the response, in the shortest representation that the list has."""
    modes = endpoints()[path].modes
    page = client.get(path, query | {"limit": 100, "mode": "list" if "list" in modes else next(iter(modes))}).json()
    assert page["next"] is None
    found = [one["id"] for one in page["results"]]
    assert len(found) == len(set(found))
    return found


@cache
def values(path: str, field: str) -> dict[str, list[Any]]:
    """What each object of an endpoint has at the end of a path of fields: several values, one, or none."""
    found: dict[str, list[Any]] = defaultdict(list)
    for pk, value in endpoints()[path]().get_queryset().order_by().values_list("pk", field):
        found[str(pk)].append(value)
    return {pk: [value for value in told if value is not None] for pk, told in found.items()}


def told(value: Any) -> str:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, dt.date) else str(value)


@pytest.mark.parametrize("path", [path for path, names in FILTERS.items() if names])
def test_filters(client: Client, path: str) -> None:
    wrong = {name for name in FILTERS[path] if not filters_as_python_does(client, path, name)}
    assert wrong == set()


def filters_as_python_does(client: Client, path: str, name: str) -> bool:
    one = endpoints()[path].filterset_class.base_filters[name]  # type: ignore[attr-defined]
    several = isinstance(one, InFilter | RelatedListFilter)
    compare = COMPARISONS["exact" if several else one.lookup_expr]
    stored = values(path, one.field_name)
    there = sorted({value for of in stored.values() for value in of})
    requested = [there[len(there) // 3], there[-1]] if several else [there[len(there) // 3]]
    found = ask(client, path, **{name: ",".join(map(told, requested))})
    expected = {pk for pk, of in stored.items() if any(compare(value, want) for value in of for want in requested)}
    assert 0 < len(expected) < len(stored) or len(there) < 4, name
    return {str(pk) for pk in found} == expected


@pytest.mark.parametrize("path", [path for path, view in endpoints().items() if view.search_fields])
def test_search(client: Client, path: str) -> None:
    view = endpoints()[path]
    fields = {name: values(path, view.lookup_of(name)) for name in view.search_fields}
    for name, stored in fields.items():
        query = str(max(str(value) for of in stored.values() for value in of))[-30:]
        terms = query.casefold().split()
        expected = {
            pk
            for pk in stored
            if all(any(term in str(value).casefold() for of in fields.values() for value in of[pk]) for term in terms)
        }
        assert {str(pk) for pk in ask(client, path, search=query)} == expected != set(), name


def test_nothing_is_left_out() -> None:
    assert sum(map(len, FILTERS.values())) > 500
    assert sum(len(view.search_fields) for view in endpoints().values()) > 80
