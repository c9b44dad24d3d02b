"""Documents of 2.2.0 with docking events that have no station, but a port of a station."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from flights.models import DockingEvent, DockingLocation, SpacecraftFlight, SpaceStation
from spacedb.ingest.ingest import ingest

pytestmark = pytest.mark.django_db

WHEN = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.fixture
def page(client: Client) -> Any:
    """Return a list of one docking event in 2.2.0. The station is not stored."""
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


def test_an_event_is_at_the_station_of_its_port(client: Client, page: Any) -> None:
    ingest([("2.2.0", page)])
    assert DockingEvent.objects.get().space_station_target_id == 4
    assert client.get("/2.2.0/docking_event/1/").json()["space_station"]["id"] == 4
    assert client.get("/2.2.0/docking_event/", {"space_station__id": 4}).json()["count"] == 1


def test_a_stored_station_is_not_replaced(page: Any) -> None:
    SpaceStation.objects.create(pk=5, name="Another")
    DockingEvent.objects.update(space_station_target_id=5)
    ingest([("2.2.0", page)])
    assert DockingEvent.objects.get().space_station_target_id == 5


def test_a_station_in_the_document_takes_precedence(client: Client, page: Any) -> None:
    SpaceStation.objects.create(pk=5, name="Another")
    DockingEvent.objects.update(space_station_target_id=5)
    detail = client.get("/2.2.0/docking_event/1/").json()
    assert detail["space_station"]["id"] == 5
    DockingEvent.objects.update(space_station_target_id=None)
    ingest([("2.2.0", detail)])
    assert DockingEvent.objects.get().space_station_target_id == 5


def test_without_a_port_there_is_no_station(page: Any) -> None:
    page["results"][0]["docking_location"] = None
    ingest([("2.2.0", page)])
    assert DockingEvent.objects.get().space_station_target_id is None
