"""Objects that the spacecraft of a fleet share, and their totals."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from agencies.models import Agency
from flights.models import (
    DockingLocation,
    LandingLocation,
    Launch,
    LauncherConfig,
    LauncherConfigFamily,
    Location,
    Pad,
    SpaceStation,
)
from flights.synthetic.common import GO, SharedObjects
from flights.synthetic.rows import START_TIME, SyntheticRows
from flights.totals import Flight, FlownStatus, Totals, group_totals
from spacecraft.models import SpacecraftConfig, SpacecraftConfigFamily

NAMES = ("Heron", "Lark", "Osprey", "Plover", "Swift", "Teal", "Curlew", "Dipper", "Merlin", "Wren", "Gannet", "Kite")
AGENCY_SUFFIXES = ("Works", "Agency", "Institute", "Dynamics", "Union")

SPACECRAFT_PER_CONFIGURATION = 10

SENTENCES = (
    "Synthetic: this object was invented for benchmarks.",
    "A description of ordinary length shows what it costs to store, to render and to send such a text to a client.",
    "Two of its modules were built elsewhere and joined in the hall beside the pad, which took longer than planned.",
    "The first proposal was rejected.",
    "Its successor is lighter, carries more, and was late as well.",
)


def describe_synthetic(random: Random, sentences: int) -> str:
    return " ".join((SENTENCES[0], *random.sample(SENTENCES[1:], sentences)))


@dataclass
class Tally:
    """The launches, landings and flights that count towards the totals of one object.

    `launches` is keyed by the id of the launch and `flights` by the id of the spacecraft; `landings` has the time and
    the success of each landing.
    """

    launches: dict[Any, Launch] = field(default_factory=dict)
    landings: list[tuple[dt.datetime, bool | None]] = field(default_factory=list)
    flights: dict[int, list[Flight]] = field(default_factory=dict)

    def launch_totals(self) -> Totals:
        ordered = sorted(self.launches.values(), key=lambda launch: (launch.net, launch.pk))
        statuses = [launch.status_id for launch in ordered if launch.status_id != GO]
        return {
            "total_launch_count": len(statuses),
            "successful_launches": statuses.count(FlownStatus.SUCCESS),
            "failed_launches": statuses.count(FlownStatus.FAILURE) + statuses.count(FlownStatus.PARTIAL_FAILURE),
            "pending_launches": len(ordered) - len(statuses),
            "consecutive_successful_launches": _count_trailing(status == FlownStatus.SUCCESS for status in statuses),
        }

    def landing_totals(self) -> Totals:
        successes = [success for _, success in sorted(self.landings, key=lambda landing: landing[0])]
        return {
            "attempted_landings": len(successes),
            "successful_landings": successes.count(True),
            "failed_landings": successes.count(False),
            "consecutive_successful_landings": _count_trailing(success is True for success in successes),
        }


def _count_trailing(successes: Iterable[bool]) -> int:
    """Return the number of successes since the last failure."""
    count = 0
    for success in successes:
        count = count + 1 if success else 0
    return count


def set_totals(row: Any, totals: Totals) -> None:
    """Set those totals on an object that its model has fields for."""
    columns = {column.name for column in row._meta.fields}
    for name, value in totals.items():
        if name in columns:
            setattr(row, name, value)


class Fleet:
    """Creates the objects that the spacecraft of a fleet share, and counts their totals."""

    def __init__(
        self, rows: SyntheticRows, shared: SharedObjects, random: Random, number: int, *, spacecraft: int
    ) -> None:
        self.rows, self.shared, self.random, self.number = rows, shared, random, number
        self.tallies: dict[Any, Tally] = {}
        self.agencies: list[Agency] = []
        self.families: list[SpacecraftConfigFamily] = []
        self.configs: list[SpacecraftConfig] = []
        self.launchers: list[LauncherConfig] = []
        self.pads: list[Pad] = []
        self.landing_locations: list[LandingLocation] = []
        size = -(-spacecraft // SPACECRAFT_PER_CONFIGURATION)
        for n in range(size):
            self._add_agency(n)
            self._add_family(n)
            self._add_config(n)
        for n in range(-(-size // 3)):
            self._add_launcher(n)
            self._add_landing_location(n)
        for n in range(-(-size // 5)):
            self._add_spaceport(n)
        self.station = self._add_station()
        self.ports = [
            rows.add(DockingLocation, name=f"Synthetic {side} Port {number}", spacestation=self.station)
            for side in ("Fore", "Aft", "Zenith", "Nadir")
        ]

    def tally(self, instance: Any) -> Tally:
        return self.tallies.setdefault(instance, Tally())

    def counted_objects(self, launch: Launch) -> tuple[Any, ...]:
        """Return the objects whose totals a launch counts towards."""
        assert launch.pad
        return launch.launch_service_provider, launch.configuration, launch.pad, launch.pad.location

    def set_all_totals(self) -> None:
        """Set the totals of all shared objects."""
        for group in (*self.configs, *self.families):
            set_totals(group, group_totals(self.tally(group).flights.values()))
        for agency in self.agencies:
            landings = self.tally(agency).landing_totals()
            set_totals(agency, landings | {f"{name}_spacecraft": value for name, value in landings.items()})
        locations = {pad.location: None for pad in self.pads}
        for instance in (*self.agencies, *self.launchers, *self.pads, *locations):
            totals = self.tally(instance).launch_totals()
            set_totals(instance, totals | {"orbital_launch_attempt_count": totals["total_launch_count"]})
        for place in self.landing_locations:
            set_totals(place, self.tally(place).landing_totals())

    def _name(self, n: int) -> str:
        return f"{NAMES[(self.number + n) % len(NAMES)]} {self.number}-{n + 1}"

    def _id(self, n: int) -> int:
        return self.number * 100 + n

    def _add_agency(self, n: int) -> None:
        agency = self.rows.add(
            Agency,
            name=f"Synthetic {self._name(n)} {AGENCY_SUFFIXES[n % len(AGENCY_SUFFIXES)]}",
            abbrev=f"SY{self.number}-{n + 1}",
            type=self.shared.agency_types[n % len(self.shared.agency_types)],
            featured=n == 0,
            description=describe_synthetic(self.random, 3),
            administrator=f"Director: Synthetic Person {self.random.randint(1, 999)}",
            founding_year=self.random.randint(1950, 1989),
            launchers=f"Synthetic {self._name(n // 3)} Lifter",
            spacecraft=f"Synthetic {self._name(n)}",
            parent=self.agencies[0] if n % 4 == 3 else None,
            image=self.shared.image("agency", self._id(n)),
            logo=self.shared.image("agency_logo", self._id(n)),
            social_logo=self.shared.image("agency_social_logo", self._id(n)),
            info_url=f"{self.shared.host}/agencies/{self._id(n)}",
        )
        first = self.random.randint(0, 4)
        self.rows.link(agency, "country", self.shared.countries[first : first + (4 if n % 3 == 2 else 1)])
        self.agencies.append(agency)

    def _add_family(self, n: int) -> None:
        family = self.rows.add(
            SpacecraftConfigFamily,
            name=f"Synthetic {self._name(n)} Family",
            description=describe_synthetic(self.random, 1),
            manufacturer=self.agencies[n],
            parent=self.families[0] if n % 3 == 2 else None,
            maiden_flight=START_TIME.date(),
        )
        self.families.append(family)

    def _add_config(self, n: int) -> None:
        crewed = n % 3 == 0
        config = self.rows.add(
            SpacecraftConfig,
            name=f"Synthetic {self._name(n)}",
            type=self.shared.config_types[n % len(self.shared.config_types)],
            agency=self.agencies[n],
            in_use=n % 2 == 0,
            image=self.shared.image("configuration", self._id(n)),
            capability=describe_synthetic(self.random, 1),
            history=describe_synthetic(self.random, 2),
            details=describe_synthetic(self.random, 3),
            maiden_flight=START_TIME.date(),
            height=self.random.randint(30, 120) / 10,
            diameter=self.random.randint(20, 50) / 10,
            human_rated=crewed,
            crew_capacity=self.random.randint(3, 7) if crewed else None,
            payload_capacity=self.random.randint(10, 80) * 100,
            payload_return_capacity=self.random.randint(0, 30) * 100,
            flight_life=f"{self.random.randint(5, 200)} days",
            info_link=f"{self.shared.host}/configurations/{self._id(n)}",
        )
        parent = self.families[0] if n % 3 == 2 else self.families[n]
        self.rows.link(config, "family", (parent, self.families[n]))
        self.configs.append(config)

    def families_of(self, config: SpacecraftConfig) -> list[SpacecraftConfigFamily]:
        n = self.configs.index(config)
        return [self.families[0], self.families[n]] if n % 3 == 2 else [self.families[n]]

    def _add_launcher(self, n: int) -> None:
        agency = self.agencies[3 * n]
        family = self.rows.add(
            LauncherConfigFamily,
            name=f"Synthetic {self._name(n)} Lifter Family",
            description=describe_synthetic(self.random, 1),
            maiden_flight=START_TIME.date(),
        )
        self.rows.link(family, "manufacturer", (agency,))
        launcher = self.rows.add(
            LauncherConfig,
            name=f"Synthetic {self._name(n)} Lifter",
            full_name=f"Synthetic {self._name(n)} Lifter Mark {n + 1}",
            variant=f"Mark {n + 1}",
            manufacturer=agency,
            reusable=n == 0,
            image=self.shared.image("launcher", self._id(n)),
            description=describe_synthetic(self.random, 2),
            min_stage=2,
            max_stage=3,
            length=float(self.random.randint(40, 80)),
            diameter=self.random.randint(25, 90) / 10,
            maiden_flight=START_TIME.date(),
            leo_capacity=float(self.random.randint(50, 300) * 100),
        )
        self.rows.link(launcher, "families", (family,))
        self.launchers.append(launcher)

    def _add_landing_location(self, n: int) -> None:
        place = self.rows.add(
            LandingLocation,
            name=f"Synthetic {self._name(n)} Landing Location",
            abbrev=f"SL{self.number}-{n + 1}",
            description=describe_synthetic(self.random, 1),
            latitude=self.random.randint(-6000, 6000) / 100,
            longitude=self.random.randint(-18000, 18000) / 100,
            image=self.shared.image("landing_location", self._id(n)),
            celestial_body=self.shared.world,
        )
        self.landing_locations.append(place)

    def _add_spaceport(self, n: int) -> None:
        """Add a location with two pads. It has no celestial body, as older versions hide launches from other bodies."""
        country = self.random.choice(self.shared.countries)
        latitude, longitude = self.random.randint(-6000, 6000) / 100, self.random.randint(-18000, 18000) / 100
        location = self.rows.add(
            Location,
            name=f"Synthetic {self._name(n)} Spaceport",
            country=country,
            description=describe_synthetic(self.random, 2),
            image=self.shared.image("location", self._id(n)),
            map_image=f"{self.shared.host}/maps/location_{self._id(n)}.jpg",
            timezone_name="Etc/UTC",
            latitude=latitude,
            longitude=longitude,
            total_landing_count=0,
        )
        for letter in "AB":
            pad = self.rows.add(
                Pad,
                name=f"Synthetic Pad {self._id(n)}{letter}",
                image=self.shared.image("pad", self._id(n)),
                description=describe_synthetic(self.random, 1),
                map_url=f"{self.shared.host}/maps/{self._id(n)}{letter}",
                country=country,
                map_image=f"{self.shared.host}/maps/pad_{self._id(n)}{letter}.jpg",
                latitude=latitude,
                longitude=longitude,
                location=location,
            )
            self.rows.link(pad, "agencies", (self.agencies[0],))
            self.pads.append(pad)

    def _add_station(self) -> SpaceStation:
        station = self.rows.add(
            SpaceStation,
            name=f"Synthetic Station {self.number}",
            image=self.shared.image("station", self.number),
            status=self.shared.station_status,
            founded=START_TIME.date(),
            description=describe_synthetic(self.random, 3),
            orbit=self.shared.orbits[0],
            type=self.shared.station_type,
        )
        self.rows.link(station, "owners", self.agencies[:3])
        return station
