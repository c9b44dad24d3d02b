"""Edits in the admin, and the totals that follow from them."""

from typing import Any

import pytest
from django.test import Client

from flights.models import DockingEvent, Landing, Launch, LaunchStatus, SpacecraftFlight, SpaceStation
from flights.recount import recount
from spacecraft.models import Spacecraft, SpacecraftConfig
from tests.admin_forms import address, save
from tests.flights.histories import NOW, add, craft, day, days, fleet, flown, totals


@pytest.fixture
def known(db: None) -> Spacecraft:
    """A spacecraft with two flights and its configuration, all known and counted; with another one, never counted."""
    one = craft(
        flown(0, 10, dockings=((day(1), day(4)),), attempt=True, success=True), flown(13, 20), pk=1, flights_count=2
    )
    fleet(one, pk=1, total_launch_count=2)
    recount(now=NOW)
    craft(flown(0, 10), name="Another")
    one.refresh_from_db()
    return one


def config_total(name: str) -> Any:
    return SpacecraftConfig.objects.values_list(name, flat=True).get()


def test_admin_flight(admin_client: Client, known: Spacecraft) -> None:
    flight = known.flights.order_by("pk")[0]
    save(admin_client, address(SpacecraftFlight, "change", flight.pk), mission_end_0="2020-01-12")
    flight.refresh_from_db()
    assert flight.duration == days(11)
    assert totals(known)[3] == days(18)
    assert known.fastest_turnaround == config_total("fastest_turnaround") == days(2)
    assert Spacecraft.objects.get(name="Another").flights_count is None


def test_admin_new_flight(admin_client: Client, known: Spacecraft) -> None:
    status = LaunchStatus.objects.get(pk=3)
    launch = Launch.objects.create(name="Rocket | Nyx", status=status, net=day(30))
    url = address(SpacecraftFlight, "add")
    save(admin_client, url, spacecraft=known.pk, launch=launch.pk, mission_end_0="2020-02-05", mission_end_1="00:00")
    assert totals(known)[:4] == (3, 3, False, days(22))
    assert known.flights.latest("pk").turn_around_time == days(10)
    assert config_total("total_launch_count") == 3


def test_admin_flight_that_moves_to_another_spacecraft(admin_client: Client, known: Spacecraft) -> None:
    other = Spacecraft.objects.get(name="Another")
    flight = known.flights.order_by("pk")[1]
    save(admin_client, address(SpacecraftFlight, "change", flight.pk), spacecraft=other.pk)
    assert (totals(known)[0], totals(other)[0]) == (1, 2)
    assert config_total("total_launch_count") == 1


def test_admin_docking(admin_client: Client, known: Spacecraft) -> None:
    event = DockingEvent.objects.get()
    save(admin_client, address(DockingEvent, "change", event.pk), departure_0="2020-01-04")
    assert totals(known)[4] == days(2)  # not kept, though a document told of three
    flight = known.flights.order_by("pk")[1]
    save(
        admin_client,
        address(DockingEvent, "add"),
        **{"flight_vehicle_chaser": flight.pk, "docking_0": "2020-01-15", "docking_1": "00:00"},
        **{"departure_0": "2020-01-16", "departure_1": "00:00"},
    )
    assert totals(known)[4] == days(3)


def test_admin_docking_that_is_told_of_late(admin_client: Client, known: Spacecraft) -> None:
    """Six days were told, dockings of three are here. With one of two in the other flight they are all here."""
    Spacecraft.objects.filter(pk=known.pk).update(time_docked=days(6))
    event = DockingEvent.objects.get()
    save(admin_client, address(DockingEvent, "change", event.pk), departure_0="2020-01-06")
    assert totals(known)[4] == days(6)
    save(admin_client, address(DockingEvent, "change", event.pk), departure_0="2020-01-05")
    flight = known.flights.order_by("pk")[1]
    times = {"docking_0": "2020-01-15", "docking_1": "00:00", "departure_0": "2020-01-17", "departure_1": "00:00"}
    save(admin_client, address(DockingEvent, "add"), flight_vehicle_chaser=flight.pk, **times)
    assert totals(known)[4] == days(5)
    save(admin_client, address(DockingEvent, "change", DockingEvent.objects.latest("pk").pk), departure_0="2020-01-16")
    assert totals(known)[4] == days(4)


def test_admin_landing(admin_client: Client, known: Spacecraft) -> None:
    landing = Landing.objects.get(success=True)
    save(admin_client, address(Landing, "change", landing.pk), success="false")
    assert (config_total("successful_landings"), config_total("failed_landings")) == (0, 1)


def test_admin_launch(admin_client: Client, known: Spacecraft) -> None:
    launch = Launch.objects.get(net=day(13))
    planned = LaunchStatus.objects.create(pk=2, name="To Be Determined")
    save(admin_client, address(Launch, "change", launch.pk), status=planned.pk)
    assert totals(known)[:4] == (1, 1, False, days(10))


def test_admin_deletes(admin_client: Client, known: Spacecraft) -> None:
    """One by one, several together, and what others take along."""
    flights = list(known.flights.order_by("pk"))
    admin_client.post(address(SpacecraftFlight, "delete", flights[0].pk), {"post": "yes"})
    assert totals(known) == (1, 1, False, days(7), days(0))
    assert known.flights.get().turn_around_time is None
    assert config_total("total_launch_count") == 1

    chosen = {"action": "delete_selected", "_selected_action": [flights[1].pk], "post": "yes"}
    admin_client.post(address(SpacecraftFlight, "changelist"), chosen)
    assert totals(known) == (0, 0, False, days(0), days(0))

    station = SpaceStation.objects.create(name="Mir")
    flight = add(known, flown(0, 10))
    DockingEvent.objects.create(
        flight_vehicle_chaser=flight, space_station_target=station, docking=day(1), departure=day(4)
    )
    recount(now=NOW)
    assert totals(known)[4] == days(3)
    admin_client.post(address(SpaceStation, "delete", station.pk), {"post": "yes"})
    assert totals(known)[4] == days(0)
    assert flight.launch is not None
    admin_client.post(address(Launch, "delete", flight.launch.pk), {"post": "yes"})
    assert totals(known)[0] == 0


def test_admin_deletes_a_spacecraft(admin_client: Client, known: Spacecraft) -> None:
    """One that another was docked at: with it goes the docking, and its flights from those of its configuration."""
    target = add(craft(flown(0, 10), pk=2, flights_count=1, spacecraft_config_id=1), flown(30, 40))
    docking = DockingEvent.objects.get()
    docking.flight_vehicle_target = target
    docking.save()
    recount(now=NOW)
    assert (config_total("total_launch_count"), totals(known)[4]) == (4, days(3))
    admin_client.post(address(Spacecraft, "delete", 2), {"post": "yes"})
    assert (config_total("total_launch_count"), totals(known)[4]) == (2, days(0))


def test_admin_leaves_alone_what_is_not_known(admin_client: Client, known: Spacecraft) -> None:
    Spacecraft.objects.filter(pk=known.pk).update(flights_count=5, mission_ends_count=5)
    flight = known.flights.order_by("pk")[0]
    save(admin_client, address(SpacecraftFlight, "change", flight.pk), mission_end_0="2020-01-12")
    assert totals(known)[:4] == (5, 5, False, days(17))


def test_admin_leaves_alone_what_was_not_touched(admin_client: Client, known: Spacecraft) -> None:
    Spacecraft.objects.update(time_in_space=days(99))
    flight = known.flights.order_by("pk")[0]
    save(admin_client, address(SpacecraftFlight, "change", flight.pk), destination="The Moon")
    assert totals(known)[3] == days(99)
