"""Each rule for computing totals from flights, dockings and landings."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from flights.totals import Flight, FlownStatus, group_totals, spacecraft_totals, turn_around_times
from tests.flights.histories import NOW, PLANNED, day, days, flown


@pytest.mark.parametrize(
    ("flight", "duration"),
    [
        (flown(0, 10), days(10)),
        (flown(990, None), days(10)),
        (flown(1001, None), days(0)),  # the launch is in the future
        (flown(0, 0, FlownStatus.FAILURE), days(0)),  # exploded on the pad
        (flown(0, -2, FlownStatus.FAILURE), days(0)),  # exploded two days before the planned launch
        (flown(0, None, FlownStatus.FAILURE), None),
        (flown(0, 1, FlownStatus.FAILURE), days(1)),
        (flown(0, None, FlownStatus.PARTIAL_FAILURE), days(1000)),
        *((flown(0, None, planned), None) for planned in PLANNED),
        (flown(0, None, -1), None),  # a placeholder status
        (Flight(), None),
        (Flight(FlownStatus.SUCCESS), None),
    ],
)
def test_duration(flight: Flight, duration: dt.timedelta | None) -> None:
    assert flight.duration(NOW) == duration


@pytest.mark.parametrize(
    ("flight", "docked"),
    [
        (flown(0, 10, dockings=((day(1), day(4)), (day(5), day(6)))), days(4)),
        (flown(0, None, dockings=((day(990), None),)), days(10)),
        (flown(0, None, dockings=((day(1), day(1010)),)), days(999)),  # will undock
        (flown(0, None, dockings=((day(1010), None),)), days(0)),  # will dock
        (flown(0, 10, dockings=((day(1), None),)), days(9)),  # undocked at the end of its mission at the latest
        (flown(0, 10, dockings=((day(4), day(1)), (None, None))), days(0)),
        (flown(0, None, FlownStatus.FAILURE, dockings=((day(1), None),)), days(0)),
        (flown(0, None, 2, dockings=((day(1), None),)), days(0)),
    ],
)
def test_time_docked(flight: Flight, docked: dt.timedelta) -> None:
    assert flight.time_docked(NOW) == docked


@pytest.mark.parametrize(
    ("flights", "expected"),
    [
        ([], []),
        ([flown(0, 10), flown(15, 20), flown(30, None)], [None, days(5), days(10)]),
        ([flown(0, 10), flown(2000, None, 2)], [None, days(1990)]),  # planned
        ([flown(0, None), flown(30, None)], [None, None]),
        ([flown(0, 10), flown(5, 20)], [None, None]),  # never negative
        ([flown(0, 10), flown(10, 20)], [None, days(0)]),
        ([flown(0, 10), Flight(2)], [None, None]),
    ],
)
def test_turn_around_times(flights: list[Flight], expected: list[dt.timedelta | None]) -> None:
    assert turn_around_times(flights) == expected


def test_spacecraft() -> None:
    flights = [
        flown(0, 10, dockings=((day(1), day(4)),)),
        flown(13, 20),
        flown(900, None, dockings=((day(901), None),)),
        flown(901, None, 2),
    ]
    assert spacecraft_totals(flights, NOW) == {
        "in_space": True,
        "time_in_space": days(117),
        "time_docked": days(102),
        "flights_count": 3,
        "mission_ends_count": 2,
        "fastest_turnaround": days(3),
    }


@pytest.mark.parametrize(
    ("flight", "in_space"),
    [
        (flown(0, None), True),
        (flown(0, None, FlownStatus.PAYLOAD_DEPLOYED), True),
        (flown(0, None, FlownStatus.PARTIAL_FAILURE), True),
        (flown(0, None, FlownStatus.IN_FLIGHT), False),
        (flown(0, None, FlownStatus.FAILURE), False),
        (flown(0, None, 1), False),
        (flown(0, 10), False),
    ],
)
def test_in_space(flight: Flight, in_space: bool) -> None:
    assert spacecraft_totals([flight], NOW)["in_space"] is in_space


def test_planned_flights_do_not_count_as_fastest_turnaround() -> None:
    assert spacecraft_totals([flown(0, 10), flown(1001, None, 2)], NOW)["fastest_turnaround"] is None


def test_an_explosion_on_the_pad_counts_as_a_flight() -> None:
    totals = spacecraft_totals([flown(0, 0, FlownStatus.FAILURE)], NOW)
    assert (totals["flights_count"], totals["mission_ends_count"], totals["time_in_space"]) == (1, 1, days(0))


def launched(number: int, start: float, end: float | None, status: int = 3, **values: Any) -> Flight:
    return flown(start, end, status, launch=UUID(int=number), **values)


def test_configuration() -> None:
    histories = [
        [launched(1, 0, 10, attempt=True, success=True), launched(2, 12, 20, attempt=True, success=False)],
        [
            launched(1, 0, 10),
            launched(3, 40, 41, FlownStatus.PARTIAL_FAILURE, attempt=True),
        ],  # the result of the landing is unknown
        [launched(4, 60, 60, FlownStatus.FAILURE), launched(5, 990, None, attempt=True)],  # will land
        [launched(6, 2000, None, 2, attempt=True)],
    ]
    assert group_totals(histories) == {
        "spacecraft_flown": 3,
        "total_launch_count": 5,  # two spacecraft share one
        "successful_launches": 3,
        "failed_launches": 2,
        "attempted_landings": 3,
        "successful_landings": 1,
        "failed_landings": 1,
        "fastest_turnaround": days(2),
    }
