"""Pages: how long, which next, in which order, and every object exactly once."""

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
    """The ids of all objects, page by page, the way `next` shows."""
    found: list[Any] = []
    at: str | None = url
    while at:
        page = client.get(at).json()
        found += [one["id"] for one in page["results"]]
        at = page["next"]
    return found


# --- Length -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("query", "length"), [("", 10), ("limit=1", 1), ("limit=15", 15)])
def test_length(client: Client, query: str, length: int) -> None:
    assert len(client.get(f"{LIST}?{query}").json()["results"]) == length


def test_never_more_than_a_hundred(client: Client) -> None:
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
def test_as_upstream(client: Client, reference: Path, settings: Any, name: str) -> None:
    """With as many spacecraft as upstream had, a recorded request gets the recorded count and links."""
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


def links(answer: Any) -> list[str]:
    """Every url of this server in an answer."""
    if isinstance(answer, dict):
        return [link for value in answer.values() for link in links(value)]
    if isinstance(answer, list):
        return [link for value in answer for link in links(value)]
    return [answer] if isinstance(answer, str) and answer.startswith(HOST) else []


@pytest.mark.parametrize("path", endpoints())
def test_format_is_carried_into_every_url(client: Client, path: str) -> None:
    count = client.get(path, {"limit": 1}).json()["count"]
    one = client.get(path, {"limit": 1, "offset": count - 1}).json()["results"][0]["id"]
    for asked in ("", "format=json", "format=api", "format="):
        for url in (f"{path}?limit=3&mode=detailed&offset=3&{asked}", f"{path}{one}/?{asked}"):
            found = links(data_of(client.get(url)))
            carried = {link for link in found if "format" in link}
            if asked.endswith("="):  # asks for none; next and previous still tell the request as it was
                assert carried <= {link for link in found if "limit=" in link}
            else:
                assert carried == (set(found) if asked else set())
                assert all(asked in link for link in found)


# --- Order ------------------------------------------------------------------------------------------------------------


def in_order(view: type[ReadOnlyViewSet], ordering: str) -> list[Any]:
    """What the answer should be: sorted by Python, texts code point by code point, nulls above all, equals by id."""
    ordering = view.lookup_of(ordering or next(iter(view.ordering), "pk"))
    name = ordering.removeprefix("-")
    rows = sorted(view().get_queryset().order_by().values_list("pk", name))
    values = sorted({value for _, value in rows if value is not None})
    rows.sort(key=lambda row: len(values) if row[1] is None else values.index(row[1]), reverse=name != ordering)
    return [str(pk) if isinstance(pk, UUID) else pk for pk, _ in rows]


@pytest.mark.parametrize("path", endpoints())
def test_every_object_once_and_in_order(client: Client, path: str) -> None:
    """By each field that a list can be ordered by, in both directions, on at least three pages."""
    view = endpoints()[path]
    mode = "list" if "list" in view.modes else next(iter(view.modes))
    limit = client.get(path, {"limit": 1}).json()["count"] // 3 + 1
    assert limit > 3
    for ordering in ("", *view.ordering_fields, *(f"-{name}" for name in view.ordering_fields)):
        found = walk(client, f"{path}?ordering={ordering}&limit={limit}&mode={mode}")
        assert found == in_order(view, ordering), ordering


@pytest.mark.parametrize(
    ("ordering", "first", "last"),
    [("time_docked", 0, None), ("-time_docked", None, 0), ("flights_count", 0, None), ("-flights_count", None, 0)],
)
def test_nulls_are_above_all(client: Client, ordering: str, first: int | None, last: int | None) -> None:
    url = f"{LIST}?ordering={ordering}&limit=100"
    found = [one[ordering.removeprefix("-")] for one in client.get(url).json()["results"]]
    told = {0: ("P0D", 0), None: (None,)}
    assert found[0] in told[first]
    assert found[-1] in told[last]
    nulls = [value is None for value in found]
    assert nulls == sorted(nulls, reverse=first is None)


def test_several_fields(client: Client) -> None:
    found = client.get(f"{LIST}?ordering=flights_count,nothing,-id&limit=100").json()["results"]
    expected = sorted(found, key=lambda one: (one["flights_count"] is None, one["flights_count"] or 0, -one["id"]))
    assert [one["id"] for one in found] == [one["id"] for one in expected]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite knows no locales")
def test_order_of_texts_is_not_that_of_the_servers_locale(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get("/2.3.0/agencies/?ordering=-name")
    assert any('ORDER BY "agencies_agency"."name" COLLATE "C" DESC NULLS FIRST' in query["sql"] for query in queries)
