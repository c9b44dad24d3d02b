"""Totals of spacecraft, configurations and families as functions of their flights: see docs/reference/totals.md."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Any, TypeAlias
from uuid import UUID

DockingTimes: TypeAlias = "tuple[dt.datetime | None, dt.datetime | None]"
"""Time of docking and time of departure."""

Totals: TypeAlias = "dict[str, Any]"
"""Values by the names of the model fields that store them."""

ZERO = dt.timedelta(0)


class FlownStatus(IntEnum):
    """Ids from Launch Library of the statuses of launches that took place. All other statuses mean a future launch."""

    SUCCESS = 3
    FAILURE = 4
    IN_FLIGHT = 6
    PARTIAL_FAILURE = 7
    PAYLOAD_DEPLOYED = 9


FLOWN = frozenset(FlownStatus)


@dataclass(frozen=True)
class Flight:
    """A flight of a spacecraft, reduced to the values that totals are computed from.

    `status` (an id), `net` and `launch` (its id) come from the launch, `attempt` and `success` from the landing, and
    `dockings` from the docking events in which the spacecraft is the chaser.
    """

    status: int | None = None
    net: dt.datetime | None = None
    mission_end: dt.datetime | None = None
    launch: UUID | None = None
    attempt: bool = False
    success: bool | None = None
    dockings: tuple[DockingTimes, ...] = ()

    @property
    def flown(self) -> bool:
        """Whether the launch took place."""
        return self.status in FLOWN

    @property
    def running(self) -> bool:
        """Whether the flight has not ended. After a failed launch it has, even if `mission_end` is missing."""
        return self.flown and self.status != FlownStatus.FAILURE and self.mission_end is None

    @property
    def landing_attempted(self) -> bool:
        """Whether a landing was attempted. `attempt` alone is also true for future landings."""
        return self.flown and self.attempt and (self.success is not None or self.mission_end is not None)

    def end_time(self, now: dt.datetime) -> dt.datetime | None:
        return now if self.running else self.mission_end

    def duration(self, now: dt.datetime) -> dt.timedelta | None:
        """Return the duration. It is zero if the vehicle was lost on the pad before the planned time of lift-off."""
        end = self.end_time(now)
        return max(end - self.net, ZERO) if self.flown and self.net and end else None

    def time_docked(self, now: dt.datetime) -> dt.timedelta:
        times = ((docking, departure or self.end_time(now)) for docking, departure in self.dockings if self.flown)
        return sum((max(min(end, now) - docking, ZERO) for docking, end in times if docking and end), ZERO)


def turn_around_times(flights: Sequence[Flight]) -> list[dt.timedelta | None]:
    """Return the time from the end of the previous flight for each flight. The flights are in order of launch."""
    times: list[dt.timedelta | None] = [None] * len(flights)
    for index, (previous, flight) in enumerate(pairwise(flights), start=1):
        if previous.mission_end and flight.net and flight.net >= previous.mission_end:
            times[index] = flight.net - previous.mission_end
    return times


def fastest_turnaround(histories: Iterable[Sequence[Flight]]) -> dt.timedelta | None:
    """Return the shortest turnaround of several spacecraft, given the flights of each.

    Planned flights do not count, as they may be postponed.
    """
    times = (pair for flights in histories for pair in zip(flights, turn_around_times(flights), strict=True))
    return min((time for flight, time in times if flight.flown and time is not None), default=None)


def time_in_space(flights: Iterable[Flight], now: dt.datetime) -> dt.timedelta:
    return sum((flight.duration(now) or ZERO for flight in flights), ZERO)


def counted_at(time: dt.timedelta, flights: Sequence[Flight], now: dt.datetime) -> dt.datetime:
    """Return the time at which the stored time in space, `time`, was computed, or `now` if no flight is running.

    The time in space has grown since then by the same amount for each running flight.
    """
    running = sum(flight.running for flight in flights)
    try:
        return now - (time_in_space(flights, now) - time) / running if running else now
    except OverflowError:  # the stored value is out of range
        return now


def time_docked(flights: Iterable[Flight], now: dt.datetime) -> dt.timedelta:
    return sum((flight.time_docked(now) for flight in flights), ZERO)


def spacecraft_totals(flights: Sequence[Flight], now: dt.datetime) -> Totals:
    """Return the totals of a spacecraft, given its flights in order of launch."""
    flown = [flight for flight in flights if flight.flown]
    return {
        "in_space": any(flight.running and flight.status != FlownStatus.IN_FLIGHT for flight in flown),
        "time_in_space": time_in_space(flown, now),
        "time_docked": time_docked(flown, now),
        "flights_count": len(flown),
        "mission_ends_count": sum(flight.mission_end is not None for flight in flown),
        "fastest_turnaround": fastest_turnaround([flights]),
    }


def group_totals(histories: Collection[Sequence[Flight]]) -> Totals:
    """Return the totals of a configuration or family, given the flights of each of its spacecraft."""
    flown = [flight for flights in histories for flight in flights if flight.flown]
    launches = list({flight.launch: flight.status for flight in flown}.values())
    landings = [flight.success for flight in flown if flight.landing_attempted]
    return {
        "spacecraft_flown": sum(any(flight.flown for flight in flights) for flights in histories),
        "total_launch_count": len(launches),
        "successful_launches": launches.count(FlownStatus.SUCCESS),
        "failed_launches": launches.count(FlownStatus.FAILURE) + launches.count(FlownStatus.PARTIAL_FAILURE),
        "attempted_landings": len(landings),
        "successful_landings": landings.count(True),
        "failed_landings": landings.count(False),
        "fastest_turnaround": fastest_turnaround(histories),
    }
