"""The spacecraft of a fleet, their flights, and who was aboard."""

import datetime as dt
from collections import Counter
from random import Random
from typing import Any

from django.utils.text import slugify

from flights.models import Astronaut, AstronautFlight, DockingEvent, Landing, Launch, Mission, SpacecraftFlight
from flights.synthetic.common import GO, Common
from flights.synthetic.fleet import Fleet, about, store
from flights.synthetic.rows import FIRST, MOMENT, SyntheticRows
from flights.totals import ZERO, Flight, Status, Times, spacecraft_totals, turn_around_times
from spacecraft.models import Spacecraft, SpacecraftConfig
from spacedb.catalogue.models import local_uuid

SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)
RECENT = 30 * DAY
"""What was launched within this time before `MOMENT` has not come back."""

Phase = AstronautFlight.Phase

FORENAMES = ("Ada", "Bo", "Cleo", "Dan", "Eli", "Fay", "Gus", "Ida", "Jo", "Kim", "Lou", "Mae", "Nik", "Oz", "Pia")
SURNAMES = ("Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Pine", "Rowan", "Willow", "Yew")

CREW = 3
"""Aboard at a time; one more belongs to each spacecraft."""


class Flying:
    def __init__(self, rows: SyntheticRows, common: Common, random: Random, fleet: Fleet) -> None:
        self.rows, self.common, self.random, self.fleet = rows, common, random, fleet
        self.launches: list[Launch] = []
        self.shared: Launch | None = None
        """A launch that another spacecraft may take part in."""

    def fly(self, *, spacecraft: int, flights: int) -> None:
        for number, share in enumerate(self._shares(spacecraft, flights), start=1):
            self._spacecraft(number, share)
        self._number_launches()
        self.fleet.count()

    def _shares(self, spacecraft: int, flights: int) -> list[int]:
        """Flights of each: some of none, most of one, a quarter of all the others."""
        shares = [0] * spacecraft
        order = self.random.sample(range(spacecraft), spacecraft)[: max(1, spacecraft - spacecraft // 20)]
        for one in order[:flights]:
            shares[one] = 1
        for _ in range(flights - len(order)):
            shares[self.random.choice(order[: -(-len(order) // 4)])] += 1
        return shares

    def _spacecraft(self, number: int, share: int) -> None:
        random, common = self.random, self.common
        config = random.choice(self.fleet.configs)
        craft = self.rows.add(
            Spacecraft,
            name=f"{config.name} #{number}",
            serial_number=f"SYN-{self.fleet.number}-{number:03}",
            is_placeholder=not share and number % 2 == 0,
            image=common.image("spacecraft", self.fleet.number * 100 + number) if number % 4 == 0 else config.image,
            description=about(random, random.randint(0, 2)),
            spacecraft_config=config,
        )
        astronauts = [self._astronaut(config) for _ in range(CREW + 1)] if config.human_rated and share else []
        rows = self._flights(craft, share)
        flights = []
        for row in rows:
            assert row.launch
            dockings = self._dockings(row)
            landing = row.landing
            flight = Flight(
                status=row.launch.status_id,
                net=row.launch.net,
                mission_end=row.mission_end,
                launch=row.launch.pk,
                attempt=landing.attempt if landing else False,
                success=landing.success if landing else None,
                dockings=dockings,
            )
            row.duration = flight.duration(MOMENT)
            flights.append(flight)
        for row, turn_around_time in zip(rows, turn_around_times(flights), strict=True):
            row.turn_around_time = turn_around_time
        store(craft, spacecraft_totals(flights, MOMENT))
        craft.status = common.craft_statuses[_status(craft, flights)]
        for owner in (config, *self.fleet.families_of(config)):
            self.fleet.record(owner).flights[craft.pk] = flights
        self._crews(rows, flights, astronauts)

    # --- Flights ------------------------------------------------------------------------------------------------------

    def _flights(self, craft: Spacecraft, share: int) -> list[SpacecraftFlight]:
        """One after another; the last may be running, may be planned, or may have failed."""
        random = self.random
        if share == 1 and self.shared and random.random() < 0.3:
            launch, self.shared = self.shared, None
            return [self._flight(craft, launch, self._end(launch, launch.net or MOMENT, DAY * random.randint(5, 200)))]
        begin = FIRST + (MOMENT - FIRST - 1000 * DAY) * random.random()
        slot = min((MOMENT - RECENT - begin) / max(share, 1), DAY * random.randint(150, 400))
        rows = []
        for number in range(share):
            net = begin + slot * (number + random.random() / 4)
            status: int = Status.SUCCESS
            if number == share - 1:
                status, net = self._last(net)
            net = net.replace(microsecond=0)
            launch = self._launch(craft, status, net)
            rows.append(self._flight(craft, launch, self._end(launch, net, slot * random.uniform(0.05, 0.6))))
        return rows

    def _last(self, net: dt.datetime) -> tuple[int, dt.datetime]:
        chance = self.random.random()
        if chance < 0.05:
            return GO, MOMENT + DAY * (1500 + self.random.random() * 6000)
        if chance < 0.10:
            return Status.SUCCESS, MOMENT - DAY * (1 + self.random.random() * 28)
        if chance < 0.105:
            return Status.IN_FLIGHT, MOMENT - dt.timedelta(minutes=self.random.randint(2, 60))
        if chance < 0.13:
            return Status.FAILURE, net
        return (Status.PARTIAL_FAILURE if chance < 0.145 else Status.SUCCESS), net

    def _end(self, launch: Launch, net: dt.datetime, length: dt.timedelta) -> dt.datetime | None:
        if launch.status_id == Status.FAILURE:
            return net + SECOND * self.random.randint(20, 900)
        if net > MOMENT - RECENT:
            return None
        return min((net + length).replace(microsecond=0), MOMENT - DAY)

    def _flight(self, craft: Spacecraft, launch: Launch, end: dt.datetime | None) -> SpacecraftFlight:
        config = craft.spacecraft_config
        assert config
        flown = launch.status_id != GO
        landing = None
        if launch.status_id != Status.FAILURE:
            place = self.random.choice(self.fleet.landing_locations)
            attempt = self.random.random() < 0.8
            landing = self.rows.add(
                Landing,
                attempt=attempt,
                success=self.random.random() < 0.97 if attempt and end else None,
                description=about(self.random, 0),
                landing_location=place,
                type=self.random.choice(self.common.landing_types),
                downrange_distance=float(self.random.randint(0, 3000)) if end else None,
            )
            if attempt and end:
                for owner in (place, config.agency):
                    self.fleet.record(owner).landings.append((end, landing.success))
        return self.rows.add(
            SpacecraftFlight,
            destination=f"Synthetic Station {self.fleet.number}",
            mission_end=end if flown else None,
            spacecraft=craft,
            launch=launch,
            landing=landing,
        )

    def _launch(self, craft: Spacecraft, status: int, net: dt.datetime) -> Launch:
        random, launcher = self.random, self.random.choice(self.fleet.launchers)
        number = self.rows.number(Mission)
        mission = self.rows.add(
            Mission,
            id=number,
            name=f"Synthetic Mission {number % 1_000_000}",
            type=random.choice(self.common.mission_types),
            description=about(random, random.randint(1, 3)),
            orbit=random.choice(self.common.orbits),
        )
        self.rows.link(mission, "agencies", (self.fleet.agencies[0],))
        name = f"{launcher.name} | {mission.name}"
        launch = self.rows.add(
            Launch,
            id=local_uuid(random.getrandbits(128)),
            name=name,
            slug=slugify(name),
            status=self.common.statuses[status],
            last_updated=min(net + DAY, MOMENT),
            net=net,
            net_precision=self.common.precision,
            window_start=net - dt.timedelta(minutes=random.randint(0, 90)),
            window_end=net + dt.timedelta(minutes=random.randint(0, 90)),
            image=launcher.image,
            probability=random.choice((None, 60, 80, 90, 95)),
            failreason="Synthetic: the second stage did not start." if status == Status.FAILURE else "",
            launch_service_provider=launcher.manufacturer,
            configuration=launcher,
            mission=mission,
            pad=random.choice(self.fleet.pads),
        )
        self.rows.link(launch, "program", (self.common.program,))
        for owner in self.fleet.owners(launch):
            self.fleet.record(owner).launches[launch.pk] = launch
        self.launches.append(launch)
        self.shared = launch
        return launch

    def _number_launches(self) -> None:
        """Which launch of its pad, of its location and of its provider each one was, ever and in its year."""
        counts: Counter[Any] = Counter()
        flown = (launch for launch in self.launches if launch.status_id != GO)
        for launch in sorted(flown, key=lambda launch: (launch.net, launch.pk)):
            provider, _, pad, location = self.fleet.owners(launch)
            for name, owner in (("agency", provider), ("pad", pad), ("location", location)):
                for key, suffix in ((owner, ""), ((owner, launch.net and launch.net.year), "_year")):
                    counts[key] += 1
                    setattr(launch, f"{name}_launch_attempt_count{suffix}", counts[key])

    def _dockings(self, flight: SpacecraftFlight) -> tuple[Times, ...]:
        """Of half of the flights one; it is docked until it is on its way home."""
        launch, end = flight.launch, flight.mission_end
        assert launch
        assert launch.net
        if launch.status_id in (GO, Status.IN_FLIGHT, Status.FAILURE) or self.random.random() < 0.5:
            return ()
        length = (end or MOMENT) - launch.net
        docking = (launch.net + length * 0.1).replace(microsecond=0)
        departure = (launch.net + length * 0.9).replace(microsecond=0) if end else None
        port = self.random.choice(self.fleet.ports)
        self.rows.add(
            DockingEvent,
            docking=docking,
            departure=departure,
            docking_location=port,
            flight_vehicle_chaser=flight,
            space_station_target=port.spacestation,
        )
        return ((docking, departure),)

    # --- Crews --------------------------------------------------------------------------------------------------------

    def _astronaut(self, config: SpacecraftConfig) -> Astronaut:
        number = self.rows.number(Astronaut)
        born = dt.date(1945, 1, 1) + DAY * self.random.randint(0, 8000)
        astronaut = self.rows.add(
            Astronaut,
            id=number,
            name=f"Synthetic {self.random.choice(FORENAMES)} {self.random.choice(SURNAMES)} {number % 1_000_000}",
            status=self.common.astronaut_status,
            agency=config.agency,
            type=self.random.choice(self.common.astronaut_types),
            image=self.common.image("astronaut", number % 1_000_000),
            date_of_birth=born,
            age=(MOMENT.date() - born).days * 4 // 1461,
            bio=about(self.random, 3),
        )
        self.rows.link(astronaut, "nationality", (self.random.choice(self.common.countries),))
        return astronaut

    def _crews(self, rows: list[SpacecraftFlight], flights: list[Flight], astronauts: list[Astronaut]) -> None:
        if not astronauts:
            return
        flown_by: dict[int, list[Flight]] = {one.pk: [] for one in astronauts}
        for row, flight in zip(rows, flights, strict=True):
            crew = self.random.sample(astronauts, CREW)
            phases = (Phase.LAUNCH, Phase.ONBOARD, Phase.LANDING) if flight.flown else (Phase.LAUNCH,)
            if flight.flown and flight.status == Status.FAILURE:
                phases = (Phase.LAUNCH,)
            for phase in phases:
                for role, one in zip(self.common.roles, crew, strict=True):
                    number = self.rows.number(AstronautFlight, "number")
                    self.rows.add(AstronautFlight, flight=row, phase=phase, number=number, role=role, astronaut=one)
            for one in crew:
                flown_by[one.pk] += [flight] if flight.flown else []
        for one in astronauts:
            flown = flown_by[one.pk]
            nets = [flight.net for flight in flown if flight.net]
            one.in_space = any(flight.running for flight in flown)
            one.time_in_space = sum((flight.duration(MOMENT) or ZERO for flight in flown), ZERO)
            one.eva_time, one.spacewalks_count = ZERO, 0
            one.flights_count, one.landings_count = len(flown), sum(flight.landed for flight in flown)
            one.first_flight, one.last_flight = min(nets, default=None), max(nets, default=None)


def _status(craft: Spacecraft, flights: list[Flight]) -> str:
    if not craft.flights_count:
        return "Planned"
    if any(flight.status == Status.FAILURE or flight.success is False for flight in flights):
        return "Lost"
    return "Retired" if all(flight.flown and flight.mission_end for flight in flights) else "Active"
