"""Space stations: what is docked at their ports, the crews, the expeditions, and past dockings."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import F, Q
from django.http import Http404

from flights.models import DockingEvent, DockingLocation, SpaceStation
from spacedb.catalogue.pictures import image_url
from spacedb.explore.crews import Member, flight_crews
from spacedb.explore.in_space import Stay, current, days_since, ended_dockings, running_expeditions, stays
from spacedb.explore.listings import detail_url, list_url, listed
from spacedb.explore.thumbnails import spacecraft_images, thumbnail

MAX_STATIONS = 60
MAX_PORTS = 100
MAX_DOCKED = 100
MAX_PAST = 50
"""Maximum number of past dockings and of past expeditions."""


class ListedStation(NamedTuple):
    """A station in the list of stations."""

    row: SpaceStation
    thumbnail: str


class Owner(NamedTuple):
    """An agency that owns a station."""

    name: str
    url: str


class Vehicle(NamedTuple):
    """The vehicle of a docking event."""

    name: str
    url: str
    thumbnail: str = ""


@dataclass
class Docking:
    """A docking event, with the crew of its vehicle."""

    row: DockingEvent
    vehicle: Vehicle
    crew: list[Member]
    days: int | None
    """Full days from the docking until now or to the departure; None if the departure is unknown."""

    @property
    def url(self) -> str:
        return detail_url("docking_events", self.row.pk)


class Port(NamedTuple):
    """A port, with what is docked there; the dockings of which no port is stored have one without a name."""

    name: str
    dockings: list[Docking]


class StationPage(NamedTuple):
    """A station with everything that its page shows."""

    row: SpaceStation
    owners: list[Owner]
    ports: list[Port]
    active_expeditions: list[Stay]
    past_expeditions: list[Stay]
    past_dockings: list[Docking]
    more_expeditions: bool
    more_dockings: bool

    @property
    def api_url(self) -> str:
        return detail_url("space_stations", self.row.pk)

    @property
    def image(self) -> str:
        """The URL of its image; empty if it has none that browsers load."""
        return image_url(self.row.image.image_url) if self.row.image else ""

    @property
    def license_url(self) -> str:
        """The URL of the license of the image; empty if there is none that is a link."""
        url = self.row.image.license.link if self.row.image and self.row.image.license else None
        return url if url and url.startswith(("https://", "http://")) else ""

    @property
    def docked_count(self) -> int:
        return sum(len(port.dockings) for port in self.ports)

    @property
    def free_ports(self) -> list[str]:
        """The names of the ports at which nothing is docked."""
        return [port.name for port in self.ports if not port.dockings]

    @property
    def dockings_url(self) -> str:
        return list_url("docking_events", space_station_target__id=self.row.pk, ordering="-docking")

    @property
    def expeditions_url(self) -> str:
        return list_url("expeditions", space_station=self.row.pk)


def stations() -> list[ListedStation]:
    """The stations, the newest first."""
    queryset = listed("space_stations").select_related("image", "status")
    rows = queryset.order_by(F("founded").desc(nulls_last=True), "pk")[:MAX_STATIONS]
    return [ListedStation(row, thumbnail(row.image)) for row in rows]


def station_page(pk: int, now: dt.datetime) -> StationPage:
    """The page of a station. The number of queries is constant. Raises `Http404` if there is no such station."""
    related = ("image__license", "status", "type", "orbit")
    station = listed("space_stations").filter(pk=pk).select_related(*related).first()
    if station is None:
        raise Http404(f"There is no space station with the id {pk}.")
    events = _events_at(station)
    docked = list(current(events, now).order_by("-docking", "pk")[:MAX_DOCKED])
    past = list(events.filter(ended_dockings(now)).order_by("-docking", "pk")[: MAX_PAST + 1])
    crews = flight_crews([row.flight_vehicle_chaser_id for row in docked if row.flight_vehicle_chaser_id is not None])
    expeditions = listed("expeditions").filter(spacestation=station)
    active = running_expeditions(now).filter(spacestation=station).order_by("-start", "pk")
    ended = list(expeditions.filter(end__lte=now).order_by("-start", "pk")[: MAX_PAST + 1])
    running = list(active[:MAX_PAST])
    all_stays = stays([*running, *ended[:MAX_PAST]], now)
    owners = station.owners.order_by("name", "pk")
    return StationPage(
        station,
        [Owner(owner.name, detail_url("agencies", owner.pk) if owner.pk >= 0 else "") for owner in owners],
        _ports(
            station,
            [
                Docking(row, _vehicle(row), crews.get(row.flight_vehicle_chaser_id, []), days_since(row.docking, now))
                for row in docked
            ],
        ),
        all_stays[: len(running)],
        all_stays[len(running) :],
        [Docking(row, _vehicle(row), [], days_since(row.docking, row.departure)) for row in past[:MAX_PAST]],
        len(ended) > MAX_PAST,
        len(past) > MAX_PAST,
    )


def _events_at(station: SpaceStation) -> Any:
    """The docking events at a station. Older documents only name it with the port."""
    by_port = Q(DockingEvent.at_stations(), space_station_target=None, docking_location__spacestation=station)
    return (
        listed("docking_events")
        .filter(by_port | Q(space_station_target=station))
        .select_related(
            "docking_location",
            "flight_vehicle_chaser__spacecraft__image",
            "flight_vehicle_chaser__spacecraft__spacecraft_config__image",
            "flight_vehicle_chaser__launch",
            "space_station_chaser__image",
            "payload_flight_chaser__payload",
        )
    )


def _vehicle(event: DockingEvent) -> Vehicle:
    if flight := event.flight_vehicle_chaser:
        craft = flight.spacecraft
        url = detail_url("spacecraft_flights", flight.pk) if flight.pk >= 0 else ""
        return Vehicle(craft.name if craft else "Unknown spacecraft", url, thumbnail(*spacecraft_images(craft)))
    if station := event.space_station_chaser:
        return Vehicle(station.name, detail_url("space_stations", station.pk), thumbnail(station.image))
    if payload_flight := event.payload_flight_chaser:
        name = payload_flight.payload.name if payload_flight.payload else "Unknown payload"
        return Vehicle(name, detail_url("payload_flights", payload_flight.pk))
    return Vehicle("Unknown vehicle", "")


def _ports(station: SpaceStation, dockings: list[Docking]) -> list[Port]:
    """The ports of a station in the order of their ids, and then the vehicles whose port is unknown."""
    rows = DockingLocation.objects.filter(spacestation=station, pk__gte=0).order_by("pk")[:MAX_PORTS]
    ports = {row.pk: Port(row.name, []) for row in rows}
    elsewhere = Port("", [])
    for docking in dockings:
        ports.get(docking.row.docking_location_id or 0, elsewhere).dockings.append(docking)
    return [*ports.values(), *([elsewhere] if elsewhere.dockings else [])]
