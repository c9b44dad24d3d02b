"""Helpers that create spacecraft with flights. Times are given in days since `START`."""

import datetime as dt
from typing import Any

from flights.models import DockingEvent, Landing, Launch, LaunchStatus, SpacecraftFlight
from flights.totals import Flight
from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftConfigFamily

START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
NOW = START + dt.timedelta(days=1000)
PLANNED = (1, 2, 5, 8)
"""Ids of the statuses of future launches."""


def day(number: float) -> dt.datetime:
    return START + dt.timedelta(days=number)


def days(number: float) -> dt.timedelta:
    return dt.timedelta(days=number)


def flown(start: float, end: float | None, status: int = 3, **values: Any) -> Flight:
    return Flight(status, day(start), None if end is None else day(end), **values)


def create_spacecraft(*flights: Flight, **values: Any) -> Spacecraft:
    """Create a spacecraft with these flights and field values, such as totals from a document."""
    spacecraft = Spacecraft.objects.create(**{"name": "Nyx"} | values)
    for flight in flights:
        add_flight(spacecraft, flight)
    return spacecraft


def add_flight(spacecraft: Spacecraft, flight: Flight) -> SpacecraftFlight:
    status, _ = LaunchStatus.objects.get_or_create(pk=flight.status or 0, defaults={"name": f"Status {flight.status}"})
    launch = Launch.objects.create(name="Rocket | Nyx", status=status, net=flight.net)
    landing = Landing.objects.create(attempt=flight.attempt, success=flight.success)
    row = SpacecraftFlight.objects.create(
        spacecraft=spacecraft, launch=launch, landing=landing, mission_end=flight.mission_end
    )
    for docking, departure in flight.dockings:
        DockingEvent.objects.create(flight_vehicle_chaser=row, docking=docking, departure=departure)
    return row


def stored_totals(spacecraft: Spacecraft) -> tuple[Any, ...]:
    spacecraft.refresh_from_db()
    return (
        spacecraft.flights_count,
        spacecraft.mission_ends_count,
        spacecraft.in_space,
        spacecraft.time_in_space,
        spacecraft.time_docked,
    )


def create_groups(*spacecraft: Spacecraft, **values: Any) -> tuple[SpacecraftConfig, SpacecraftConfigFamily]:
    """Create a configuration and its family with these field values, and assign the spacecraft to them."""
    config = SpacecraftConfig.objects.create(name="Nyx", **values)
    family = SpacecraftConfigFamily.objects.create(name="Nyx", **values)
    config.family.add(family)
    Spacecraft.objects.filter(pk__in=[row.pk for row in spacecraft]).update(spacecraft_config=config)
    return config, family
