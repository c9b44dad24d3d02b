"""The spacecraft of a fleet, with their flights and crews."""

import datetime as dt
from collections import Counter
from random import Random
from typing import Any

from django.utils.text import slugify

from flights.models import Astronaut, AstronautFlight, DockingEvent, Landing, Launch, Mission, SpacecraftFlight
from flights.synthetic.common import GO, SharedObjects
from flights.synthetic.fleet import Fleet, describe_synthetic, set_totals
from flights.synthetic.rows import REFERENCE_TIME, START_TIME, SyntheticRows
from flights.totals import ZERO, DockingTimes, Flight, FlownStatus, spacecraft_totals, turn_around_times
from spacecraft.models import Spacecraft, SpacecraftConfig
from spacedb.catalogue.models import local_uuid

SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)
RUNNING_PERIOD = 30 * DAY
"""A flight that was launched less than this before `REFERENCE_TIME` has not ended."""

Phase = AstronautFlight.Phase

FORENAMES = ("Ada", "Bo", "Cleo", "Dan", "Eli", "Fay", "Gus", "Ida", "Jo", "Kim", "Lou", "Mae", "Nik", "Oz", "Pia")
SURNAMES = ("Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Pine", "Rowan", "Willow", "Yew")

CREW_SIZE = 3
"""Astronauts aboard a crewed flight. Each crewed spacecraft has one more to choose from."""


