"""In space now: the spacecraft, where they are docked, their crews, and the expeditions aboard stations.

A spacecraft is in space if its total `in_space` is true, as in the list `spacecraft/?in_space=true`. So it is shown
even if its flight has not been loaded, without days, docking and crew. Its flight is the last flown one without a
`mission_end`. The spacecraft is docked if this flight has a docking event that has begun, without a departure.
docs/reference/totals.md explains the total.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max, Q

from flights.models import DockingEvent, Expedition, Launch, SpacecraftFlight, SpaceStation
from flights.totals import FLOWN, FlownStatus
from spacecraft.models import Spacecraft
from spacedb.explore.crews import Member, expedition_crews, flight_crews
from spacedb.explore.listings import detail_url, list_url, listed
from spacedb.explore.thumbnails import spacecraft_images, thumbnail

MAX_SPACECRAFT = 60
MAX_EXPEDITIONS = 20

IN_SPACE = {"in_space": "true"}
PEOPLE_IN_SPACE = {"in_space": "true", "is_human": "true"}


@dataclass
class Craft:
    """A spacecraft in space."""

    row: Spacecraft
    flight: SpacecraftFlight | None = None
    docking: DockingEvent | None = None
    crew: list[Member] = field(default_factory=list)
    days: int | None = None
    """Full days since the launch; None without a flight."""

    @property
    def url(self) -> str:
        return detail_url("spacecraft", self.row.pk)

    @property
    def thumbnail(self) -> str:
        return thumbnail(*spacecraft_images(self.row))

    @property
    def station(self) -> SpaceStation | None:
        """The station that it is docked to."""
        return station_of(self.docking) if self.docking else None

    @property
    def host(self) -> Any:
        """The other vehicle that it is docked to, if it is not a station."""
        if self.docking is None or self.station:
            return None
        target = self.docking.flight_vehicle_target
        payload_flight = self.docking.payload_flight_target
        return (target and target.spacecraft) or (payload_flight and payload_flight.payload)


@dataclass
class Stay:
    """An expedition that has not ended."""

    row: Expedition
    crew: list[Member]
    days: int | None

    @property
    def url(self) -> str:
        return detail_url("expeditions", self.row.pk)


@dataclass
class Station:
    """A station with its expeditions and the spacecraft that are docked to it."""

    row: SpaceStation
    stays: list[Stay] = field(default_factory=list)
    craft: list[Craft] = field(default_factory=list)

    @property
    def thumbnail(self) -> str:
        return thumbnail(self.row.image)


@dataclass
class InSpace:
    stations: list[Station]
    """Those with an expedition or a docked spacecraft."""
    others: list[Craft]
    """The spacecraft that are not docked to a station."""
    spacecraft_count: int
    people_count: int
    data_time: dt.datetime | None
    """When the source last changed a launch: the age of the data. None if no document had the time."""

    spacecraft_url = property(lambda self: list_url("spacecraft", **IN_SPACE))
    people_url = property(lambda self: list_url("astronauts", **PEOPLE_IN_SPACE))

    @property
    def is_complete(self) -> bool:
        """Whether all spacecraft in space are shown."""
        return self.spacecraft_count <= MAX_SPACECRAFT


def in_space(now: dt.datetime) -> InSpace:
    """What is in space at the time of the request. The number of queries is constant."""
    queryset = listed("spacecraft", IN_SPACE)
    rows = queryset.select_related("image", "spacecraft_config__image").order_by("-pk")[:MAX_SPACECRAFT]
    craft = [Craft(row) for row in rows]
    _add_flights(craft, now)
    stations: dict[int, Station] = {}
    for stay in _stays(now):
        assert stay.row.spacestation
        stations.setdefault(stay.row.spacestation.pk, Station(stay.row.spacestation)).stays.append(stay)
    others = []
    for one in sorted(craft, key=_launch_time, reverse=True):
        if one.station is None:
            others.append(one)
        else:
            stations.setdefault(one.station.pk, Station(one.station)).craft.append(one)
    return InSpace(
        stations=sorted(stations.values(), key=lambda station: -len(station.craft)),
        others=others,
        spacecraft_count=queryset.count(),
        people_count=listed("astronauts", PEOPLE_IN_SPACE).count(),
        data_time=Launch.objects.aggregate(time=Max("last_updated"))["time"],
    )


def station_of(docking: DockingEvent) -> SpaceStation | None:
    """The station at which a docking event took place, which older documents only name with the port."""
    if docking.space_station_target:
        return docking.space_station_target
    return docking.docking_location.spacestation if docking.docking_location and docking.is_at_station else None


def days_since(time: dt.datetime | None, end: dt.datetime | None) -> int | None:
    """Full days from a time to another; None if one is missing or if they are in the wrong order."""
    return (end - time).days if time and end and time <= end else None


def ended_dockings(now: dt.datetime) -> Q:
    """The condition that a docking has ended: by the departure, or without one by the end of the vehicle's flight."""
    return Q(departure__lte=now) | Q(departure=None, flight_vehicle_chaser__mission_end__lte=now)


