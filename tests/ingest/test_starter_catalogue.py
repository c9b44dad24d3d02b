"""The starter catalogue, which `make run` loads: what the documents in `fixtures/` contain is served."""

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from spacedb.ingest.ingest import ingest, ingest_files
from spacedb.revision.current import current_revision
from tests.conftest import ROOT
from tests.datasets import FIXTURES
from tests.endpoints import indented
from tests.export.catalogue import delete_all
from tests.ingest.starter import CATALOGUE, EXCERPTS, UPSTREAM, VOCABULARIES, everything, get_json, objects, objects_of

pytestmark = pytest.mark.django_db


def test_number_of_objects() -> None:
    counts = {
        str(path.relative_to(ROOT / "fixtures")).removesuffix(".json"): len(objects_of(path))
        for path in (*EXCERPTS, *CATALOGUE)
    }
    assert counts == {
        "excerpts/agencies": 42,
        "excerpts/astronauts": 85,
        "excerpts/dashboard_starship": 1,
        "excerpts/docking_events": 29,
        "excerpts/events": 80,
        "excerpts/expeditions": 9,
        "excerpts/launcher_configurations": 21,
        "excerpts/launchers": 15,
        "excerpts/launches": 70,
        "excerpts/locations": 22,
        "excerpts/pads": 64,
        "excerpts/programs": 10,
        "excerpts/space_stations": 5,
        "excerpts/spacecraft": 39,
        "excerpts/spacecraft_configurations": 10,
        "excerpts/spacecraft_flights": 49,
        "spacecraft": 38,
        "spacecraft_flight_358": 1,
        "spacecraft_flights": 7,
    }


@pytest.mark.dataset("starter")
@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.name)
def test_every_object_is_served_identically(client: Client, path: Path) -> None:
    for document in objects_of(path):
        listing = document["url"].rsplit("/", 2)[0]
        page = get_json(client, f"{listing}/?mode={document['response_mode']}&limit=100")
        served = next(row for row in page["results"] if row["id"] == document["id"])
        assert indented(served) == indented(document)


def assert_contains(served: Any, expected: Any, path: str) -> None:
    """Assert that a value contains another one: objects may have further keys, and lists are in the same order."""
    if isinstance(expected, dict) and isinstance(served, dict):
        for key, value in expected.items():
            # The mode of a nested object depends on where it is nested.
            if key != "response_mode":
                assert key in served, f"{path}.{key}"
                assert_contains(served[key], value, f"{path}.{key}")
    elif isinstance(expected, list) and isinstance(served, list):
        assert len(served) == len(expected), path
        for number, value in enumerate(expected):
            assert_contains(served[number], value, f"{path}[{number}]")
    else:
        assert served == expected, path


@pytest.mark.vendor_neutral
@pytest.mark.dataset("starter")
@pytest.mark.parametrize("path", EXCERPTS, ids=lambda path: path.name)
def test_excerpts_are_served(client: Client, path: Path) -> None:
    """The responses contain all values of the document, whichever other document contains the same object."""
    documents = objects_of(path)
    if "url" not in documents[0]:
        url = json.loads(path.read_text())["request"]
        assert_contains(get_json(client, url), documents[0], url)
        return
    listing = documents[0]["url"].rsplit("/", 2)[0]
    served = {row["id"]: row for row in objects(client, f"{listing}/?mode=detailed&limit=100")}
    for document in documents:
        assert_contains(served[document["id"]], document, document["url"])


@pytest.mark.vendor_neutral
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


@pytest.mark.vendor_neutral
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


