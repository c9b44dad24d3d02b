"""CSV: the same values as in JSON, the same columns on every page, and nothing that a spreadsheet executes."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency
from flights.models import Pad
from spacedb.databases.deadline import time_limit
from spacedb.rest.formats import csv as csv_format
from spacedb.rest.formats.csv import cell
from tests.endpoints import endpoints, modes_of_each_serializer

AGENCIES = "/2.3.0/agencies/"

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.content[:300]
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    body: bytes = response.getvalue()
    return body.decode("utf-8-sig")


def table(client: Client, path: str, query: str = "") -> list[list[str]]:
    """Return the rows of a response, with the header."""
    text = text_of(client.get(f"{path}?format=csv&{query}"))
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def values(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values of a JSON object, with the names of their columns. The mode has none."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from values(part, f"{name}__{key}" if name else key)
    elif not (name.endswith(("response_mode", "type")) and value in ("list", "normal", "detailed")):
        yield name, value


def expected_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return str(value)


@pytest.mark.vendor_neutral
@pytest.mark.dataset("small")
@pytest.mark.parametrize(("path", "mode"), modes_of_each_serializer())
def test_cells_are_the_values_in_json(client: Client, path: str, mode: str) -> None:
    objects = client.get(f"{path}?mode={mode}&limit=100").json()["results"]
    header, *rows = table(client, path, f"mode={mode}&limit=100")
    assert len(set(header)) == len(header)
    assert len(rows) == len(objects)
    for row, representation in zip(rows, objects, strict=True):
        cells = dict(zip(header, row, strict=True))
        for name, value in values(representation):
            if isinstance(value, list):
                assert bool(cells[name]) == any(item not in (None, "") for item in value), (mode, name)
            elif value is None:  # perhaps an object, with columns of its own
                nested = [text for column, text in cells.items() if column.startswith(f"{name}__")]
                assert not any(nested), (mode, name)
                assert nested or cells[name] == "", (mode, name)
            else:
                assert cells[name].removeprefix("'") == expected_cell(value), (mode, name)


@pytest.mark.vendor_neutral
@pytest.mark.dataset("small")
def test_empty_pages_have_the_same_columns(client: Client) -> None:
    for path, view in endpoints().items():
        for mode in view.modes:
            [header] = table(client, path, f"mode={mode}&offset=100000")
            assert header == list(csv_format.columns(view.serializer_for(mode)))


@pytest.mark.dataset("small")
@pytest.mark.parametrize(
    ("path", "column", "cell"),
    [
        ("/2.3.0/launches/?mode=detailed", "program", "name"),
        ("/2.3.0/launches/?mode=detailed", "vid_urls", "url"),
        ("/2.3.0/launches/?mode=detailed", "updates", "comment"),
        ("/2.3.0/spacecraft_flights/?mode=detailed", "launch_crew", "astronaut.name"),
        ("/2.3.0/agencies/?mode=detailed", "country", "name"),
    ],
)
def test_cells_of_lists_contain_names(client: Client, path: str, column: str, cell: str) -> None:
    [first, *_] = [row for row in client.get(path).json()["results"] if row[column]]
    labels = []
    for item in first[column]:
        value = item
        for key in cell.split("."):
            value = value[key]
        labels.append(value)
    header, *rows = table(client, *path.split("?"))
    [row] = [row for row in rows if row[header.index("id")] == str(first["id"])]
    assert row[header.index(column)] == "; ".join(labels)


# --- All objects ------------------------------------------------------------------------------------------------------


@pytest.fixture
def agencies(db: None) -> None:
    Agency.objects.bulk_create(Agency(pk=n + 1, name=f"Agency {n:03}") for n in range(250))


def ids(rows: list[list[str]]) -> list[int]:
    return [int(row[rows[0].index("id")]) for row in rows[1:]]


@pytest.mark.usefixtures("agencies")
def test_limit_all(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_format, "BATCH", 99)
    assert ids(table(client, AGENCIES, "limit=all")) == list(range(1, 251))
    assert ids(table(client, AGENCIES, "limit=all&offset=200")) == list(range(201, 251))
    assert ids(table(client, AGENCIES, "limit=all&ordering=-name&name__contains=Agency 02")) == list(range(30, 20, -1))
    assert "Link" not in client.get(f"{AGENCIES}?format=csv&limit=all")


@pytest.mark.usefixtures("agencies")
@pytest.mark.parametrize("output_format", ["json", "api"])
def test_limit_all_is_ignored_in_other_formats(client: Client, output_format: str) -> None:
    """As before: it is not a number, so the default holds."""
    page = client.get(AGENCIES, {"limit": "all", "format": output_format}).data  # type: ignore[attr-defined]
    assert (page["count"], len(page["results"])) == (250, 10)


@pytest.mark.usefixtures("agencies")
def test_pages(client: Client) -> None:
    """The `Link` header leads through all pages."""
    url: str | None = f"{AGENCIES}?format=csv&limit=100&ordering=-id"
    found: list[int] = []
    previous = None
    while url:
        response = client.get(url)
        found += ids(list(csv.reader(io.StringIO(text_of(response)))))
        links = httpx2.Response(200, headers={"Link": response.get("Link", "")}).links
        assert links.get("prev", {}).get("url") == (previous and previous.replace("&offset=0", ""))
        previous, url = f"http://testserver{url.removeprefix('http://testserver')}", links.get("next", {}).get("url")
    assert found == list(range(250, 0, -1))


@pytest.mark.usefixtures("agencies")
def test_number_of_queries(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch costs the same queries, whatever its size."""
    numbers = []
    for batch in (50, 250):
        monkeypatch.setattr(csv_format, "BATCH", batch)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            table(client, AGENCIES, f"limit=all&mode=list&x={batch}")
        numbers.append(len(queries))
    assert numbers[0] - numbers[1] in (4, 8)  # SQLite and PostgreSQL: one or two queries of agencies and their types


