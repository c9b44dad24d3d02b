"""The starter catalogue, which `make run` loads: the documents in `fixtures/` are served identically."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from spacedb.ingest.ingest import ingest, ingest_files
from tests.conftest import ROOT
from tests.datasets import FIXTURES
from tests.endpoints import endpoints, indented

UPSTREAM = "https://ll.thespacedevs.com"
VOCABULARIES = [path for path in FIXTURES if "request" in json.loads(path.read_text())]
"""Documents that are complete lists, of objects with some of their keys."""
CATALOGUE = [path for path in FIXTURES if path not in VOCABULARIES]

pytestmark = pytest.mark.django_db


def objects_of(path: Path) -> list[Any]:
    document = json.loads(path.read_text())
    return list(document.get("results", [document]))


def get_json(client: Client, url: str) -> Any:
    """Return the JSON at a URL of Launch Library, with its host in all URLs."""
    response = client.get(url.removeprefix(UPSTREAM))
    assert response.status_code == 200, url
    return json.loads(response.content.replace(b"http://testserver", UPSTREAM.encode()))


def everything(client: Client) -> dict[str, Any]:
    """Return all objects of the newest version by endpoint, detailed."""
    return {
        path: get_json(client, f"{path}?mode=detailed&limit=100")["results"]
        for path, view in sorted(endpoints().items())
        if path.startswith("/2.3.0/") and "detailed" in view.modes
    }


def test_number_of_objects() -> None:
    counts = {path.name: len(objects_of(path)) for path in CATALOGUE}
    assert counts == {
        "spacecraft.json": 38,
        "spacecraft_flight_358.json": 1,
        "spacecraft_flights.json": 7,
    }


@pytest.mark.dataset("starter")
@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.name)
def test_every_object_is_served_identically(client: Client, path: Path) -> None:
    for document in objects_of(path):
        listing = document["url"].rsplit("/", 2)[0]
        page = get_json(client, f"{listing}/?mode={document['response_mode']}&limit=100")
        served = next(row for row in page["results"] if row["id"] == document["id"])
        assert indented(served) == indented(document)


@pytest.mark.dataset("starter")
@pytest.mark.parametrize("path", VOCABULARIES, ids=lambda path: path.name)
def test_vocabularies_are_complete(client: Client, path: Path) -> None:
    """Each short list contains the objects of its document, and no others. Keys that it leaves out are not loaded."""
    document = json.loads(path.read_text())
    assert document["body"]["count"] == len(document["body"]["results"])
    served = get_json(client, f"{document['request']}?limit=100")["results"]
    assert [row["id"] for row in served] == [row["id"] for row in document["body"]["results"]]
    for row, expected in zip(served, document["body"]["results"], strict=True):
        for key, value in expected.items():
            assert row[key] == value or value.items() <= row[key].items()


def test_vocabularies_contain_all_recorded_values(reference: Path) -> None:
    """Statuses, types and the like that have an id in a recorded response of 2.3.0, by the key that contains them."""
    lists = {
        "net_precision": "net_precisions",
        "license": "image_licenses",
        "country": "countries",
        "nationality": "countries",
        "orbit": "orbits",
        "role": "astronaut_roles",
    }
    vocabularies = {path.stem: json.loads(path.read_text())["body"]["results"] for path in VOCABULARIES}
    ids = {name: {row["id"] for row in rows} for name, rows in vocabularies.items()}
    missing, found = set(), set()

    def check(value: Any) -> None:
        if isinstance(value, list):
            for item in value:
                check(item)
        elif isinstance(value, dict):
            for key, item in value.items():
                for row in item if isinstance(item, list) else [item]:
                    if key in lists and isinstance(row, dict) and "id" in row:
                        found.add(key)
                        if row["id"] not in ids[lists[key]]:
                            missing.add((key, row["id"]))
                check(item)

    for path in reference.rglob("*_2.3.0.json"):
        check(json.loads(path.read_text()))
    for path in reference.rglob("v2.3.0_*.json"):
        check(json.loads(path.read_text()))
    assert found == lists.keys()
    assert not missing


@pytest.mark.dataset("starter")
@pytest.mark.parametrize(
    "query",
    [
        *(f"2.3.0/launches/?status={pk}" for pk in range(1, 10)),
        *(f"2.2.0/launch/?status={pk}" for pk in range(1, 9)),
        "2.0.0/launch/?status=4",
        "2.2.0/agencies/?agency_type=4",
        "2.2.0/spacecraft/?status=5",
        "2.2.0/docking_event/?docking_location__id=42",
    ],
)
def test_filters_accept_every_value(client: Client, query: str) -> None:
    """A value that no object has finds nothing, and is no error."""
    assert client.get(f"/{query}").status_code == 200


@pytest.mark.dataset("starter")
def test_detail_of_the_crewed_flight(client: Client) -> None:
    document = objects_of(ROOT / "fixtures" / "spacecraft_flight_358.json")[0]
    assert json.dumps(get_json(client, document["url"])) == json.dumps(document)


@pytest.mark.dataset("starter")
def test_ingesting_again_changes_nothing(client: Client) -> None:
    before = everything(client)
    summary = ingest_files(FIXTURES)
    assert {counts[:2] for counts in summary.models.values()} == {(0, 0)}
    assert everything(client) == before


@pytest.mark.parametrize("order", [1, -1])
def test_order_of_documents_does_not_matter(client: Client, order: int) -> None:
    """A document with fewer keys erases nothing: two documents contain spacecraft 231, with different serializers."""
    ingest_files(FIXTURES[::order])
    assert [
        (name, row["id"])
        for name in ("spacecraft.json", "spacecraft_flights.json", "spacecraft_flight_358.json")
        for row in objects_of(ROOT / "fixtures" / name)
        if row["id"] == 358 and get_json(client, row["url"]) != row
    ] == []
    config = get_json(client, f"{UPSTREAM}/2.3.0/spacecraft_configurations/15/")
    assert config["height"] == 4.55


def test_served_documents_can_be_ingested(client: Client) -> None:
    """Responses in detailed mode are served identically after they are ingested into an empty database."""
    with transaction.atomic():
        ingest_files(FIXTURES)
        served = everything(client)
        transaction.set_rollback(True)
    assert everything(client) == {path: [] for path in served}
    request = {path: f"{UPSTREAM}{path}?mode=detailed" for path in served}
    ingest((path, {"request": request[path], "body": {"results": results}}) for path, results in served.items())
    assert json.dumps(everything(client)) == json.dumps(served)


def test_no_sentence_is_copied_from_launch_library(reference: Path) -> None:
    """The fixtures contain facts, but no sentence of the recorded responses."""
    theirs = {s for path in reference.rglob("v2*.json") for s in sentences(json.loads(path.read_text()))}
    assert len(theirs) > 100
    assert {s for path in FIXTURES for s in sentences(json.loads(path.read_text()))} & theirs == set()


def sentences(value: Any) -> set[str]:
    """Return the sentences of eight words or more in a document. Names and credits are not sentences."""
    if isinstance(value, dict):
        return {sentence for nested in value.values() for sentence in sentences(nested)}
    if isinstance(value, list):
        return {sentence for item in value for sentence in sentences(item)}
    parts = re.split(r"(?<=[a-z)][.!?])\s+", value) if isinstance(value, str) else []
    return {part.strip() for part in parts if part.strip().endswith(".") and len(part.split()) >= 8}