class FlightGenerator:
    """Creates the spacecraft of a fleet, their flights with launches, landings and dockings, and their crews."""

    def __init__(self, rows: SyntheticRows, shared: SharedObjects, random: Random, fleet: Fleet) -> None:
        self.rows, self.shared, self.random, self.fleet = rows, shared, random, fleet
        self.launches: list[Launch] = []
        self.docking_events: list[DockingEvent] = []
        self.crews: dict[int, list[Astronaut]] = {}
        """The astronauts aboard each crewed flight, by the id of the flight."""
        self.rideshare: Launch | None = None
        """The last launch, if a second spacecraft may still join it."""

    def generate(self, *, spacecraft: int, flights: int) -> None:
        for number, flight_count in enumerate(self._distribute(spacecraft, flights), start=1):
            self._add_spacecraft(number, flight_count)
        self._number_launches()
        self.fleet.set_all_totals()

    def _distribute(self, spacecraft: int, flights: int) -> list[int]:
        """Return the number of flights of each spacecraft.

        A few spacecraft have none and most have one. A quarter of the others share the remaining flights.
        """
        counts = [0] * spacecraft
        order = self.random.sample(range(spacecraft), spacecraft)[: max(1, spacecraft - spacecraft // 20)]
        for index in order[:flights]:
            counts[index] = 1
        for _ in range(flights - len(order)):
            counts[self.random.choice(order[: -(-len(order) // 4)])] += 1
        return counts

    def _add_spacecraft(self, number: int, flight_count: int) -> None:
        random, shared = self.random, self.shared
        config = random.choice(self.fleet.configs)
        craft = self.rows.add(
            Spacecraft,
            name=f"{config.name} #{number}",
            serial_number=f"SYN-{self.fleet.number}-{number:03}",
            is_placeholder=not flight_count and number % 2 == 0,
            image=shared.image("spacecraft", self.fleet.number * 100 + number) if number % 4 == 0 else config.image,
            description=describe_synthetic(random, random.randint(0, 2)),
            spacecraft_config=config,
        )
        astronauts = (
            [self._add_astronaut(config) for _ in range(CREW_SIZE + 1)] if config.human_rated and flight_count else []
        )
        rows = self._add_flights(craft, flight_count)
        flights = []
        for row in rows:
            assert row.launch
            dockings = self._add_dockings(row)
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
            row.duration = flight.duration(REFERENCE_TIME)
            flights.append(flight)
        for row, turn_around_time in zip(rows, turn_around_times(flights), strict=True):
            row.turn_around_time = turn_around_time
        set_totals(craft, spacecraft_totals(flights, REFERENCE_TIME))
        craft.status = shared.craft_statuses[_status_name(craft, flights)]
        for group in (config, *self.fleet.families_of(config)):
            self.fleet.tally(group).flights[craft.pk] = flights
        self._add_crews(rows, flights, astronauts)

    # --- Flights ------------------------------------------------------------------------------------------------------

    def _add_flights(self, craft: Spacecraft, flight_count: int) -> list[SpacecraftFlight]:
        """Add consecutive flights. The last one may be running, planned or failed."""
        random = self.random
        if flight_count == 1 and self.rideshare and random.random() < 0.3:
            launch, self.rideshare = self.rideshare, None
            return [
                self._add_flight(
                    craft, launch, self._end_time(launch, launch.net or REFERENCE_TIME, DAY * random.randint(5, 200))
                )
            ]
        begin = START_TIME + (REFERENCE_TIME - START_TIME - 1000 * DAY) * random.random()
        slot = min((REFERENCE_TIME - RUNNING_PERIOD - begin) / max(flight_count, 1), DAY * random.randint(150, 400))
        rows = []
        for number in range(flight_count):
            net = begin + slot * (number + random.random() / 4)
            status: int = FlownStatus.SUCCESS
            if number == flight_count - 1:
                status, net = self._last_flight(net)
            net = net.replace(microsecond=0)
            launch = self._add_launch(craft, status, net)
            rows.append(self._add_flight(craft, launch, self._end_time(launch, net, slot * random.uniform(0.05, 0.6))))
        return rows

    def _last_flight(self, net: dt.datetime) -> tuple[int, dt.datetime]:
        """Choose the launch status and the NET of the last flight."""
        chance = self.random.random()
        if chance < 0.05:
            return GO, REFERENCE_TIME + DAY * (1500 + self.random.random() * 6000)
        if chance < 0.10:
            return FlownStatus.SUCCESS, REFERENCE_TIME - DAY * (1 + self.random.random() * 28)
        if chance < 0.105:
            return FlownStatus.IN_FLIGHT, REFERENCE_TIME - dt.timedelta(minutes=self.random.randint(2, 60))
        if chance < 0.13:
            return FlownStatus.FAILURE, net
        return (FlownStatus.PARTIAL_FAILURE if chance < 0.145 else FlownStatus.SUCCESS), net

    def _end_time(self, launch: Launch, net: dt.datetime, length: dt.timedelta) -> dt.datetime | None:
        if launch.status_id == FlownStatus.FAILURE:
            return net + SECOND * self.random.randint(20, 900)
        if net > REFERENCE_TIME - RUNNING_PERIOD:
            return None
        return min((net + length).replace(microsecond=0), REFERENCE_TIME - DAY)

    def _add_flight(self, craft: Spacecraft, launch: Launch, end: dt.datetime | None) -> SpacecraftFlight:
        config = craft.spacecraft_config
        assert config
        flown = launch.status_id != GO
        landing = None
        if launch.status_id != FlownStatus.FAILURE:
            place = self.random.choice(self.fleet.landing_locations)
            attempt = self.random.random() < 0.8
            landing = self.rows.add(
                Landing,
                attempt=attempt,
                success=self.random.random() < 0.97 if attempt and end else None,
                description=describe_synthetic(self.random, 0),
                landing_location=place,
                type=self.random.choice(self.shared.landing_types),
                downrange_distance=float(self.random.randint(0, 3000)) if end else None,
            )
            if attempt and end:
                for instance in (place, config.agency):
                    self.fleet.tally(instance).landings.append((end, landing.success))
        return self.rows.add(
            SpacecraftFlight,
            destination=f"Synthetic Station {self.fleet.number}",
            mission_end=end if flown else None,
            spacecraft=craft,
            launch=launch,
            landing=landing,
        )

    def _add_launch(self, craft: Spacecraft, status: int, net: dt.datetime) -> Launch:
        random, launcher = self.random, self.random.choice(self.fleet.launchers)
        number = self.rows.number(Mission)
        mission = self.rows.add(
            Mission,
            id=number,
            name=f"Synthetic Mission {number % 1_000_000}",
            type=random.choice(self.shared.mission_types),
            description=describe_synthetic(random, random.randint(1, 3)),
            orbit=random.choice(self.shared.orbits),
        )
        self.rows.link(mission, "agencies", (self.fleet.agencies[0],))
        name = f"{launcher.name} | {mission.name}"
        launch = self.rows.add(
            Launch,
            id=local_uuid(random.getrandbits(128)),
            name=name,
            slug=slugify(name),
            status=self.shared.statuses[status],
            last_updated=min(net + DAY, REFERENCE_TIME),
            net=net,
            net_precision=self.shared.precision,
            window_start=net - dt.timedelta(minutes=random.randint(0, 90)),
            window_end=net + dt.timedelta(minutes=random.randint(0, 90)),
            image=launcher.image,
            probability=random.choice((None, 60, 80, 90, 95)),
            failreason="Synthetic: the second stage did not start." if status == FlownStatus.FAILURE else "",
            launch_service_provider=launcher.manufacturer,
            configuration=launcher,
            mission=mission,
            pad=random.choice(self.fleet.pads),
        )
        self.rows.link(launch, "program", (self.shared.program,))
        for instance in self.fleet.counted_objects(launch):
            self.fleet.tally(instance).launches[launch.pk] = launch
        self.launches.append(launch)
        self.rideshare = launch
        return launch

    def _number_launches(self) -> None:
        """Set the launch attempt counts of pad, location and provider, overall and per year."""
        counts: Counter[Any] = Counter()
        flown = (launch for launch in self.launches if launch.status_id != GO)
        for launch in sorted(flown, key=lambda launch: (launch.net, launch.pk)):
            provider, _, pad, location = self.fleet.counted_objects(launch)
            for name, instance in (("agency", provider), ("pad", pad), ("location", location)):
                for key, suffix in ((instance, ""), ((instance, launch.net and launch.net.year), "_year")):
                    counts[key] += 1
                    setattr(launch, f"{name}_launch_attempt_count{suffix}", counts[key])

    def _add_dockings(self, flight: SpacecraftFlight) -> tuple[DockingTimes, ...]:
        """Add a docking event, with a probability of one half. It ends when a tenth of the mission is left."""
        launch, end = flight.launch, flight.mission_end
        assert launch
        assert launch.net
        if launch.status_id in (GO, FlownStatus.IN_FLIGHT, FlownStatus.FAILURE) or self.random.random() < 0.5:
            return ()
        length = (end or REFERENCE_TIME) - launch.net
        docking = (launch.net + length * 0.1).replace(microsecond=0)
        departure = (launch.net + length * 0.9).replace(microsecond=0) if end else None
        port = self.random.choice(self.fleet.ports)
        event = self.rows.add(
            DockingEvent,
            docking=docking,
            departure=departure,
            docking_location=port,
            flight_vehicle_chaser=flight,
            space_station_target=port.spacestation,
        )
        self.docking_events.append(event)
        return ((docking, departure),)

    # --- Crews --------------------------------------------------------------------------------------------------------

    def _add_astronaut(self, config: SpacecraftConfig) -> Astronaut:
        number = self.rows.number(Astronaut)
        born = dt.date(1945, 1, 1) + DAY * self.random.randint(0, 8000)
        astronaut = self.rows.add(
            Astronaut,
            id=number,
            name=f"Synthetic {self.random.choice(FORENAMES)} {self.random.choice(SURNAMES)} {number % 1_000_000}",
            status=self.shared.astronaut_status,
            agency=config.agency,
            type=self.random.choice(self.shared.astronaut_types),
            image=self.shared.image("astronaut", number % 1_000_000),
            date_of_birth=born,
            age=(REFERENCE_TIME.date() - born).days * 4 // 1461,
            bio=describe_synthetic(self.random, 3),
        )
        self.rows.link(astronaut, "nationality", (self.random.choice(self.shared.countries),))
        return astronaut

    def _add_crews(self, rows: list[SpacecraftFlight], flights: list[Flight], astronauts: list[Astronaut]) -> None:
        if not astronauts:
            return
        flown_by: dict[int, list[Flight]] = {astronaut.pk: [] for astronaut in astronauts}
        for row, flight in zip(rows, flights, strict=True):
            crew = self.crews[row.pk] = self.random.sample(astronauts, CREW_SIZE)
            phases = (Phase.LAUNCH, Phase.ONBOARD, Phase.LANDING) if flight.flown else (Phase.LAUNCH,)
            if flight.flown and flight.status == FlownStatus.FAILURE:
                phases = (Phase.LAUNCH,)
            for phase in phases:
                for role, member in zip(self.shared.roles, crew, strict=True):
                    number = self.rows.number(AstronautFlight, "number")
                    self.rows.add(AstronautFlight, flight=row, phase=phase, number=number, role=role, astronaut=member)
            for member in crew:
                flown_by[member.pk] += [flight] if flight.flown else []
        for astronaut in astronauts:
            flown = flown_by[astronaut.pk]
            nets = [flight.net for flight in flown if flight.net]
            astronaut.in_space = any(flight.running for flight in flown)
            astronaut.time_in_space = sum((flight.duration(REFERENCE_TIME) or ZERO for flight in flown), ZERO)
            astronaut.eva_time, astronaut.spacewalks_count = ZERO, 0
            astronaut.flights_count = len(flown)
            astronaut.landings_count = sum(flight.landing_attempted for flight in flown)
            astronaut.first_flight, astronaut.last_flight = min(nets, default=None), max(nets, default=None)


def _status_name(craft: Spacecraft, flights: list[Flight]) -> str:
    if not craft.flights_count:
        return "Planned"
    if any(flight.status == FlownStatus.FAILURE or flight.success is False for flight in flights):
        return "Lost"
    return "Retired" if all(flight.flown and flight.mission_end for flight in flights) else "Active"
