"""What the spacecraft of a fleet share, and its totals once they have flown."""

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
from flights.synthetic.common import GO, Common
from flights.synthetic.rows import FIRST, SyntheticRows
from flights.totals import Flight, Status, Totals, fleet_totals
from spacecraft.models import SpacecraftConfig, SpacecraftConfigFamily

WORDS = ("Heron", "Lark", "Osprey", "Plover", "Swift", "Teal", "Curlew", "Dipper", "Merlin", "Wren", "Gannet", "Kite")
TRADES = ("Works", "Agency", "Institute", "Dynamics", "Union")

PER_CONFIGURATION = 10
"""Spacecraft."""

ABOUT = (
    "Synthetic: made up to measure with, it never existed.",
    "It was to show how much a text of ordinary length costs to store, to read and to send, and it does so each day.",
    "Two of its parts were made elsewhere and joined in the hall beside the pad, which took longer than planned.",
    "Nobody remembers who asked for it first.",
    "Its successor is lighter, carries more, and was late as well.",
)


def about(random: Random, sentences: int) -> str:
    return " ".join((ABOUT[0], *random.sample(ABOUT[1:], sentences)))


@dataclass
class Record:
    """The launches, the landings and, by spacecraft, the flights that count for one owner of totals."""

    launches: dict[Any, Launch] = field(default_factory=dict)
    landings: list[tuple[dt.datetime, bool | None]] = field(default_factory=list)
    flights: dict[int, list[Flight]] = field(default_factory=dict)

    def launch_totals(self) -> Totals:
        ordered = sorted(self.launches.values(), key=lambda launch: (launch.net, launch.pk))
        statuses = [launch.status_id for launch in ordered if launch.status_id != GO]
        return {
            "total_launch_count": len(statuses),
            "successful_launches": statuses.count(Status.SUCCESS),
            "failed_launches": statuses.count(Status.FAILURE) + statuses.count(Status.PARTIAL_FAILURE),
            "pending_launches": len(ordered) - len(statuses),
            "consecutive_successful_launches": _last(status == Status.SUCCESS for status in statuses),
        }

    def landing_totals(self) -> Totals:
        successes = [success for _, success in sorted(self.landings, key=lambda landing: landing[0])]
        return {
            "attempted_landings": len(successes),
            "successful_landings": successes.count(True),
            "failed_landings": successes.count(False),
            "consecutive_successful_landings": _last(success is True for success in successes),
        }


def _last(successes: Iterable[bool]) -> int:
    """How many there were since the last that was none."""
    length = 0
    for success in successes:
        length = length + 1 if success else 0
    return length


def store(row: Any, totals: Totals) -> None:
    """Those of the totals that this object has columns for."""
    columns = {column.name for column in row._meta.fields}
    for name, value in totals.items():
        if name in columns:
            setattr(row, name, value)


