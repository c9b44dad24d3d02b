"""The starter catalogue: what `make run` loads comes back as the documents under `fixtures/` tell it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from spacedb.ingest.ingest import ingest, ingest_files
from tests.conftest import ROOT
from tests.endpoints import endpoints

FIXTURES = sorted((ROOT / "fixtures").glob("*.json"))
UPSTREAM = "https://ll.thespacedevs.com"

pytestmark = pytest.mark.django_db


def objects_of(path: Path) -> list[Any]:
    document = json.loads(path.read_text())
    return list(document.get("results", [document]))


def ours(client: Client, url: str) -> Any:
    """The answer at an upstream url, as if this server were upstream."""
    response = client.get(url.removeprefix(UPSTREAM))
    assert response.status_code == 200, url
    return json.loads(response.content.replace(b"http://testserver", UPSTREAM.encode()))


def everything(client: Client) -> dict[str, Any]:
    """Every object of every endpoint, detailed."""
    return {
        path: ours(client, f"{path}?mode=detailed&limit=100")["results"]
        for path, view in sorted(endpoints().items())
        if "detailed" in view.modes
    }


def test_it_holds_what_the_documents_show() -> None:
    found = {path.name: len(objects_of(path)) for path in FIXTURES}
    assert found == {"spacecraft.json": 38, "spacecraft_flight_358.json": 1, "spacecraft_flights.json": 7}


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_every_object_comes_back_identical(client: Client, path: Path) -> None:
    ingest_files(FIXTURES)
    for told in objects_of(path):
        listing = told["url"].rsplit("/", 2)[0]
        page = ours(client, f"{listing}/?mode={told['response_mode']}&limit=100")
        served = next(one for one in page["results"] if one["id"] == told["id"])
        assert json.dumps(served, indent=1) == json.dumps(told, indent=1)


def test_detail_of_the_crewed_flight(client: Client) -> None:
    ingest_files(FIXTURES)
    told = objects_of(ROOT / "fixtures" / "spacecraft_flight_358.json")[0]
    assert json.dumps(ours(client, told["url"])) == json.dumps(told)


def test_twice_changes_nothing(client: Client) -> None:
    ingest_files(FIXTURES)
    before = everything(client)
    summary = ingest_files(FIXTURES)
    assert {counts[:2] for counts in summary.models.values()} == {(0, 0)}
    assert everything(client) == before


@pytest.mark.parametrize("order", [1, -1])
def test_order_of_documents_does_not_matter(client: Client, order: int) -> None:
    """A poorer document after a richer one loses nothing: spacecraft 231 is told in two forms."""
    ingest_files(FIXTURES[::order])
    assert [
        (name, one["id"])
        for name in ("spacecraft.json", "spacecraft_flights.json", "spacecraft_flight_358.json")
        for one in objects_of(ROOT / "fixtures" / name)
        if one["id"] == 358 and ours(client, one["url"]) != one
    ] == []
    rich = ours(client, f"{UPSTREAM}/2.3.0/spacecraft_configurations/15/")
    assert rich["height"] == 4.55


@pytest.mark.django_db(transaction=True)
def test_what_is_served_can_be_ingested_elsewhere(client: Client) -> None:
    """What the API serves in detailed mode, ingested into an empty database, is served again identically."""
    ingest_files(FIXTURES)
    served = everything(client)
    call_command("flush", "--no-input", verbosity=0)
    assert everything(client) == {path: [] for path in served}
    request = {path: f"{UPSTREAM}{path}?mode=detailed" for path in served}
    ingest((path, {"request": request[path], "body": {"results": results}}) for path, results in served.items())
    assert json.dumps(everything(client)) == json.dumps(served)


def test_no_sentence_is_upstreams(reference: Path) -> None:
    """Facts carry over, prose does not: no sentence of the real answers is in our documents."""
    theirs = {s for path in reference.rglob("v2*.json") for s in sentences(json.loads(path.read_text()))}
    assert len(theirs) > 100
    assert {s for path in FIXTURES for s in sentences(json.loads(path.read_text()))} & theirs == set()


def sentences(value: Any) -> set[str]:
    """The sentences of eight words or more in all strings of a document; names and credits are none."""
    if isinstance(value, dict):
        return {found for one in value.values() for found in sentences(one)}
    if isinstance(value, list):
        return {found for one in value for found in sentences(one)}
    parts = re.split(r"(?<=[a-z)][.!?])\s+", value) if isinstance(value, str) else []
    return {part.strip() for part in parts if part.strip().endswith(".") and len(part.split()) >= 8}