@pytest.mark.vendor_neutral
@pytest.mark.dataset("starter")
def test_figures_in_the_documentation(client: Client) -> None:
    """The README and the tutorial say how many objects there are."""

    def count(path: str) -> int:
        return int(get_json(client, f"/2.3.0/{path}")["count"])

    readme = (ROOT / "README.md").read_text()
    assert f"The {count('spacecraft/?in_space=true')} spacecraft of the starter catalogue" in readme
    assert f'The {count("spacecraft/?search=dragon")} spacecraft with "dragon"' in readme
    tutorial = " ".join((ROOT / "docs" / "tutorial" / "first-app.md").read_text().split())
    assert (
        f"a [starter catalogue](../reference/starter-catalogue.md) of {count('spacecraft/')} spacecraft, "
        f"{count('spacecraft_configurations/')} configurations, {count('spacecraft_flights/')} flights, "
        f"{count('launches/')} launches, {count('events/')} events and {count('agencies/')} agencies" in tutorial
    )


@pytest.mark.dataset("starter")
def test_detail_of_the_crewed_flight(client: Client) -> None:
    document = objects_of(ROOT / "fixtures" / "spacecraft_flight_358.json")[0]
    assert json.dumps(get_json(client, document["url"])) == json.dumps(document)


STARSHIPS = ["Starhopper", "Mk1", "SN1", "SN2", "SN3", "SN4", "SN5", "SN6", "SN7", "SN7.1", "SN8", "SN9", "B7", "B12"]


def midnight(date: str) -> dt.datetime:
    return dt.datetime.fromisoformat(date).replace(tzinfo=dt.UTC)


@pytest.mark.vendor_neutral
@pytest.mark.dataset("starter")
@pytest.mark.parametrize(
    ("date", "launch", "events"),
    [
        ("2023-08-01", "Starship | Integrated Flight Test 2", ("Booster 9 33 Engine Static Fire", 21)),
        ("2026-11-30", "Atlas V N22 | Starliner-1", ("Europa Clipper Earth Flyby", 15)),
        ("2027-06-01", "SLS Block 1 | Artemis III", ("Lucy Flyby of Eurybates", 13)),
        ("2028-03-01", "Falcon Heavy | Dragonfly", ("Starship HLS Uncrewed Lunar Landing", 11)),
        ("2029-01-15", "Starship | Starlab", ("Apophis Flyby of Earth", 10)),
        ("2031-02-01", "Ariane 64 | EnVision", ("Juice Jupiter Orbit Insertion", 6)),
        ("2032-12-01", "Ariane 64 | LISA", ("Lucy Flyby of Patroclus and Menoetius", 4)),
        ("2040-01-01", None, ("Perihelion of Comet Halley", 1)),
        ("2070-01-01", None, (None, 0)),
    ],
)
@pytest.mark.parametrize("versions", [("2.3.0/launches", "2.3.0/events"), ("2.2.0/launch", "2.2.0/event")])
def test_next_launch_and_events(
    client: Client,
    set_time: Callable[[dt.datetime], None],
    versions: tuple[str, str],
    date: str,
    launch: str | None,
    events: tuple[str | None, int],
) -> None:
    """Both lists start with the next object, and are empty pages after the last one."""
    set_time(midnight(date))
    launches = get_json(client, f"/{versions[0]}/upcoming/?limit=1&hide_recent_previous=True")
    assert launches.keys() == {"count", "next", "previous", "results"}
    assert [row["name"] for row in launches["results"]] == ([launch] if launch else [])
    upcoming = get_json(client, f"/{versions[1]}/upcoming/?limit=100")
    assert (next((row["name"] for row in upcoming["results"]), None), upcoming["count"]) == events
    assert all(row["date"] > date for row in upcoming["results"])


