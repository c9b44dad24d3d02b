"""Every filter and search field of every endpoint finds, among examples of everything, what Python finds there."""

import datetime as dt
import operator
from collections import defaultdict
from collections.abc import Callable
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

FILTERS = [
    (path, name)
    for path, view in endpoints().items()
    for name, one in getattr(getattr(view, "filterset_class", None), "base_filters", {}).items()
    if one.method is None and not name.endswith("country_code")
]
"""All that ask for a value somewhere; those that mean more than that have tests of their own."""

SEARCHES = [(path, name) for path, view in endpoints().items() for name in view.search_fields]

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("catalogue"), pytest.mark.usefixtures("present")]


def ask(client: Client, path: str, **query: Any) -> list[Any]:
    """The ids of what is found."""
    page = client.get(path, query | {"limit": 100, "mode": next(iter(endpoints()[path].modes))}).json()
    assert page["next"] is None
    found = [one["id"] for one in page["results"]]
    assert len(found) == len(set(found))
    return found


def values(path: str, field: str) -> dict[str, list[Any]]:
    """What each object of an endpoint has at the end of a path of fields: several values, one, or none."""
    found: dict[str, list[Any]] = defaultdict(list)
    for pk, value in endpoints()[path]().get_queryset().order_by().values_list("pk", field):
        found[str(pk)].append(value)
    return {pk: [value for value in told if value is not None] for pk, told in found.items()}


def told(value: Any) -> str:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, dt.date) else str(value)


@pytest.mark.parametrize(("path", "name"), FILTERS)
def test_filter(client: Client, path: str, name: str) -> None:
    one = endpoints()[path].filterset_class.base_filters[name]  # type: ignore[attr-defined]
    several = isinstance(one, InFilter | RelatedListFilter)
    compare = COMPARISONS["exact" if several else one.lookup_expr]
    known = values(path, one.field_name)
    there = sorted({value for told in known.values() for value in told})
    wanted = [there[len(there) // 3], there[-1]] if several else [there[len(there) // 3]]
    found = ask(client, path, **{name: ",".join(map(told, wanted))})
    expected = {pk for pk, of in known.items() if any(compare(value, asked) for value in of for asked in wanted)}
    assert {str(pk) for pk in found} == expected
    assert 0 < len(expected) < len(known) or len(there) < 4


@pytest.mark.parametrize(("path", "name"), SEARCHES)
def test_search(client: Client, path: str, name: str) -> None:
    view = endpoints()[path]
    fields = [values(path, view.lookup_of(field)) for field in view.search_fields]
    known = values(path, view.lookup_of(name))
    query = str(max(str(value) for of in known.values() for value in of))[-30:]
    terms = query.casefold().split()
    expected = {
        pk
        for pk in known
        if all(any(term in str(value).casefold() for of in fields for value in of[pk]) for term in terms)
    }
    assert {str(pk) for pk in ask(client, path, search=query)} == expected != set()


def test_nothing_is_left_out() -> None:
    assert len(FILTERS) > 500
    assert len(SEARCHES) > 80
