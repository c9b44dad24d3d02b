"""Docking events that a document of 2.2.0 tells without the station, but with the port there."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from flights.models import DockingEvent, DockingLocation, SpacecraftFlight, SpaceStation
from spacedb.ingest.ingest import ingest

pytestmark = pytest.mark.django_db

WHEN = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.fixture
def told(client: Client) -> Any:
    """The list of docking events as 2.2.0 tells it, of one event, whose station is then forgotten."""
    station = SpaceStation.objects.create(pk=4, name="Station")
    DockingEvent.objects.create(
        pk=1,
        docking=WHEN,
        docking_location=DockingLocation.objects.create(pk=1, name="Port", spacestation=station),
        flight_vehicle_chaser=SpacecraftFlight.objects.create(pk=1),
    )
    page = client.get("/2.2.0/docking_event/").json()
    assert "space_station" not in page["results"][0]
    return page


def test_an_event_is_at_the_station_of_its_port(client: Client, told: Any) -> None:
    ingest([("2.2.0", told)])
    assert DockingEvent.objects.get().space_station_target_id == 4
    assert client.get("/2.2.0/docking_event/1/").json()["space_station"]["id"] == 4
    assert client.get("/2.2.0/docking_event/", {"space_station__id": 4}).json()["count"] == 1


def test_a_station_that_is_known_stays(told: Any) -> None:
    SpaceStation.objects.create(pk=5, name="Another")
    DockingEvent.objects.update(space_station_target_id=5)
    ingest([("2.2.0", told)])
    assert DockingEvent.objects.get().space_station_target_id == 5


def test_a_station_that_is_told_counts(client: Client, told: Any) -> None:
    SpaceStation.objects.create(pk=5, name="Another")
    DockingEvent.objects.update(space_station_target_id=5)
    detail = client.get("/2.2.0/docking_event/1/").json()
    assert detail["space_station"]["id"] == 5
    DockingEvent.objects.update(space_station_target_id=None)
    ingest([("2.2.0", detail)])
    assert DockingEvent.objects.get().space_station_target_id == 5


def test_a_port_without_a_station_tells_none(told: Any) -> None:
    told["results"][0]["docking_location"] = None
    ingest([("2.2.0", told)])
    assert DockingEvent.objects.get().space_station_target_id is None
