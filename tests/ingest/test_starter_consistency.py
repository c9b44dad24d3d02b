"""The starter catalogue is consistent at its date: docked spacecraft, crews, totals."""

import datetime as dt
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from flights.recount import recount
from tests.conftest import ROOT
from tests.endpoints import endpoints
from tests.ingest.starter import get_json, objects

DATE = dt.datetime(2026, 7, 19, 1, 42, 48, tzinfo=dt.UTC)
"""The date of the catalogue: everything that runs does so at this time."""

FLOWN = (3, 4, 6, 7, 9)
"""The ids of the launch statuses of flown flights."""

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("starter")]


def detailed(client: Client, endpoint: str) -> list[Any]:
    return objects(client, f"/2.3.0/{endpoint}/?mode=detailed&limit=100")


def names(crew: list[Any]) -> set[str]:
    return {member["astronaut"]["name"] for member in crew}


def test_documentation_contains_the_date() -> None:
    text = (ROOT / "docs" / "reference" / "starter-catalogue.md").read_text()
    assert f"{DATE:%-d %B %Y, %H:%M:%S} UTC" in text


@pytest.mark.vendor_neutral
def test_there_is_something_to_look_at(client: Client) -> None:
    kinds = ("spacecraft", "spacecraft_flights", "agencies", "astronauts", "pads", "docking_events")
    counts = {kind: get_json(client, f"/2.3.0/{kind}/")["count"] for kind in kinds}
    assert counts["spacecraft"] >= 70
    assert counts["spacecraft_flights"] >= 45
    assert counts["agencies"] + counts["astronauts"] + counts["pads"] >= 150
    assert counts["docking_events"] >= 25


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("version", ["2.3.0", "2.2.0", "2.1.0", "2.0.0"])
def test_every_endpoint_is_rendered(client: Client, version: str) -> None:
    """All objects of all endpoints, with most values."""
    rendered = {
        path: len(objects(client, f"{path}?mode=detailed&limit=100"))
        for path in endpoints()
        if path.startswith(f"/{version}/")
    }
    assert len(rendered) > 15
    assert sum(rendered.values()) > 500


def test_recount_changes_nothing() -> None:
    assert [str(change) for change in recount(now=DATE, dry_run=True).changes] == []


@pytest.mark.vendor_neutral
def test_spacecraft_are_in_space_while_a_flight_is_running(client: Client) -> None:
    running = {
        flight["spacecraft"]["id"]
        for flight in detailed(client, "spacecraft_flights")
        if flight["launch"]["status"]["id"] in FLOWN and flight["mission_end"] is None
    }
    in_space = {craft["id"] for craft in detailed(client, "spacecraft") if craft["in_space"]}
    assert in_space == running
    assert len(in_space) == 10


@pytest.mark.vendor_neutral
def test_dockings_are_within_their_flights(client: Client) -> None:
    """A spacecraft docks after its launch, and departs before the end of its flight."""
    flights = {flight["id"]: flight for flight in detailed(client, "spacecraft_flights")}
    for event in detailed(client, "docking_events"):
        flight = flights[event["flight_vehicle_chaser"]["id"]]
        assert flight["launch"]["pad"], event["url"]
        times = [flight["launch"]["net"], event["docking"], event["departure"], flight["mission_end"]]
        assert (event["departure"] is None) == (flight["mission_end"] is None), event["url"]
        times = [time or f"{DATE:%Y-%m-%dT%H:%M:%SZ}" for time in times]
        assert all(a <= b for a, b in pairwise(times)), (event["url"], times)
        assert event["space_station_target"], event["url"]


@pytest.mark.parametrize(("station", "vehicles", "crew"), [(4, 6, 10), (18, 2, 3)])
def test_stations_in_use(client: Client, station: int, vehicles: int, crew: int) -> None:
    """The docked spacecraft are at ports of the station. Their crews are those of the active expeditions."""
    page = get_json(client, f"/2.3.0/space_stations/{station}/")
    docked = [port["currently_docked"] for port in page["docking_location"] if port["currently_docked"]]
    assert page["docked_vehicles"] == len(docked) == len(page["active_docking_events"]) == vehicles
    assert all(event["flight_vehicle_chaser"]["spacecraft"]["in_space"] for event in docked)
    aboard: set[str] = set()
    for event in docked:
        flight = get_json(client, f"/2.3.0/spacecraft_flights/{event['flight_vehicle_chaser']['id']}/")
        assert names(flight["onboard_crew"]) == names(flight["launch_crew"])
        aboard |= names(flight["onboard_crew"])
    [expedition] = page["active_expeditions"]
    members = get_json(client, f"/2.3.0/expeditions/{expedition['id']}/")["crew"]
    assert [member["role"]["role"] for member in members].count("Commander") == 1
    assert names(members) == aboard
    assert page["onboard_crew"] == len(aboard) == crew


@pytest.mark.vendor_neutral
def test_astronauts_in_space_are_the_crews_on_board(client: Client) -> None:
    flights = detailed(client, "spacecraft_flights")
    aboard = {name for flight in flights for name in names(flight["onboard_crew"])}
    astronauts = {astronaut["name"]: astronaut for astronaut in detailed(client, "astronauts")}
    assert {name for name, astronaut in astronauts.items() if astronaut["in_space"]} == aboard
    for flight in flights:
        for name in names(flight["launch_crew"]):
            first, last = astronauts[name]["first_flight"], astronauts[name]["last_flight"]
            assert first <= flight["launch"]["net"] <= (last or flight["launch"]["net"]), (flight["url"], name)


@pytest.mark.vendor_neutral
def test_pads_are_on_a_map(client: Client) -> None:
    pads = detailed(client, "pads")
    assert all(-90 <= pad["latitude"] <= 90 and -180 <= pad["longitude"] <= 180 for pad in pads)
    assert all(pad["location"]["name"] for pad in pads)
    located = [place for place in objects(client, "/2.3.0/config/landing_locations/?limit=100") if place["latitude"]]
    assert len(located) >= 4


def test_a_later_recount_changes_running_flights_only(client: Client, set_time: Callable[[dt.datetime], None]) -> None:
    later = DATE + dt.timedelta(days=1)
    set_time(later)
    changes = recount(now=later, dry_run=True).changes
    assert {change.field for change in changes} == {"duration", "time_in_space", "time_docked"}
    assert len({change.instance.pk for change in changes if change.field == "duration"}) == 10
