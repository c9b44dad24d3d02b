"""Recounts after edits in the admin."""

from typing import Any

import pytest
from django.test import Client

from flights.models import DockingEvent, Landing, Launch, LaunchStatus, SpacecraftFlight, SpaceStation
from flights.recount import recount
from spacecraft.models import Spacecraft, SpacecraftConfig
from tests.admin_forms import admin_url, save
from tests.flights.histories import NOW, add_flight, create_groups, create_spacecraft, day, days, flown, stored_totals


@pytest.fixture
def spacecraft(db: None) -> Spacecraft:
    """Create a complete, recounted spacecraft with two flights, and another spacecraft without a recount."""
    spacecraft = create_spacecraft(
        flown(0, 10, dockings=((day(1), day(4)),), attempt=True, success=True), flown(13, 20), pk=1, flights_count=2
    )
    create_groups(spacecraft, pk=1, total_launch_count=2)
    recount(now=NOW)
    create_spacecraft(flown(0, 10), name="Another")
    spacecraft.refresh_from_db()
    return spacecraft


def config_total(name: str) -> Any:
    return SpacecraftConfig.objects.values_list(name, flat=True).get()


def test_admin_flight(admin_client: Client, spacecraft: Spacecraft) -> None:
    flight = spacecraft.flights.order_by("pk")[0]
    save(admin_client, admin_url(SpacecraftFlight, "change", flight.pk), mission_end_0="2020-01-12")
    flight.refresh_from_db()
    assert flight.duration == days(11)
    assert stored_totals(spacecraft)[3] == days(18)
    assert spacecraft.fastest_turnaround == config_total("fastest_turnaround") == days(2)
    assert Spacecraft.objects.get(name="Another").flights_count is None


def test_admin_new_flight(admin_client: Client, spacecraft: Spacecraft) -> None:
    status = LaunchStatus.objects.get(pk=3)
    launch = Launch.objects.create(name="Rocket | Nyx", status=status, net=day(30))
    url = admin_url(SpacecraftFlight, "add")
    save(
        admin_client, url, spacecraft=spacecraft.pk, launch=launch.pk, mission_end_0="2020-02-05", mission_end_1="00:00"
    )
    assert stored_totals(spacecraft)[:4] == (3, 3, False, days(22))
    assert spacecraft.flights.latest("pk").turn_around_time == days(10)
    assert config_total("total_launch_count") == 3


def test_admin_flight_that_moves_to_another_spacecraft(admin_client: Client, spacecraft: Spacecraft) -> None:
    other = Spacecraft.objects.get(name="Another")
    flight = spacecraft.flights.order_by("pk")[1]
    save(admin_client, admin_url(SpacecraftFlight, "change", flight.pk), spacecraft=other.pk)
    assert (stored_totals(spacecraft)[0], stored_totals(other)[0]) == (1, 2)
    assert config_total("total_launch_count") == 1


def test_admin_spacecraft_that_moves_to_another_configuration(admin_client: Client, spacecraft: Spacecraft) -> None:
    other = SpacecraftConfig.objects.create(name="Other", total_launch_count=0)
    save(admin_client, admin_url(Spacecraft, "change", spacecraft.pk), spacecraft_config=other.pk)
    counts = SpacecraftConfig.objects.order_by("pk").values_list("total_launch_count", "spacecraft_flown")
    assert list(counts) == [(0, 0), (2, 1)]


def test_admin_flights_on_the_page_of_their_spacecraft(admin_client: Client, spacecraft: Spacecraft) -> None:
    url = admin_url(Spacecraft, "change", spacecraft.pk)
    save(admin_client, url, **{"flights-1-DELETE": "on", "flights-0-mission_end_0": "2020-01-12"})
    assert stored_totals(spacecraft)[:4] == (1, 1, False, days(11))


def test_admin_totals_that_an_editor_enters(admin_client: Client, spacecraft: Spacecraft) -> None:
    save(admin_client, admin_url(Spacecraft, "change", spacecraft.pk), flights_count="7")
    assert stored_totals(spacecraft)[0] == 7


def test_admin_docking(admin_client: Client, spacecraft: Spacecraft) -> None:
    event = DockingEvent.objects.get()
    save(admin_client, admin_url(DockingEvent, "change", event.pk), departure_0="2020-01-04")
    assert stored_totals(spacecraft)[4] == days(2)  # not the three days from the document
    flight = spacecraft.flights.order_by("pk")[1]
    save(
        admin_client,
        admin_url(DockingEvent, "add"),
        **{"flight_vehicle_chaser": flight.pk, "docking_0": "2020-01-15", "docking_1": "00:00"},
        **{"departure_0": "2020-01-16", "departure_1": "00:00"},
    )
    assert stored_totals(spacecraft)[4] == days(3)


