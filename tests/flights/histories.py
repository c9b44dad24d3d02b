"""Spacecraft with histories made up for a test: flights, by the days on which they began and ended."""

import datetime as dt
from typing import Any

from flights.models import DockingEvent, Landing, Launch, LaunchStatus, SpacecraftFlight
from flights.totals import Flight
from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftConfigFamily

START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
NOW = START + dt.timedelta(days=1000)
PLANNED = (1, 2, 5, 8)


def day(number: float) -> dt.datetime:
    return START + dt.timedelta(days=number)


def days(number: float) -> dt.timedelta:
    return dt.timedelta(days=number)


def flown(start: float, end: float | None, status: int = 3, **more: Any) -> Flight:
    return Flight(status, day(start), None if end is None else day(end), **more)


def craft(*flights: Flight, **told: Any) -> Spacecraft:
    """A spacecraft with these flights and, where a document told some, these totals."""
    made = Spacecraft.objects.create(**{"name": "Nyx"} | told)
    for flight in flights:
        add(made, flight)
    return made


def add(to: Spacecraft, flight: Flight) -> SpacecraftFlight:
    status, _ = LaunchStatus.objects.get_or_create(pk=flight.status or 0, defaults={"name": f"Status {flight.status}"})
    launch = Launch.objects.create(name="Rocket | Nyx", status=status, net=flight.net)
    landing = Landing.objects.create(attempt=flight.attempt, success=flight.success)
    made = SpacecraftFlight.objects.create(
        spacecraft=to, launch=launch, landing=landing, mission_end=flight.mission_end
    )
    for docking, departure in flight.dockings:
        DockingEvent.objects.create(flight_vehicle_chaser=made, docking=docking, departure=departure)
    return made


def totals(one: Spacecraft) -> tuple[Any, ...]:
    one.refresh_from_db()
    return one.flights_count, one.mission_ends_count, one.in_space, one.time_in_space, one.time_docked


def fleet(*crafts: Spacecraft, **told: Any) -> tuple[SpacecraftConfig, SpacecraftConfigFamily]:
    config = SpacecraftConfig.objects.create(name="Nyx", **told)
    family = SpacecraftConfigFamily.objects.create(name="Nyx", **told)
    config.family.add(family)
    Spacecraft.objects.filter(pk__in=[one.pk for one in crafts]).update(spacecraft_config=config)
    return config, family
