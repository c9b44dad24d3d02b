"""Pagination: the length of pages, links, the order, and every object exactly once."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from spacecraft.models import Spacecraft
from spacedb.catalogue.sorting import dictionary_key
from spacedb.rest.viewsets import ReadOnlyViewSet
from tests.endpoints import data_of, declared_endpoints, distinct_endpoints, endpoints, once_per_statement

HOST = "http://testserver"
LIST = "/2.3.0/spacecraft/"

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("catalogue")]


def get_all_ids(client: Client, url: str) -> list[Any]:
    """Return the ids of all objects, following `next` from page to page."""
    ids: list[Any] = []
    next_url: str | None = url
    while next_url:
        page = client.get(next_url).json()
        ids += [row["id"] for row in page["results"]]
        next_url = page["next"]
    return ids


# --- Length -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("query", "length"), [("", 10), ("limit=1", 1), ("limit=15", 15)])
def test_length(client: Client, query: str, length: int) -> None:
    assert len(client.get(f"{LIST}?{query}").json()["results"]) == length


def test_maximum_limit(client: Client) -> None:
    Spacecraft.objects.bulk_create(Spacecraft(pk=9000 + n, name="Another") for n in range(10))
    page = client.get(f"{LIST}?limit=1000").json()
    assert len(page["results"]) == 100
    assert page["count"] == 110
    assert page["next"] == f"{HOST}{LIST}?limit=100&offset=100"


@pytest.mark.parametrize(("limit", "fits"), [(99, False), (100, True)])
def test_all_objects_of_a_list_are_queried_without_limit(client: Client, limit: int, fits: bool) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert len(client.get(LIST, {"limit": limit}).json()["results"]) == limit
    assert any(" LIMIT " in query["sql"] for query in queries) is not fits


# --- Next and previous ------------------------------------------------------------------------------------------------

LINKS = [
    ("", "limit=10&offset=10", None),
    ("offset=10", "limit=10&offset=20", "limit=10"),
    ("offset=4&limit=5", "limit=5&offset=9", "limit=5"),
    ("limit=5&offset=7", "limit=5&offset=12", "limit=5&offset=2"),
    ("offset=99&limit=1", None, "limit=1&offset=98"),
    ("offset=99", None, "limit=10&offset=89"),
    ("offset=1000", None, "limit=10&offset=990"),
    ("limit=100", None, None),
    ("zebra=1&ordering=-id&mode=detailed", "limit=10&mode=detailed&offset=10&ordering=-id&zebra=1", None),
    ("b=2&a=1&b=1&a=0", "a=1&a=0&b=2&b=1&limit=10&offset=10", None),
    ("limit=2&limit=3&offset=9&offset=6", "limit=3&offset=9", "limit=3&offset=3"),
    ("limit=0&offset=-1", "limit=10&offset=10", None),
    ("name=&q=%C3%A9+%26%25,", "limit=10&name=&offset=10&q=%C3%A9+%26%25%2C", None),
    ("format=json", "format=json&limit=10&offset=10", None),
]


@pytest.mark.parametrize(("query", "following", "previous"), LINKS)
def test_next_and_previous(client: Client, query: str, following: str | None, previous: str | None) -> None:
    page = client.get(f"{LIST}?{query}").json()
    expected = [link and f"{HOST}{LIST}?{link}" for link in (following, previous)]
    assert [page["next"], page["previous"]] == expected


DOCUMENTS = [
    "v2.3.0_spacecraft_ordering-flights_count_offset-410.json",
    "v2.3.0_spacecraft_ordering-minus-time_docked_offset-500.json",
    "v2.3.0_spacecraft_ordering-time_in_space_offset-580.json",
]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_are_those_of_launch_library(client: Client, reference: Path, settings: Any, name: str) -> None:
    """With the same number of spacecraft, a recorded request returns the recorded count and links."""
    document = json.loads((reference / "documents" / name).read_text())
    host, body = document["host"].removeprefix("https://"), document["body"]
    missing = body["count"] - Spacecraft.objects.count()
    Spacecraft.objects.bulk_create(Spacecraft(pk=9000 + n, name="Another", flights_count=n % 5) for n in range(missing))
    settings.ALLOWED_HOSTS = [host]
    page = data_of(client.get(document["request"], secure=True, headers={"host": host}))
    for key in ("count", "next", "previous"):
        assert page[key] == body[key], key
    assert len(page["results"]) == len(body["results"])


# --- Format -----------------------------------------------------------------------------------------------------------


def links(data: Any) -> list[str]:
    """Return all URLs of this server in a response."""
    if isinstance(data, dict):
        return [link for value in data.values() for link in links(value)]
    if isinstance(data, list):
        return [link for value in data for link in links(value)]
    return [data] if isinstance(data, str) and data.startswith(HOST) else []


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("path", distinct_endpoints())
def test_every_url_contains_the_format(client: Client, path: str) -> None:
    count = client.get(path, {"limit": 1}).json()["count"]
    pk = client.get(path, {"limit": 1, "offset": count - 1}).json()["results"][0]["id"]
    for query in ("", "format=json", "format=api", "format=") if path == LIST else ("format=json",):
        for url in (f"{path}?limit=1&mode=detailed&offset=3&{query}", f"{path}{pk}/?{query}"):
            urls = links(data_of(client.get(url)))
            with_format = {link for link in urls if "format" in link}
            if query.endswith("="):  # an empty format is ignored, but next and previous contain the query unchanged
                assert with_format <= {link for link in urls if "limit=" in link}
            else:
                assert with_format == (set(urls) if query else set())
                assert all(query in link for link in urls)


# --- Order ------------------------------------------------------------------------------------------------------------


def expected_ids(view: type[ReadOnlyViewSet], ordering: str) -> list[Any]:
    """Return the ids sorted by Python: text as in a dictionary, nulls as the highest value, equal values by id."""
    ordering = view.lookup_of(ordering or next(iter(view.ordering), "pk"))
    name = ordering.removeprefix("-")
    rows = [
        (pk, dictionary_key(value) if isinstance(value, str) else value)
        for pk, value in sorted(view().get_queryset().order_by().values_list("pk", name))
    ]
    values = sorted({value for _, value in rows if value is not None})
    rows.sort(key=lambda row: len(values) if row[1] is None else values.index(row[1]), reverse=name != ordering)
    return [str(pk) if isinstance(pk, UUID) else pk for pk, _ in rows]


def orders(view: type[ReadOnlyViewSet]) -> set[tuple[object, ...]]:
    """Return what determines the SQL of each order."""
    names = ("", *(view.ordering_fields or ()))
    return {(view.queryset.model, repr(view.listed), *view.ordering, view.lookup_of(name)) for name in names}


@pytest.mark.parametrize(
    "path", once_per_statement({path: orders(view) for path, view in declared_endpoints().items()})
)
def test_every_object_once_and_in_order(client: Client, path: str) -> None:
    """Test each ordering field in both directions, on at least three pages."""
    view = endpoints()[path]
    mode = "list" if "list" in view.modes else next(iter(view.modes))
    limit = client.get(path, {"limit": 1}).json()["count"] // 3 + 1
    assert limit > 3
    fields = view.ordering_fields or ()
    for ordering in ("", *fields, *(f"-{name}" for name in fields)):
        ids = get_all_ids(client, f"{path}?ordering={ordering}&limit={limit}&mode={mode}")
        assert ids == expected_ids(view, ordering), ordering


@pytest.mark.parametrize(
    ("ordering", "first", "last"),
    [("time_docked", 0, None), ("-time_docked", None, 0), ("flights_count", 0, None), ("-flights_count", None, 0)],
)
def test_nulls_are_the_highest_value(client: Client, ordering: str, first: int | None, last: int | None) -> None:
    url = f"{LIST}?ordering={ordering}&limit=100"
    values = [row[ordering.removeprefix("-")] for row in client.get(url).json()["results"]]
    json_values = {0: ("P0D", 0), None: (None,)}
    assert values[0] in json_values[first]
    assert values[-1] in json_values[last]
    nulls = [value is None for value in values]
    assert nulls == sorted(nulls, reverse=first is None)


def test_several_fields(client: Client) -> None:
    results = client.get(f"{LIST}?ordering=flights_count,nothing,-id&limit=100").json()["results"]
    expected = sorted(results, key=lambda row: (row["flights_count"] is None, row["flights_count"] or 0, -row["id"]))
    assert [row["id"] for row in results] == [row["id"] for row in expected]