def test_admin_docking_that_is_added_late(admin_client: Client, spacecraft: Spacecraft) -> None:
    """The stored total is six days, and the stored dockings add up to three. The added docking completes them."""
    Spacecraft.objects.filter(pk=spacecraft.pk).update(time_docked=days(6))
    event = DockingEvent.objects.get()
    save(admin_client, admin_url(DockingEvent, "change", event.pk), departure_0="2020-01-06")
    assert stored_totals(spacecraft)[4] == days(6)
    save(admin_client, admin_url(DockingEvent, "change", event.pk), departure_0="2020-01-05")
    flight = spacecraft.flights.order_by("pk")[1]
    times = {"docking_0": "2020-01-15", "docking_1": "00:00", "departure_0": "2020-01-17", "departure_1": "00:00"}
    save(admin_client, admin_url(DockingEvent, "add"), flight_vehicle_chaser=flight.pk, **times)
    assert stored_totals(spacecraft)[4] == days(5)
    added = DockingEvent.objects.latest("pk")
    save(admin_client, admin_url(DockingEvent, "change", added.pk), departure_0="2020-01-16")
    assert stored_totals(spacecraft)[4] == days(4)


def test_admin_landing(admin_client: Client, spacecraft: Spacecraft) -> None:
    landing = Landing.objects.get(success=True)
    save(admin_client, admin_url(Landing, "change", landing.pk), success="false")
    assert (config_total("successful_landings"), config_total("failed_landings")) == (0, 1)


def test_admin_launch(admin_client: Client, spacecraft: Spacecraft) -> None:
    launch = Launch.objects.get(net=day(13))
    planned = LaunchStatus.objects.create(pk=2, name="To Be Determined")
    save(admin_client, admin_url(Launch, "change", launch.pk), status=planned.pk)
    assert stored_totals(spacecraft)[:4] == (1, 1, False, days(10))


def test_admin_deletes(admin_client: Client, spacecraft: Spacecraft) -> None:
    """A single deletion, a bulk deletion and cascades."""
    flights = list(spacecraft.flights.order_by("pk"))
    admin_client.post(admin_url(SpacecraftFlight, "delete", flights[0].pk), {"post": "yes"})
    assert stored_totals(spacecraft) == (1, 1, False, days(7), days(0))
    assert spacecraft.flights.get().turn_around_time is None
    assert config_total("total_launch_count") == 1

    action = {"action": "delete_selected", "_selected_action": [flights[1].pk], "post": "yes"}
    admin_client.post(admin_url(SpacecraftFlight, "changelist"), action)
    assert stored_totals(spacecraft) == (0, 0, False, days(0), days(0))

    station = SpaceStation.objects.create(name="Mir")
    flight = add_flight(spacecraft, flown(0, 10))
    DockingEvent.objects.create(
        flight_vehicle_chaser=flight, space_station_target=station, docking=day(1), departure=day(4)
    )
    recount(now=NOW)
    assert stored_totals(spacecraft)[4] == days(3)
    admin_client.post(admin_url(SpaceStation, "delete", station.pk), {"post": "yes"})
    assert stored_totals(spacecraft)[4] == days(0)
    assert flight.launch is not None
    admin_client.post(admin_url(Launch, "delete", flight.launch.pk), {"post": "yes"})
    assert stored_totals(spacecraft)[0] == 0


def test_admin_deletes_a_spacecraft(admin_client: Client, spacecraft: Spacecraft) -> None:
    """Deleting a docking target deletes the docking, and the flights no longer count for the configuration."""
    target = add_flight(create_spacecraft(flown(0, 10), pk=2, flights_count=1, spacecraft_config_id=1), flown(30, 40))
    docking = DockingEvent.objects.get()
    docking.flight_vehicle_target = target
    docking.save()
    recount(now=NOW)
    assert (config_total("total_launch_count"), stored_totals(spacecraft)[4]) == (4, days(3))
    admin_client.post(admin_url(Spacecraft, "delete", 2), {"post": "yes"})
    assert (config_total("total_launch_count"), stored_totals(spacecraft)[4]) == (2, days(0))


def test_admin_does_not_change_totals_of_incomplete_spacecraft(admin_client: Client, spacecraft: Spacecraft) -> None:
    Spacecraft.objects.filter(pk=spacecraft.pk).update(flights_count=5, mission_ends_count=5)
    flight = spacecraft.flights.order_by("pk")[0]
    save(admin_client, admin_url(SpacecraftFlight, "change", flight.pk), mission_end_0="2020-01-12")
    assert stored_totals(spacecraft)[:4] == (5, 5, False, days(17))


def test_admin_does_not_change_totals_that_are_not_affected(admin_client: Client, spacecraft: Spacecraft) -> None:
    Spacecraft.objects.update(time_in_space=days(99))
    flight = spacecraft.flights.order_by("pk")[0]
    save(admin_client, admin_url(SpacecraftFlight, "change", flight.pk), destination="The Moon")
    assert stored_totals(spacecraft)[3] == days(99)
