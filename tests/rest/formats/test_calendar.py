"""Calendars: valid for two parsers, stable, and with the times that are known."""

import datetime as dt
import re
from typing import Any

import icalendar
import pytest
from django.test import Client
from ical.calendar_stream import IcsCalendarStream

from flights.models import (
    CelestialBody,
    Event,
    EventType,
    Launch,
    LaunchStatus,
    Location,
    Mission,
    NetPrecision,
    Pad,
    SpacecraftFlight,
)
from spacecraft.models import Spacecraft
from spacedb.ingest.ingest import ingest
from tests.datasets import SMALL_EXAMPLE_COUNT, example_documents
from tests.endpoints import declared_endpoints, endpoints

WITH_CALENDAR = sorted(path for path, view in endpoints().items() if view.calendar)
NET = dt.datetime(2026, 7, 31, 13, 30, tzinfo=dt.UTC)
LAUNCHES = "/2.3.0/launches/"
EVENTS = "/2.3.0/events/"
FLIGHTS = "/2.3.0/spacecraft_flights/"

pytestmark = pytest.mark.django_db


def test_endpoints() -> None:
    def names(version: str) -> list[str]:
        return [path.removeprefix(f"/{version}/") for path in WITH_CALENDAR if version in path]

    assert names("2.3.0") == [
        "events/",
        "events/previous/",
        "events/upcoming/",
        "launches/",
        "launches/previous/",
        "launches/upcoming/",
        "spacecraft_flights/",
    ]
    for version in ("2.2.0", "2.1.0", "2.0.0"):
        assert names(version) == [
            "event/",
            "event/previous/",
            "event/upcoming/",
            "launch/",
            "launch/previous/",
            "launch/upcoming/",
            "spacecraft/flight/",
        ]


def get(client: Client, path: str, **parameters: Any) -> bytes:
    response = client.get(path, {"format": "ics", **parameters})
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    body: bytes = response.content
    # Home Assistant's parser checks every property. It raises an error for invalid ones.
    [parsed] = IcsCalendarStream.from_ics(body.decode()).calendars
    assert len(parsed.events) == body.count(b"BEGIN:VEVENT\r\n")
    return body


def entries(client: Client, path: str, **parameters: Any) -> list[Any]:
    calendar: Any = icalendar.Calendar.from_ical(get(client, path, **parameters))
    assert not [error for component in calendar.walk() for error in component.errors]
    return list(calendar.events)


def uids(events: list[Any]) -> list[str]:
    return [str(event["UID"]) for event in events]


def uids_in(calendar: bytes) -> list[bytes]:
    return re.findall(rb"^UID:(.*)\r$", calendar, re.MULTILINE)


@pytest.mark.vendor_neutral
@pytest.mark.dataset("small")
@pytest.mark.parametrize("path", [path for path in WITH_CALENDAR if path in declared_endpoints()])
def test_list_and_details(client: Client, path: str) -> None:
    view = endpoints()[path]
    assert view.calendar
    objects = client.get(path, {"limit": 100}).json()["results"]
    events = entries(client, path)
    with_time = view.queryset.filter(**{f"{view.calendar.time}__isnull": False})
    expected = [str(row["id"]) for row in objects if with_time.filter(pk=row["id"]).exists()]
    assert uids(events) == [f"{view.queryset.model._meta.model_name}-{pk}@spacedb" for pk in expected]
    for event in events:
        assert {"SUMMARY", "DTSTART", "DTSTAMP", "LAST-MODIFIED", "STATUS", "URL"} <= event.keys()
        assert client.get(event["URL"]).status_code == 200
    for pk, event in zip(expected, events, strict=True):
        assert entries(client, f"{path}{pk}/") == [event]


@pytest.mark.vendor_neutral
@pytest.mark.dataset("small")
def test_uids_are_stable(client: Client) -> None:
    """They are the same in all versions and after another ingest. Without a change, the bytes are the same."""
    before = {path: get(client, path) for path in WITH_CALENDAR}
    ingest(example_documents(SMALL_EXAMPLE_COUNT, "2.3.0"))
    for path, body in before.items():
        after = get(client, path)
        assert uids_in(after) == uids_in(body)
        assert client.get(path, {"format": "ics"}).content == after
    assert len(uids_in(before[LAUNCHES])) == SMALL_EXAMPLE_COUNT
    assert uids(entries(client, LAUNCHES)) == uids(entries(client, "/2.2.0/launch/"))
    assert uids(entries(client, FLIGHTS)) == uids(entries(client, "/2.0.0/spacecraft/flight/"))


