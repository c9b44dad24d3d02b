"""Totals of spacecraft, configurations and families as functions of their flights: see docs/reference/totals.md."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Any, TypeAlias
from uuid import UUID

Times: TypeAlias = "tuple[dt.datetime | None, dt.datetime | None]"
Totals: TypeAlias = "dict[str, Any]"
"""Values by the name of the field that stores them."""

ZERO = dt.timedelta(0)


class Status(IntEnum):
    """The statuses of launches that took place, by upstream's ids; all others are of launches to come."""

    SUCCESS = 3
    FAILURE = 4
    IN_FLIGHT = 6
    PARTIAL_FAILURE = 7
    PAYLOAD_DEPLOYED = 9


FLOWN = frozenset(Status)


@dataclass(frozen=True)
class Flight:
    """A flight of a spacecraft, with what totals take from its launch, its landing and its dockings as chaser."""

    status: int | None = None
    net: dt.datetime | None = None
    mission_end: dt.datetime | None = None
    launch: UUID | None = None
    attempt: bool = False
    success: bool | None = None
    dockings: tuple[Times, ...] = ()

    @property
    def flown(self) -> bool:
        return self.status in FLOWN

    @property
    def running(self) -> bool:
        """After a failed launch nothing is, even where nobody has told when it ended."""
        return self.flown and self.status != Status.FAILURE and self.mission_end is None

    @property
    def landed(self) -> bool:
        """Whether a landing was tried: one that lies ahead has not been."""
        return self.flown and self.attempt and (self.success is not None or self.mission_end is not None)

    def end(self, now: dt.datetime) -> dt.datetime | None:
        return now if self.running else self.mission_end

    def duration(self, now: dt.datetime) -> dt.timedelta | None:
        """None was spent in flight where it all ended on the pad, before the planned lift-off."""
        end = self.end(now)
        return max(end - self.net, ZERO) if self.flown and self.net and end else None

    def docked(self, now: dt.datetime) -> dt.timedelta:
        times = ((docking, departure or self.end(now)) for docking, departure in self.dockings if self.flown)
        return sum((max(min(end, now) - docking, ZERO) for docking, end in times if docking and end), ZERO)


def turn_around_times(flights: Sequence[Flight]) -> list[dt.timedelta | None]:
    """For each flight, in order of launch, the time from the end of the one before."""
    times: list[dt.timedelta | None] = [None] * len(flights)
    for number, (before, flight) in enumerate(pairwise(flights), start=1):
        if before.mission_end and flight.net and flight.net >= before.mission_end:
            times[number] = flight.net - before.mission_end
    return times


def fastest_turnaround(fleet: Iterable[Sequence[Flight]]) -> dt.timedelta | None:
    """The shortest turnaround of any spacecraft. Only flown ones count: a plan may still be put off."""
    times = (pair for flights in fleet for pair in zip(flights, turn_around_times(flights), strict=True))
    return min((time for flight, time in times if flight.flown and time is not None), default=None)


def time_in_space(flights: Iterable[Flight], now: dt.datetime) -> dt.timedelta:
    return sum((flight.duration(now) or ZERO for flight in flights), ZERO)


def counted_until(time: dt.timedelta, flights: Sequence[Flight], now: dt.datetime) -> dt.datetime:
    """The moment at which `time` was the time in space: what runs has added to it since. Now, if nothing runs."""
    running = sum(flight.running for flight in flights)
    try:
        return now - (time_in_space(flights, now) - time) / running if running else now
    except OverflowError:  # no moment at all
        return now


def time_docked(flights: Iterable[Flight], now: dt.datetime) -> dt.timedelta:
    return sum((flight.docked(now) for flight in flights), ZERO)


def spacecraft_totals(flights: Sequence[Flight], now: dt.datetime) -> Totals:
    """The totals of the spacecraft that made these flights, in order of launch."""
    flown = [flight for flight in flights if flight.flown]
    return {
        "in_space": any(flight.running and flight.status != Status.IN_FLIGHT for flight in flown),
        "time_in_space": time_in_space(flown, now),
        "time_docked": time_docked(flown, now),
        "flights_count": len(flown),
        "mission_ends_count": sum(flight.mission_end is not None for flight in flown),
        "fastest_turnaround": fastest_turnaround([flights]),
    }


def fleet_totals(fleet: Collection[Sequence[Flight]]) -> Totals:
    """The totals of a configuration or family, from the flights of each of its spacecraft."""
    flown = [flight for flights in fleet for flight in flights if flight.flown]
    launches = list({flight.launch: flight.status for flight in flown}.values())
    landings = [flight.success for flight in flown if flight.landed]
    return {
        "spacecraft_flown": sum(any(flight.flown for flight in flights) for flights in fleet),
        "total_launch_count": len(launches),
        "successful_launches": launches.count(Status.SUCCESS),
        "failed_launches": launches.count(Status.FAILURE) + launches.count(Status.PARTIAL_FAILURE),
        "attempted_landings": len(landings),
        "successful_landings": landings.count(True),
        "failed_landings": landings.count(False),
        "fastest_turnaround": fastest_turnaround(fleet),
    }
