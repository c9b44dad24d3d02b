"""Recounts: complete and incomplete histories, captured flights, and the command."""

import datetime as dt
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from flights.models import DockingEvent, Launch, SpacecraftFlight
from flights.recount import recount
from flights.totals import Flight, turn_around_times
from spacecraft.models import Spacecraft, SpacecraftConfig
from spacedb.catalogue.models import LOCAL_IDS_FROM
from spacedb.ingest.ingest import ingest_files
from spacedb.serializers.fields import DurationField
from tests.flights.histories import NOW, create_groups, create_spacecraft, day, days, flown, stored_totals

# --- Complete and incomplete histories --------------------------------------------------------------------------------

db = pytest.mark.django_db


@db
@pytest.mark.parametrize(("count", "is_complete"), [(None, False), (1, True), (2, True), (3, False)])
def test_spacecraft_with_as_many_flights_as_its_total_is_complete(count: int | None, is_complete: bool) -> None:
    values = {"flights_count": count, "time_in_space": days(5), "in_space": True}
    spacecraft = create_spacecraft(flown(0, 10), flown(12, 20), flown(1010, None, 2), pk=1, **values)
    before = stored_totals(spacecraft)
    summary = recount(now=NOW)
    assert (summary.recounted, summary.skipped) == ((1, 0) if is_complete else (0, 1))
    assert stored_totals(spacecraft) == ((2, 2, False, days(18), days(0)) if is_complete else before)
    flights = spacecraft.flights.order_by("pk")
    assert [flight.duration for flight in flights] == [days(10), days(8), None]
    assert [flight.turn_around_time for flight in flights] == (
        [None, days(2), days(990)] if is_complete else [None] * 3
    )


@db
def test_a_turnaround_of_the_first_flight_proves_that_one_is_missing() -> None:
    """A flown flight is missing. The stored flight was planned when the document was written, and is flown now."""
    spacecraft = create_spacecraft(flown(0, 10), pk=1, flights_count=1, time_in_space=days(5))
    spacecraft.flights.update(turn_around_time=days(100))
    assert recount(now=NOW).skipped == 1
    assert stored_totals(spacecraft)[3] == days(5)
    assert spacecraft.flights.get().turn_around_time == days(100)


@db
def test_local_objects_are_complete() -> None:
    spacecraft = create_spacecraft(flown(0, 10))
    assert spacecraft.pk >= LOCAL_IDS_FROM
    recount(now=NOW)
    assert stored_totals(spacecraft) == (1, 1, False, days(10), days(0))


@db
def test_time_docked_does_not_change_if_dockings_are_missing() -> None:
    """Lists of flights contain the time docked of each spacecraft but no docking events."""
    spacecraft = create_spacecraft(flown(0, 10), flights_count=1, time_docked=days(7))
    recount(now=NOW)
    assert stored_totals(spacecraft)[4] == days(7)


@db
def test_time_docked_does_not_change_until_each_flight_has_its_dockings() -> None:
    """The total of day 910 counts seven days of the first flight, whose docking is missing, and nine of the second."""
    flights = flown(0, 10), flown(900, None, dockings=((day(901), None),))
    spacecraft = create_spacecraft(*flights, flights_count=2, time_in_space=days(20), time_docked=days(16))
    for now in (950, 950, 1000):
        recount(now=day(now))
        assert stored_totals(spacecraft)[3:] == (days(10 + now - 900), days(16))
    first = spacecraft.flights.order_by("pk")[0]
    DockingEvent.objects.create(flight_vehicle_chaser=first, docking=day(2), departure=day(9))
    recount(now=NOW)
    assert stored_totals(spacecraft)[4] == days(7 + 1000 - 901)


@db
def test_time_docked_grows_if_the_dockings_add_up_to_the_stored_total() -> None:
    """The total is of day 910, by a job that took some seconds. The first flight had no docking."""
    flights = flown(0, 10), flown(900, None, dockings=((day(901), None),))
    seconds = dt.timedelta(seconds=9)
    spacecraft = create_spacecraft(*flights, flights_count=2, time_in_space=days(20), time_docked=days(9) + seconds)
    for now in (950, 1000):
        recount(now=day(now))
        assert stored_totals(spacecraft)[4] == days(now - 901)


@db
@pytest.mark.parametrize(
    ("change", "docked"),
    [
        ({}, days(99)),
        ({"departure": day(991)}, days(90)),
        ({"departure": day(991), "mission_end": day(995)}, days(90)),
        ({"docking": day(911)}, days(89)),
        ({"net": day(890)}, days(99)),
    ],
)
def test_time_docked_follows_later_changes(change: dict[str, Any], docked: dt.timedelta) -> None:
    """Even if it becomes less than before."""
    spacecraft = create_spacecraft(flown(900, None, dockings=((day(901), None),)), pk=1, flights_count=1)
    recount(now=day(995))
    assert stored_totals(spacecraft)[4] == days(94)
    for model in (DockingEvent, SpacecraftFlight, Launch):
        names = {field.name for field in model._meta.get_fields()}
        if values := {name: value for name, value in change.items() if name in names}:
            model._base_manager.update(**values)
    recount(now=NOW)
    assert stored_totals(spacecraft)[4] == docked