@pytest.mark.dataset("small")
def test_calendar_can_be_subscribed_to(client: Client) -> None:
    calendar: Any = icalendar.Calendar.from_ical(get(client, "/2.3.0/launches/previous/", search="é 🚀", limit=5))
    assert calendar["VERSION"] == "2.0"
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Previous Launches (search=é 🚀)"
    assert calendar["REFRESH-INTERVAL"].dt == dt.timedelta(hours=1)
    assert calendar["X-PUBLISHED-TTL"] == "PT1H"


# --- Times ------------------------------------------------------------------------------------------------------------

NAMES = {0: "Second", 2: "Hour", 3: "Morning", 5: "Day", 7: "Month", 14: "Year"}


def create_launch(precision: int | None, status: int | None = 1, **values: Any) -> Launch:
    for pk, name in NAMES.items():
        NetPrecision.objects.get_or_create(pk=pk, name=name)
    for pk in (1, 2, 3, 5, 8):
        LaunchStatus.objects.get_or_create(pk=pk, name=f"Status {pk}")
    values = {"net": NET, "name": "Rocket | Mission", **values}
    return Launch.objects.create(net_precision_id=precision, status_id=status, **values)


@pytest.mark.parametrize("precision", [0, 2, None])
def test_precise_launch(client: Client, precision: int | None) -> None:
    create_launch(precision, window_end=NET + dt.timedelta(hours=2))
    [event] = entries(client, LAUNCHES)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (NET, NET + dt.timedelta(hours=2))
    assert (event["SUMMARY"], event["STATUS"]) == ("Rocket | Mission", "CONFIRMED")


@pytest.mark.parametrize("window_end", [None, NET, NET - dt.timedelta(days=1)])
def test_launch_without_a_window(client: Client, window_end: dt.datetime | None) -> None:
    create_launch(0, window_end=window_end)
    [event] = entries(client, LAUNCHES)
    assert (event["DTSTART"].dt, event.get("DTEND")) == (NET, None)


@pytest.mark.parametrize(
    ("precision", "status", "summary"),
    [
        (3, 1, "Rocket | Mission"),
        (5, 1, "Rocket | Mission"),
        (7, 1, "Rocket | Mission (precision: Month)"),
        (14, 1, "Rocket | Mission (precision: Year)"),
        (None, 2, "Rocket | Mission"),
    ],
)
def test_imprecise_launch_is_an_all_day_entry(client: Client, precision: int | None, status: int, summary: str) -> None:
    create_launch(precision, status)
    [event] = entries(client, LAUNCHES)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (dt.date(2026, 7, 31), dt.date(2026, 8, 1))
    assert event["SUMMARY"] == summary


def test_status(client: Client) -> None:
    for hours, status in enumerate((1, 3, None, 2, 5, 8)):
        create_launch(0, status, net=NET + dt.timedelta(hours=hours))
    statuses = [event["STATUS"] for event in entries(client, LAUNCHES)]
    assert statuses == ["CONFIRMED"] * 3 + ["TENTATIVE"] * 3


def test_place_and_description(client: Client) -> None:
    for pk, name in ((1, "Earth"), (2, "Moon")):
        CelestialBody.objects.create(pk=pk, name=name)
        location = Location.objects.create(pk=pk, name=f"Port, {name}", celestial_body_id=pk)
        Pad.objects.create(pk=pk, name="Pad; 1", location=location, latitude=28.5, longitude=-80.25)
    mission = Mission.objects.create(pk=1, name="Mission", description="First line\r\nsecond\x07 line, with ; and \\")
    updated = NET - dt.timedelta(days=1, microseconds=7)
    create_launch(0, pad_id=1, mission=mission, last_updated=updated)
    create_launch(0, pad_id=2, net=NET + dt.timedelta(days=1))
    earth, moon = entries(client, LAUNCHES)
    assert (earth["LOCATION"], moon["LOCATION"]) == ("Pad; 1, Port, Earth", "Pad; 1, Port, Moon")
    assert (earth["GEO"].latitude, earth["GEO"].longitude) == (28.5, -80.25)
    assert "GEO" not in moon
    assert earth["DESCRIPTION"] == (
        "Status: Status 1\nPrecision of the time: Second\n\nFirst line\nsecond line, with ; and \\"
    )
    assert earth["DTSTAMP"].dt == earth["LAST-MODIFIED"].dt == updated.replace(microsecond=0)
    assert earth.categories == ["Launch"]