@pytest.mark.usefixtures("agencies")
def test_the_time_limit_ends_the_request(client: Client) -> None:
    with time_limit(1e-9):
        response = client.get(f"{AGENCIES}?format=csv&limit=all")
    assert (response.status_code, response["Content-Type"]) == (503, "application/json")
    assert "smaller limit" in response.json()["detail"]


# --- Cells ------------------------------------------------------------------------------------------------------------


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+49 30 1", "'+49 30 1"),
        ("-dash", "'-dash"),
        ("-P1D", "'-P1D"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\uff1d1", "'\uff1d1"),
        ("'=1", "'=1"),
        ("a=1", "a=1"),
        ("-1.5", "-1.5"),
        ("+1e5", "+1e5"),
        ("-1.5-1", "'-1.5-1"),
        ("-\u0661", "'-\u0661"),
        (-1.5, -1.5),
        (0, 0),
        (True, "true"),
        (None, None),
        ("", ""),
        (["=a", "b"], "'=a; b"),
        ([], ""),
        ([{"a": 1}], '[{"a":1}]'),
    ],
)
def test_cell(value: Any, expected: Any) -> None:
    """No text is a formula, and numbers remain numbers."""
    assert cell(value) == expected


def test_unusual_text(client: Client) -> None:
    names = ["a,b", 'say "hi"', "two\nlines", "two\r\nlines", "Спутник 日本", "=cmd|' /C calc'!A0", "; x", " padded "]
    Agency.objects.bulk_create(Agency(pk=n + 1, name=name) for n, name in enumerate(names))
    header, *rows = table(client, AGENCIES, "ordering=id")
    expected = [f"'{name}" if name.startswith("=") else name for name in names]
    assert [row[header.index("name")] for row in rows] == expected


def test_negative_coordinates_are_numbers(client: Client) -> None:
    """Also in versions that represent them as text."""
    Pad.objects.create(pk=1, name="Pad", latitude=-8.5, longitude=-120.25)
    for path in ("/2.3.0/pads/", "/2.2.0/pad/"):
        header, row = table(client, path)
        assert (row[header.index("latitude")], row[header.index("longitude")]) == ("-8.5", "-120.25")


def test_encoding_and_line_ends(client: Client) -> None:
    """Excel needs the byte order mark. Lines end with CR LF (RFC 4180)."""
    body = client.get(f"{AGENCIES}?format=csv").getvalue()
    assert body.startswith(b"\xef\xbb\xbfid,url,name,")
    assert body.endswith(b"\r\n")
    assert body.count(b"\n") == 1


def test_urls_have_no_format(client: Client) -> None:
    """A detail has no CSV."""
    Agency.objects.create(pk=1, name="One")
    header, row = table(client, AGENCIES)
    assert row[header.index("url")] == "http://testserver/2.3.0/agencies/1/"
