"""The dashboard: one object, derived from a program and the current time."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from flights.models import Event, Launch, Launcher, LauncherConfig, Program, SpacecraftFlight, Update
from spacecraft.models import Spacecraft
from spacedb.ingest.ingest import ingest
from spacedb.revision.triggers import change_revision
from tests.endpoints import indented, modes_of_single_objects, single_objects
from tests.examples import DAY, FIRST_MOMENT, HOST, dashboard

PATH = "/2.3.0/dashboard/starship/"
NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
MODES = modes_of_single_objects()
EMPTY: dict[str, list[Any]] = {"launches": [], "events": []}

pytestmark = pytest.mark.django_db


def get(client: Client, path: str = PATH) -> Any:
    response = client.get(path)
    assert response.status_code == 200, response.content
    return response.json()


def list_document() -> dict[str, Any]:
    """Return a dashboard of 2.3.0 in the mode `list`, with one upcoming and one previous launch and event."""
    return dashboard(single_objects()[PATH].modes["list"], upcoming=1, previous=1)


# --- Ingest -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "mode"), MODES)
def test_a_dashboard_is_served_as_it_was_ingested(
    client: Client, set_time: Callable[[dt.datetime], None], path: str, mode: str
) -> None:
    document = dashboard(single_objects()[path].modes[mode], upcoming=2, previous=1)
    summary = ingest([("dashboard.json", document)])
    assert summary.warnings == []
    set_time(FIRST_MOMENT + 2 * DAY)
    assert indented(get(client, f"{path}?mode={mode}")) == indented(document)


def test_a_list_with_one_dashboard_is_accepted(client: Client) -> None:
    """The official document describes a list."""
    document = list_document()
    ingest([("dashboard.json", [document])])
    assert get(client)["road_closures"] == document["road_closures"]


def test_the_last_document_replaces_notices_road_closures_and_live_streams(client: Client) -> None:
    document = list_document()
    ingest([("1.json", document)])
    later = document["road_closures"][0] | {"id": 7}
    ingest([("2.json", document | {"notices": [], "road_closures": [later], "live_streams": []})])
    body = get(client)
    assert [body[key] for key in ("notices", "road_closures", "live_streams")] == [[], [later], []]
    assert len(body["updates"]) == 1


@pytest.mark.parametrize("part", ["upcoming", "previous"])
@pytest.mark.parametrize("value", [None, [], "soon"])
def test_a_part_that_is_no_object_is_reported(client: Client, part: str, value: Any) -> None:
    document = list_document() | {part: value}
    [warning] = ingest([("dashboard.json", document)]).warnings
    assert (warning.path, warning.reason.startswith("Expected an object, got")) == (part, True)
    assert len(get(client)["notices"]) == 1


def test_the_last_dashboard_of_a_list_applies(client: Client) -> None:
    document = list_document()
    assert ingest([("list", [document, document | {"road_closures": []}])]).warnings == []
    assert get(client)["road_closures"] == []


def test_deleted_parts_are_counted(client: Client) -> None:
    document = list_document()
    assert ingest([("1.json", document)]).deleted == {}
    summary = ingest([("2.json", document | {"road_closures": [], "notices": []})])
    assert summary.deleted == {"Notices": 1, "Road Closures": 1}


def test_an_empty_dashboard_creates_no_program(client: Client) -> None:
    document = list_document()
    lists: dict[str, list[Any]] = {key: [] for key, value in document.items() if isinstance(value, list)}
    empty = document | lists | {"upcoming": EMPTY, "previous": EMPTY}
    ingest([("empty.json", empty)])
    assert not Program.objects.exists()
    ingest([("1.json", document), ("empty.json", empty)])
    assert get(client)["road_closures"] == []


def test_an_empty_live_stream_is_reported(client: Client) -> None:
    document = list_document() | {"live_streams": [{}]}
    [warning] = ingest([("1.json", document)]).warnings
    assert warning.reason == "Expected an object with values. Not stored."
    assert get(client)["live_streams"] == []


def test_programs_of_launches_take_precedence(client: Client) -> None:
    """A launch that belongs to another program is not added to that of the dashboard."""
    document = dashboard(single_objects()[PATH].modes["normal"], upcoming=1, previous=1)
    [launch], [event] = document["previous"]["launches"], document["previous"]["events"]
    launch["program"][0]["id"] = 7
    ingest([("dashboard.json", document)])
    previous = get(client)["previous"]
    assert launch["id"] not in {row["id"] for row in previous["launches"]}
    assert event["id"] in {row["id"] for row in previous["events"]}


# --- Content ----------------------------------------------------------------------------------------------------------


def test_the_dashboard_of_an_empty_database_is_empty(client: Client) -> None:
    for path, _ in MODES:
        body = get(client, path)
        assert (body["upcoming"], body["previous"]) == (EMPTY, EMPTY)
        assert all(body[key] == [] for key in body.keys() - {"response_mode", "upcoming", "previous"})


EXPECTED_NAMES = {
    "upcoming": {"launches": ["by configuration", "later"], "events": ["now"]},
    "previous": {"launches": ["past"], "events": ["long before", "before"]},
}


def test_launches_and_events_of_the_program_and_of_its_configurations(
    client: Client, set_time: Callable[[dt.datetime], None]
) -> None:
    set_time(NOW)
    program = Program.objects.create(pk=Program.STARSHIP, name="SpaceX Starship")
    other = Program.objects.create(pk=2, name="Other")
    configuration = LauncherConfig.objects.create(name="Starship")
    configuration.program.add(program)
    launches = [
        Launch.objects.create(name=name, net=net, **related)
        for name, net, related in (
            ("later", NOW + 2 * DAY, {}),
            ("past", NOW - DAY, {}),
            ("by configuration", NOW + DAY, {"configuration": configuration}),
            ("unrelated", NOW, {}),
            ("without a NET", None, {}),
        )
    ]
    for launch in (launches[0], launches[1], launches[4]):
        launch.program.add(program)
    launches[3].program.add(other)
    for pk, (name, date) in enumerate([("now", NOW), ("before", NOW - DAY), ("long before", NOW - 2 * DAY)], start=1):
        Event.objects.create(pk=pk, name=name, date=date).program.add(program)
    Event.objects.create(pk=9, name="unrelated", date=NOW).program.add(other)
    body = get(client)
    names = {part: {key: [row["name"] for row in rows] for key, rows in body[part].items()} for part in EXPECTED_NAMES}
    assert names == EXPECTED_NAMES


def test_vehicles_and_orbiters_are_derived_and_added(client: Client) -> None:
    program = Program.objects.create(pk=Program.STARSHIP, name="SpaceX Starship")
    configuration = LauncherConfig.objects.create(name="Starship")
    configuration.program.add(program)
    Launcher.objects.create(pk=1, serial_number="B7", launcher_config=configuration)
    program.vehicles.add(Launcher.objects.create(pk=2, serial_number="B4"))
    launch = Launch.objects.create(name="Flight 1")
    launch.program.add(program)
    SpacecraftFlight.objects.create(pk=1, launch=launch, spacecraft=Spacecraft.objects.create(pk=1, name="S24"))
    program.orbiters.add(Spacecraft.objects.create(pk=2, name="S20"))
    body = get(client)
    assert {row["serial_number"] for row in body["vehicles"]} == {"B7", "B4"}
    assert {row["name"] for row in body["orbiters"]} == {"S24", "S20"}


def test_updates_are_those_of_the_program(client: Client) -> None:
    program = Program.objects.create(pk=Program.STARSHIP, name="SpaceX Starship")
    for pk, days in ((1, 1), (2, 3), (3, 2)):
        Update.objects.create(pk=pk, program=program, created_on=NOW + days * DAY)
    Update.objects.create(pk=4, created_on=NOW)
    assert [row["id"] for row in get(client)["updates"]] == [2, 3, 1]


# --- Time and modes ---------------------------------------------------------------------------------------------------


def test_a_launch_becomes_previous_at_its_net(client: Client, set_time: Callable[[dt.datetime], None]) -> None:
    """The response changes although the data do not, and so does its ETag."""
    program = Program.objects.create(pk=Program.STARSHIP, name="SpaceX Starship")
    launch = Launch.objects.create(name="Flight 1", net=NOW)
    launch.program.add(program)
    set_time(NOW - DAY)
    before = client.get(PATH)
    assert before.json()["upcoming"]["launches"]
    assert client.get(PATH, headers={"if-none-match": before["ETag"]}).status_code == 304
    set_time(NOW + DAY)
    after = client.get(PATH, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert (after.json()["upcoming"]["launches"], len(after.json()["previous"]["launches"])) == ([], 1)


@pytest.mark.parametrize("path", ["/2.3.0/events/upcoming/", "/2.3.0/launches/upcoming/", PATH])
def test_the_last_possible_time(client: Client, path: str) -> None:
    """Adding 24 hours to it would overflow."""
    last = dt.datetime.max.replace(tzinfo=dt.UTC)
    Event.objects.create(name="Far", date=last)
    Launch.objects.create(name="Far", net=last)
    get(client, path)


def test_modes(client: Client) -> None:
    assert [
        get(client, f"{PATH}?mode={mode}")["response_mode"] for mode in ("list", "normal", "detailed", "x", "")
    ] == [
        "list",
        "normal",
        "detailed",
        "normal",
        "normal",
    ]


def test_page_of_the_browsable_api(client: Client) -> None:
    page = client.get(PATH, headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "<h1>Starship Dashboard</h1>" in page.text
    assert "limit" not in page.text.split('<div class="help">')[1].split("</div>")[0]
    older = client.get("/2.2.0/dashboard/starship/", headers={"accept": "text/html"}).text
    assert "API endpoint that allows the Starship Dashboard to be viewed." in older
    assert "GET: Return the Starship Dashboard." in older
    assert client.get(f"{PATH}1/").status_code == 404


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(("path", "mode"), MODES)
def test_the_number_of_queries_does_not_grow(client: Client, path: str, mode: str) -> None:
    def counts() -> Iterator[int]:
        for number in (1, 3):
            ingest([("1.json", dashboard(single_objects()[path].modes[mode], number, number))])
            change_revision()
            with CaptureQueriesContext(connection) as queries:
                get(client, f"{path}?mode={mode}")
            yield len(queries)

    assert len(set(counts())) == 1


@pytest.mark.parametrize("query", ["?format=json", "?format=api"])
def test_urls_contain_the_format(client: Client, query: str) -> None:
    ingest([("1.json", dashboard(single_objects()[PATH].modes["normal"], 1, 1))])
    body = client.get(f"{PATH}{query}").data  # type: ignore[attr-defined]
    text = json.dumps(body, default=str)
    assert text.count(f'"{HOST}/2.3.0/') == text.count(f'/{query}"') > 0