def test_event(client: Client) -> None:
    create_launch(0).delete()
    kind = EventType.objects.create(pk=1, name="Docking")
    common = {"type": kind, "location": "Station"}
    Event.objects.create(pk=1, name="A", date=NET, duration=dt.timedelta(hours=3), date_precision_id=0, **common)
    Event.objects.create(pk=2, name="B", date=NET, date_precision_id=5)
    Event.objects.create(pk=3, name="C", date=NET, date_precision_id=7)
    Event.objects.create(pk=4, name="D", date=None)
    first, second, third = entries(client, EVENTS)
    assert (first["DTSTART"].dt, first["DTEND"].dt) == (NET, NET + dt.timedelta(hours=3))
    assert (first["LOCATION"], first.categories) == ("Station", ["Docking"])
    assert (second["DTSTART"].dt, second["STATUS"]) == (dt.date(2026, 7, 31), "CONFIRMED")
    assert (third["SUMMARY"], third["STATUS"]) == ("C (precision: Month)", "TENTATIVE")
    response = client.get(f"{EVENTS}4/?format=ics")
    assert (response.status_code, response["Content-Type"]) == (404, "application/json")
    assert response.json() == {"detail": "This Event has no time, so it has no calendar entry."}


def test_flight(client: Client) -> None:
    spacecraft = Spacecraft.objects.create(pk=1, name="Ship")
    end = NET + dt.timedelta(days=10)
    for pk, (precision, mission_end) in enumerate([(0, end), (0, None), (5, end)], 1):
        launch = create_launch(precision, name=f"Launch {pk}")
        SpacecraftFlight.objects.create(
            pk=pk, spacecraft=spacecraft, launch=launch, mission_end=mission_end, destination="ISS"
        )
    SpacecraftFlight.objects.create(pk=4, spacecraft=spacecraft, launch=create_launch(0, net=None))
    ended, running, imprecise = entries(client, FLIGHTS)
    assert (ended["SUMMARY"], ended["DTSTART"].dt, ended["DTEND"].dt) == ("Ship (Launch 1)", NET, end)
    assert (running["DTSTART"].dt, running.get("DTEND")) == (NET, None)
    assert (imprecise["DTSTART"].dt, imprecise["DTEND"].dt) == (NET.date(), dt.date(2026, 8, 11))
    assert ended["DESCRIPTION"].startswith("Destination: ISS\n\nStatus: ")


@pytest.mark.parametrize("time", [dt.datetime.min, dt.datetime.max, dt.datetime(9999, 12, 31)])
@pytest.mark.parametrize("precision", [0, 5])
def test_unusual_times(client: Client, time: dt.datetime, precision: int) -> None:
    time = time.replace(tzinfo=dt.UTC)
    create_launch(precision, net=time, window_end=time)
    Event.objects.create(pk=1, name="A", date=time, duration=dt.timedelta(days=9), date_precision_id=precision)
    for path in (LAUNCHES, EVENTS):
        [event] = entries(client, path)
        assert event["DTSTART"].dt == (time.date() if precision else time.replace(microsecond=0))


def test_number_of_entries(client: Client) -> None:
    """Calendar programs do not request a second page, so a calendar has up to 100 entries by default."""
    Event.objects.bulk_create(Event(pk=n + 1, name=f"Event {n}", date=NET) for n in range(101))
    assert len(entries(client, EVENTS)) == len(entries(client, EVENTS, limit="all")) == 100
    assert len(entries(client, EVENTS, limit=3)) == 3
    assert 'rel="next"' in client.get(f"{EVENTS}?format=ics")["Link"]