def current(queryset: Any, now: dt.datetime) -> Any:
    """The docking events that have begun and not ended: with the departure, or with the flight of the vehicle."""
    return queryset.filter(docking__lte=now).exclude(ended_dockings(now))


def running_expeditions(now: dt.datetime) -> Any:
    """The expeditions that have begun and not ended, at stations that are still in orbit."""
    in_orbit = Q(spacestation__deorbited=None) | Q(spacestation__deorbited__gt=now.date())
    return listed("expeditions").filter(in_orbit, Q(end=None) | Q(end__gt=now), start__lte=now)


def stays(expeditions: Iterable[Expedition], now: dt.datetime) -> list[Stay]:
    """Expeditions with their crews. It takes one query for the crews."""
    rows = list(expeditions)
    crews = expedition_crews([row.pk for row in rows])
    return [Stay(row, crews.get(row.pk, []), days_since(row.start, now)) for row in rows]


def _stays(now: dt.datetime) -> list[Stay]:
    rows = running_expeditions(now).filter(spacestation__isnull=False)
    return stays(rows.select_related("spacestation__image").order_by("-start", "pk")[:MAX_EXPEDITIONS], now)


def _add_flights(craft: Iterable[Craft], now: dt.datetime) -> None:
    """Add the running flight of each spacecraft, with its docking and its crew. It takes three queries."""
    by_id = {one.row.pk: one for one in craft}
    flights = SpacecraftFlight.objects.filter(
        pk__gte=0, spacecraft__in=by_id, mission_end=None, launch__status__in=FLOWN - {FlownStatus.FAILURE}
    )
    for flight in flights.select_related("launch").order_by("launch__net", "pk"):
        assert flight.spacecraft_id is not None
        by_id[flight.spacecraft_id].flight = flight  # the last one counts
    by_flight = {one.flight.pk: one for one in by_id.values() if one.flight}
    dockings = current(DockingEvent.objects.filter(pk__gte=0, flight_vehicle_chaser__in=by_flight), now).select_related(
        "docking_location__spacestation__image",
        "space_station_target__image",
        "flight_vehicle_target__spacecraft",
        "payload_flight_target__payload",
    )
    for docking in dockings.order_by("docking", "pk"):
        by_flight[docking.flight_vehicle_chaser_id].docking = docking
    crews = flight_crews(by_flight)
    for pk, one in by_flight.items():
        one.crew = crews.get(pk, [])
        one.days = days_since(one.flight.launch.net, now) if one.flight and one.flight.launch else None


def _launch_time(craft: Craft) -> tuple[float, int]:
    launch = craft.flight.launch if craft.flight else None
    return (launch.net.timestamp() if launch and launch.net else 0, craft.row.pk)