class Fleet:
    def __init__(self, rows: SyntheticRows, common: Common, random: Random, number: int, *, spacecraft: int) -> None:
        self.rows, self.common, self.random, self.number = rows, common, random, number
        self.records: dict[Any, Record] = {}
        self.agencies: list[Agency] = []
        self.families: list[SpacecraftConfigFamily] = []
        self.configs: list[SpacecraftConfig] = []
        self.launchers: list[LauncherConfig] = []
        self.pads: list[Pad] = []
        self.landing_locations: list[LandingLocation] = []
        size = -(-spacecraft // PER_CONFIGURATION)
        for n in range(size):
            self._add_agency(n)
            self._add_family(n)
            self._add_config(n)
        for n in range(-(-size // 3)):
            self._add_launcher(n)
            self._add_landing_location(n)
        for n in range(-(-size // 5)):
            self._add_spaceport(n)
        self.ports = self._ports()

    def record(self, owner: Any) -> Record:
        return self.records.setdefault(owner, Record())

    def owners(self, launch: Launch) -> tuple[Any, ...]:
        """Whose totals a launch counts for."""
        assert launch.pad
        return launch.launch_service_provider, launch.configuration, launch.pad, launch.pad.location

    def count(self) -> None:
        """Store the totals of all that the fleet shares."""
        for fleet in (*self.configs, *self.families):
            store(fleet, fleet_totals(self.record(fleet).flights.values()))
        for agency in self.agencies:
            landings = self.record(agency).landing_totals()
            store(agency, landings | {f"{name}_spacecraft": value for name, value in landings.items()})
        locations = {pad.location: None for pad in self.pads}
        for owner in (*self.agencies, *self.launchers, *self.pads, *locations):
            totals = self.record(owner).launch_totals()
            store(owner, totals | {"orbital_launch_attempt_count": totals["total_launch_count"]})
        for place in self.landing_locations:
            store(place, self.record(place).landing_totals())

    def _called(self, n: int) -> str:
        return f"{WORDS[(self.number + n) % len(WORDS)]} {self.number}-{n + 1}"

    def _id(self, n: int) -> int:
        return self.number * 100 + n

    def _add_agency(self, n: int) -> None:
        agency = self.rows.add(
            Agency,
            name=f"Synthetic {self._called(n)} {TRADES[n % len(TRADES)]}",
            abbrev=f"SY{self.number}-{n + 1}",
            type=self.common.agency_types[n % len(self.common.agency_types)],
            featured=n == 0,
            description=about(self.random, 3),
            administrator=f"Director: Synthetic Person {self.random.randint(1, 999)}",
            founding_year=self.random.randint(1950, 1989),
            launchers=f"Synthetic {self._called(n // 3)} Lifter",
            spacecraft=f"Synthetic {self._called(n)}",
            parent=self.agencies[0] if n % 4 == 3 else None,
            image=self.common.image("agency", self._id(n)),
            logo=self.common.image("agency_logo", self._id(n)),
            social_logo=self.common.image("agency_social_logo", self._id(n)),
            info_url=f"{self.common.host}/agencies/{self._id(n)}",
        )
        first = self.random.randint(0, 4)
        self.rows.link(agency, "country", self.common.countries[first : first + (4 if n % 3 == 2 else 1)])
        self.agencies.append(agency)

    def _add_family(self, n: int) -> None:
        family = self.rows.add(
            SpacecraftConfigFamily,
            name=f"Synthetic {self._called(n)} Family",
            description=about(self.random, 1),
            manufacturer=self.agencies[n],
            parent=self.families[0] if n % 3 == 2 else None,
            maiden_flight=FIRST.date(),
        )
        self.families.append(family)

    def _add_config(self, n: int) -> None:
        crewed = n % 3 == 0
        config = self.rows.add(
            SpacecraftConfig,
            name=f"Synthetic {self._called(n)}",
            type=self.common.config_types[n % len(self.common.config_types)],
            agency=self.agencies[n],
            in_use=n % 2 == 0,
            image=self.common.image("configuration", self._id(n)),
            capability=about(self.random, 1),
            history=about(self.random, 2),
            details=about(self.random, 3),
            maiden_flight=FIRST.date(),
            height=self.random.randint(30, 120) / 10,
            diameter=self.random.randint(20, 50) / 10,
            human_rated=crewed,
            crew_capacity=self.random.randint(3, 7) if crewed else None,
            payload_capacity=self.random.randint(10, 80) * 100,
            payload_return_capacity=self.random.randint(0, 30) * 100,
            flight_life=f"{self.random.randint(5, 200)} days",
            info_link=f"{self.common.host}/configurations/{self._id(n)}",
        )
        wider = self.families[0] if n % 3 == 2 else self.families[n]
        self.rows.link(config, "family", (wider, self.families[n]))
        self.configs.append(config)

    def families_of(self, config: SpacecraftConfig) -> list[SpacecraftConfigFamily]:
        n = self.configs.index(config)
        return [self.families[0], self.families[n]] if n % 3 == 2 else [self.families[n]]

    def _add_launcher(self, n: int) -> None:
        agency = self.agencies[3 * n]
        family = self.rows.add(
            LauncherConfigFamily,
            name=f"Synthetic {self._called(n)} Lifter Family",
            description=about(self.random, 1),
            maiden_flight=FIRST.date(),
        )
        self.rows.link(family, "manufacturer", (agency,))
        launcher = self.rows.add(
            LauncherConfig,
            name=f"Synthetic {self._called(n)} Lifter",
            full_name=f"Synthetic {self._called(n)} Lifter Mark {n + 1}",
            variant=f"Mark {n + 1}",
            manufacturer=agency,
            reusable=n == 0,
            image=self.common.image("launcher", self._id(n)),
            description=about(self.random, 2),
            min_stage=2,
            max_stage=3,
            length=float(self.random.randint(40, 80)),
            diameter=self.random.randint(25, 90) / 10,
            maiden_flight=FIRST.date(),
            leo_capacity=float(self.random.randint(50, 300) * 100),
        )
        self.rows.link(launcher, "families", (family,))
        self.launchers.append(launcher)

    def _add_landing_location(self, n: int) -> None:
        place = self.rows.add(
            LandingLocation,
            name=f"Synthetic {self._called(n)} Landing Place",
            abbrev=f"SL{self.number}-{n + 1}",
            description=about(self.random, 1),
            latitude=self.random.randint(-6000, 6000) / 100,
            longitude=self.random.randint(-18000, 18000) / 100,
            image=self.common.image("landing_location", self._id(n)),
            celestial_body=self.common.world,
        )
        self.landing_locations.append(place)

    def _add_spaceport(self, n: int) -> None:
        """A location with two pads, on no named world: older versions hide what is launched from others than Earth."""
        country = self.random.choice(self.common.countries)
        latitude, longitude = self.random.randint(-6000, 6000) / 100, self.random.randint(-18000, 18000) / 100
        location = self.rows.add(
            Location,
            name=f"Synthetic {self._called(n)} Spaceport",
            country=country,
            description=about(self.random, 2),
            image=self.common.image("location", self._id(n)),
            map_image=f"{self.common.host}/maps/location_{self._id(n)}.jpg",
            timezone_name="Etc/UTC",
            latitude=latitude,
            longitude=longitude,
            total_landing_count=0,
        )
        for letter in "AB":
            pad = self.rows.add(
                Pad,
                name=f"Synthetic Pad {self._id(n)}{letter}",
                image=self.common.image("pad", self._id(n)),
                description=about(self.random, 1),
                map_url=f"{self.common.host}/maps/{self._id(n)}{letter}",
                country=country,
                map_image=f"{self.common.host}/maps/pad_{self._id(n)}{letter}.jpg",
                latitude=latitude,
                longitude=longitude,
                location=location,
            )
            self.rows.link(pad, "agencies", (self.agencies[0],))
            self.pads.append(pad)

    def _ports(self) -> list[DockingLocation]:
        station = self.rows.add(
            SpaceStation,
            name=f"Synthetic Station {self.number}",
            image=self.common.image("station", self.number),
            status=self.common.station_status,
            founded=FIRST.date(),
            description=about(self.random, 3),
            orbit=self.common.orbits[0],
            type=self.common.station_type,
        )
        self.rows.link(station, "owners", self.agencies[:3])
        return [
            self.rows.add(DockingLocation, name=f"Synthetic {side} Port {self.number}", spacestation=station)
            for side in ("Fore", "Aft", "Zenith", "Nadir")
        ]