@db
def test_a_wrong_time_docked_is_corrected() -> None:
    spacecraft = create_spacecraft(
        flown(0, 10, dockings=((day(1), day(4)),)), pk=1, flights_count=1, time_docked=days(9)
    )
    recount(now=NOW)
    assert stored_totals(spacecraft)[4] == days(3)


@db
def test_a_total_that_is_out_of_range_is_corrected() -> None:
    spacecraft = create_spacecraft(flown(990, None), pk=1, flights_count=1, time_in_space=days(10_000_000))
    recount(now=NOW)
    assert stored_totals(spacecraft)[3] == days(10)


@db
@pytest.mark.parametrize(
    ("values", "is_complete"),
    [
        ({"pk": 1}, False),
        ({"pk": 1, "total_launch_count": 3, "spacecraft_flown": 2}, True),
        ({"pk": 1, "total_launch_count": 4}, False),
        ({"pk": 1, "total_launch_count": 3, "spacecraft_flown": 3}, False),
        ({}, True),
    ],
)
def test_groups_with_all_launches_are_complete(values: dict[str, Any], is_complete: bool) -> None:
    groups = create_groups(create_spacecraft(flown(0, 10), flown(12, 20)), create_spacecraft(flown(30, 40)), **values)
    recount(now=NOW)
    for group in groups:
        group.refresh_from_db()
        assert group.total_launch_count == (3 if is_complete else values.get("total_launch_count"))
        assert group.successful_launches == (3 if is_complete else None)
    assert isinstance(groups[0], SpacecraftConfig)
    assert groups[0].fastest_turnaround == (days(2) if is_complete else None)


@db
def test_a_configuration_with_an_incomplete_spacecraft_is_incomplete() -> None:
    config, _ = create_groups(
        create_spacecraft(flown(0, 10)), create_spacecraft(flown(0, 10), flights_count=2), total_launch_count=1
    )
    recount(now=NOW)
    config.refresh_from_db()
    assert config.total_launch_count == 1


@db
def test_recounts_requested_spacecraft_only() -> None:
    spacecraft, other = create_spacecraft(flown(0, 10)), create_spacecraft(flown(0, 10))
    config, other_config = create_groups(spacecraft)[0], create_groups(other)[0]
    summary = recount([spacecraft.pk], now=NOW)
    instances = {change.instance for change in summary.changes}
    assert instances == {spacecraft, spacecraft.flights.get(), config, config.family.get()}
    assert stored_totals(other)[0] is None
    other_config.refresh_from_db()
    assert other_config.total_launch_count is None


# --- The captured flights ---------------------------------------------------------------------------------------------


@pytest.fixture
def captured(reference: Path, db: None) -> list[Any]:
    """Ingest captured documents of flights from Launch Library, and return the flights."""
    page = reference / "captures" / "v2.3.0_spacecraft_flights_limit-100.json"
    single = reference / "documents" / "v2.3.0_spacecraft_flights_358.json"
    ingest_files([page, single])
    return [*json.loads(page.read_text())["results"], json.loads(single.read_text())["body"]]


def parse_time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def parse_duration(text: str | None) -> dt.timedelta | None:
    return None if text is None else DurationField().to_internal_value(text)


TOTALS = ("in_space", "time_in_space", "time_docked", "flights_count", "mission_ends_count", "fastest_turnaround")


def test_captured_totals_are_reproduced(captured: list[Any]) -> None:
    """The totals of every spacecraft whose flights are all stored are those of the document.

    Most totals are overwritten before the recount, but not `flights_count`, which shows whether the flights are all
    stored, and `time_docked`, as a list of flights contains no docking events. Launch Library computed the totals of
    running flights within some seconds. The recount uses the same time: that of the launch plus the time in space.
    """
    by_spacecraft = {flight["spacecraft"]["id"]: flight for flight in captured}
    Spacecraft.objects.update(in_space=True, time_in_space=days(1), mission_ends_count=99, fastest_turnaround=days(0.5))
    complete = {}
    for pk, flight in by_spacecraft.items():
        expected = {name: flight["spacecraft"][name] for name in TOTALS}
        expected |= {
            name: parse_duration(value) for name, value in expected.items() if name.startswith(("time", "fastest"))
        }
        now = NOW
        if expected["in_space"]:
            now = parse_time(flight["launch"]["net"]) + (expected["time_in_space"] or days(0))
        if recount([pk], now=now).recounted:
            assert Spacecraft.objects.values(*TOTALS).get(pk=pk) == expected
            complete[pk] = expected
            assert not expected["in_space"] or parse_time("2026-07-19T01:42:46Z") <= now <= parse_time(
                "2026-07-19T01:42:48Z"
            )
        else:
            skipped = Spacecraft.objects.get(pk=pk)
            assert (skipped.in_space, skipped.time_in_space, skipped.mission_ends_count) == (True, days(1), 99)
    assert (len(complete), len(by_spacecraft)) == (26, 36)
    assert sum(totals["flights_count"] > 0 for totals in complete.values()) == 17
    assert sum(totals["in_space"] for totals in complete.values()) == 7


