"""Pagination: page sizes, links between pages, the order, and each object exactly once."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from spacecraft.models import Spacecraft
from spacedb.rest.viewsets import ReadOnlyViewSet
from tests.endpoints import data_of, endpoints

HOST = "http://testserver"
LIST = "/2.3.0/spacecraft/"

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("catalogue")]


def walk(client: Client, url: str) -> list[Any]:
    """The ids of all objects, page by page along `next`."""
    ids: list[Any] = []
    next_url: str | None = url
    while next_url:
        page = client.get(next_url).json()
        ids += [row["id"] for row in page["results"]]
        next_url = page["next"]
    return ids


# --- Page size --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("query", "size"), [("", 10), ("limit=1", 1), ("limit=15", 15)])
def test_page_size(client: Client, query: str, size: int) -> None:
    assert len(client.get(f"{LIST}?{query}").json()["results"]) == size


def test_page_size_is_at_most_100(client: Client) -> None:
    Spacecraft.objects.bulk_create(Spacecraft(pk=9000 + n, name="one more") for n in range(10))
    page = client.get(f"{LIST}?limit=1000").json()
    assert len(page["results"]) == 100
    assert page["count"] == 109
    assert page["next"] == f"{HOST}{LIST}?limit=100&offset=100"


# --- Next and previous ------------------------------------------------------------------------------------------------

LINKS = [
    ("", "limit=10&offset=10", None),
    ("offset=10", "limit=10&offset=20", "limit=10"),
    ("offset=4&limit=5", "limit=5&offset=9", "limit=5"),
    ("limit=5&offset=7", "limit=5&offset=12", "limit=5&offset=2"),
    ("offset=98&limit=1", None, "limit=1&offset=97"),
    ("offset=99", None, "limit=10&offset=89"),
    ("offset=1000", None, "limit=10&offset=990"),
    ("limit=99", None, None),
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
def test_count_and_links_are_those_of_launch_library(client: Client, reference: Path, settings: Any, name: str) -> None:
    """The count and the links equal those of Launch Library, given the same number of spacecraft."""
    document = json.loads((reference / "documents" / name).read_text())
    host, body = document["host"].removeprefix("https://"), document["body"]
    missing = body["count"] - Spacecraft.objects.count()
    Spacecraft.objects.bulk_create(
        Spacecraft(pk=9000 + n, name="one more", flights_count=n % 5) for n in range(missing)
    )
    settings.ALLOWED_HOSTS = [host]
    page = data_of(client.get(document["request"], secure=True, headers={"host": host}))
    for key in ("count", "next", "previous"):
        assert page[key] == body[key], key
    assert len(page["results"]) == len(body["results"])


# --- Format -----------------------------------------------------------------------------------------------------------


def links_in(data: Any) -> list[str]:
    """All URLs of this server among the values of JSON data."""
    if isinstance(data, dict):
        return [link for value in data.values() for link in links_in(value)]
    if isinstance(data, list):
        return [link for value in data for link in links_in(value)]
    return [data] if isinstance(data, str) and data.startswith(HOST) else []


@pytest.mark.parametrize("path", endpoints())
@pytest.mark.parametrize("parameter", ["", "format=json", "format=api", "format="])
def test_links_keep_the_format(client: Client, path: str, parameter: str) -> None:
    pk = walk(client, path)[-1]
    for url in (f"{path}?limit=3&mode=detailed&offset=3&{parameter}", f"{path}{pk}/?{parameter}"):
        links = links_in(data_of(client.get(url)))
        with_format = {link for link in links if "format" in link}
        if parameter.endswith("="):  # no format; only `next` and `previous` keep the empty parameter
            assert with_format <= {link for link in links if "limit=" in link}
        else:
            assert with_format == (set(links) if parameter else set())
            assert all(parameter in link for link in links)


# --- Order ------------------------------------------------------------------------------------------------------------


def expected_order(view: type[ReadOnlyViewSet], ordering: str) -> list[Any]:
    """The expected ids, sorted by Python: strings by code point, nulls as the largest value, equal values by id."""
    ordering = view.lookup_of(ordering or next(iter(view.ordering), "pk"))
    name = ordering.removeprefix("-")
    rows = sorted(view().get_queryset().order_by().values_list("pk", name))
    values = sorted({value for _, value in rows if value is not None})
    rows.sort(key=lambda row: len(values) if row[1] is None else values.index(row[1]), reverse=name != ordering)
    return [str(pk) if isinstance(pk, UUID) else pk for pk, _ in rows]


ORDERINGS = [
    (path, ordering)
    for path, view in endpoints().items()
    for ordering in ("", *view.ordering_fields, *(f"-{name}" for name in view.ordering_fields))
]


@pytest.mark.parametrize(("path", "ordering"), ORDERINGS)
def test_every_object_once_and_in_order(client: Client, path: str, ordering: str) -> None:
    view = endpoints()[path]
    ids = walk(client, f"{path}?ordering={ordering}&limit=7&mode={next(iter(view.modes))}")
    assert len(ids) > 7
    assert ids == expected_order(view, ordering)


@pytest.mark.parametrize(
    ("ordering", "first", "last"),
    [("time_docked", 0, None), ("-time_docked", None, 0), ("flights_count", 0, None), ("-flights_count", None, 0)],
)
def test_nulls_are_the_largest_value(client: Client, ordering: str, first: int | None, last: int | None) -> None:
    url = f"{LIST}?ordering={ordering}&limit=100"
    values = [row[ordering.removeprefix("-")] for row in client.get(url).json()["results"]]
    json_values = {0: ("P0D", 0), None: (None,)}
    assert values[0] in json_values[first]
    assert values[-1] in json_values[last]
    nulls = [value is None for value in values]
    assert nulls == sorted(nulls, reverse=first is None)


def test_several_fields(client: Client) -> None:
    rows = client.get(f"{LIST}?ordering=flights_count,nothing,-id&limit=100").json()["results"]
    expected = sorted(rows, key=lambda row: (row["flights_count"] is None, row["flights_count"] or 0, -row["id"]))
    assert [row["id"] for row in rows] == [row["id"] for row in expected]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no locales")
def test_strings_are_not_ordered_by_the_locale_of_the_server(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get("/2.3.0/agencies/?ordering=-name")
    assert any('ORDER BY "agencies_agency"."name" COLLATE "C" DESC NULLS FIRST' in query["sql"] for query in queries)