@pytest.mark.vendor_neutral
@pytest.mark.dataset("starter")
@pytest.mark.parametrize(
    ("date", "launches", "events"),
    [
        ("2019-01-01", (13, 0), (53, 0)),
        ("2026-11-30", (1, 12), (2, 51)),
        ("2028-06-01", (1, 12), (1, 52)),
        ("2029-06-01", (1, 12), (0, 53)),
        ("2040-01-01", (0, 13), (0, 53)),
    ],
)
def test_dashboard(
    client: Client,
    set_time: Callable[[dt.datetime], None],
    date: str,
    launches: tuple[int, int],
    events: tuple[int, int],
) -> None:
    """The dashboard divides the launches and events of Starship by the current time, in all modes and versions."""
    set_time(midnight(date))
    for url in (
        "2.3.0/dashboard/starship/?mode=list",
        "2.3.0/dashboard/starship/?mode=detailed",
        "2.2.0/dashboard/starship/",
    ):
        dashboard = get_json(client, f"/{url}")
        numbers = {
            key: tuple(len(dashboard[part][key]) for part in ("upcoming", "previous")) for key in ("launches", "events")
        }
        assert numbers == {"launches": launches, "events": events}, url
        assert all(
            "Starship" in row["name"] for part in ("upcoming", "previous") for row in dashboard[part]["launches"]
        )
        assert [row["serial_number"] for row in dashboard["vehicles"]] == STARSHIPS
        assert [row["name"] for row in dashboard["orbiters"]] == [
            "Ship 24",
            "Ship 28",
            "Ship 37",
            "Ship 38",
            "Ship 39",
            "Ship 40",
        ]
        assert (len(dashboard["updates"]), len(dashboard["live_streams"])) == (2, 2)
        assert (len(dashboard["road_closures"]), len(dashboard["notices"])) == (3, 1)


def urls_of(value: Any) -> set[str]:
    """Return the URLs of Launch Library in a response."""
    if isinstance(value, dict | list):
        return {url for nested in (value.values() if isinstance(value, dict) else value) for url in urls_of(nested)}
    return {value} if isinstance(value, str) and value.startswith(UPSTREAM) else set()


@pytest.mark.vendor_neutral
@pytest.mark.dataset("starter")
def test_every_nested_url_resolves(client: Client) -> None:
    """Everything to which launches, events and the dashboard link has a detail."""
    pages = (
        "launches/?mode=detailed&limit=100",
        "events/?mode=detailed&limit=100",
        "dashboard/starship/?mode=detailed",
    )
    urls = {url for page in pages for url in urls_of(get_json(client, f"/2.3.0/{page}"))}
    assert len(urls) > 100
    listings = {url.rsplit("/", 2)[0] for url in urls}
    listed = {row["url"] for listing in listings for row in objects(client, f"{listing}/?mode=list&limit=100")}
    assert len(urls & listed) > 100
    for url in sorted(urls - listed):
        assert get_json(client, url)["url"] == url


@pytest.mark.vendor_neutral
def test_ingest_reports_nothing() -> None:
    """No value is left out, no key is unknown, and no launch is older than in another document."""
    summary = ingest_files(FIXTURES)
    assert (summary.warnings, summary.older, summary.skipped) == ([], {}, [])


@pytest.mark.dataset("starter")
def test_ingesting_again_changes_nothing() -> None:
    """Every write of a row or of a link would change the revision."""
    before = current_revision()
    summary = ingest_files(FIXTURES)
    assert before
    assert {counts[:2] for counts in summary.models.values()} == {(0, 0)}
    assert current_revision() == before


@pytest.mark.vendor_neutral
def test_order_of_documents_does_not_matter(client: Client) -> None:
    """A document with fewer keys erases nothing: two documents contain spacecraft 231, with different serializers.

    The dataset of the other tests is loaded in the usual order.
    """
    ingest_files(FIXTURES[::-1])
    assert [
        (name, row["id"])
        for name in ("spacecraft.json", "spacecraft_flights.json", "spacecraft_flight_358.json")
        for row in objects_of(ROOT / "fixtures" / name)
        if row["id"] == 358 and get_json(client, row["url"]) != row
    ] == []
    config = get_json(client, f"{UPSTREAM}/2.3.0/spacecraft_configurations/15/")
    assert config["height"] == 4.55


@pytest.mark.vendor_neutral
@pytest.mark.dataset("starter")
def test_served_documents_can_be_ingested(client: Client) -> None:
    """Responses in detailed mode are served identically after they are ingested into an empty database."""
    served = everything(client)
    delete_all()
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