def test_captured_durations_are_reproduced(captured: list[Any]) -> None:
    """Durations of running flights are as of the time at which Launch Library rendered each flight of the page."""
    SpacecraftFlight.objects.update(duration=None)
    recount(now=parse_time("2026-07-19T01:45:22Z"))
    for flight in captured:
        stored, expected = SpacecraftFlight.objects.get(pk=flight["id"]), parse_duration(flight["duration"])
        if expected is not None and flight["mission_end"] is None:
            assert stored.duration is not None
            assert dt.timedelta(0) <= expected - stored.duration < dt.timedelta(seconds=7)
        else:
            assert stored.duration == expected
        assert stored.turn_around_time == parse_duration(flight["turn_around_time"])


def test_captured_turnarounds_are_reproduced(captured: list[Any]) -> None:
    """Planned flights are included. The first captured flight of each spacecraft is left out."""
    flights: dict[int, list[Any]] = {}
    for flight in sorted(captured, key=lambda flight: str(flight["launch"]["net"])):
        flights.setdefault(flight["spacecraft"]["id"], []).append(flight)
    for history in flights.values():
        computed = turn_around_times(
            [
                Flight(
                    flight["launch"]["status"]["id"],
                    parse_time(flight["launch"]["net"]),
                    parse_time(flight["mission_end"]) if flight["mission_end"] else None,
                )
                for flight in history
            ]
        )
        assert computed[1:] == [parse_duration(flight["turn_around_time"]) for flight in history[1:]]
    assert sum(len(history) - 1 for history in flights.values()) == 3


def test_a_second_recount_changes_nothing(captured: list[Any]) -> None:
    now = parse_time("2026-07-19T02:00:00Z")
    assert recount(now=now).changes
    assert recount(now=now).changes == []


# --- The command ------------------------------------------------------------------------------------------------------


def run(*args: Any, **options: Any) -> str:
    out = StringIO()
    call_command("recount", *args, stdout=out, **options)
    return out.getvalue()


@db
def test_command_prints_changes() -> None:
    spacecraft = create_spacecraft(flown(0, 10), name="[bold]Nyx", in_space=True)
    out = run()
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in out.splitlines() if line.startswith("│")]
    assert [row[0] for row in rows if row[0]][-2:] == [f"Spacecraft {spacecraft.pk}", "[bold]Nyx"]
    assert ["duration", "null", "P10D"] in [row[1:] for row in rows]
    assert ["in_space", "true", "false"] in [row[1:] for row in rows]
    assert "1 spacecraft recounted, 6 totals changed." in out
    assert run() == "1 spacecraft recounted, 0 totals changed.\n"
    assert run(spacecraft.pk, verbosity=0) == ""


@db
def test_command_prints_the_number_of_skipped_spacecraft() -> None:
    create_spacecraft(flown(0, 10), flights_count=2)
    assert "1 spacecraft skipped" in run()


@db
def test_command_dry_run_writes_nothing() -> None:
    spacecraft = create_spacecraft(flown(0, 10))
    out = run(dry_run=True)
    assert "nothing was written" in out
    assert "P10D" in out
    assert stored_totals(spacecraft)[0] is None
    assert spacecraft.flights.get().duration is None


@db
def test_command_rejects_unknown_ids() -> None:
    spacecraft = create_spacecraft(flown(0, 10))
    with pytest.raises(CommandError, match=r"Spacecraft not found: 7, 8\.\nNothing was written") as failed:
        run(spacecraft.pk, 8, 7)
    assert failed.value.returncode == 1
    assert stored_totals(spacecraft)[0] is None


@db
def test_number_of_queries_is_constant() -> None:
    query_counts = []
    for number in (1, 30):
        for _ in range(number):
            create_groups(create_spacecraft(flown(0, 10, dockings=((day(1), day(2)),)), flown(12, None)))
        with CaptureQueriesContext(connection) as queries:
            assert recount(now=NOW).changes
        query_counts.append(len(queries))
    # tables read + tables written + transaction; on PostgreSQL, also the lock
    assert query_counts[0] == query_counts[1] == 6 + 4 + 2 + (connection.vendor == "postgresql")
