"""Totals derived anew: what is known, what is left alone, the captured flights, and the command."""

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
from tests.flights.histories import NOW, craft, day, days, fleet, flown, totals

# --- What is known, and what is left alone ----------------------------------------------------------------------------

db = pytest.mark.django_db


@db
@pytest.mark.parametrize(("count", "known"), [(None, False), (1, True), (2, True), (3, False)])
def test_known_are_flights_of_whom_as_many_are_here_as_were_told(count: int | None, known: bool) -> None:
    told = {"flights_count": count, "time_in_space": days(5), "in_space": True}
    one = craft(flown(0, 10), flown(12, 20), flown(1010, None, 2), pk=1, **told)
    before = totals(one)
    summary = recount(now=NOW)
    assert (summary.derived, summary.kept) == ((1, 0) if known else (0, 1))
    assert totals(one) == ((2, 2, False, days(18), days(0)) if known else before)
    flights = one.flights.order_by("pk")
    assert [flight.duration for flight in flights] == [days(10), days(8), None]
    assert [flight.turn_around_time for flight in flights] == ([None, days(2), days(990)] if known else [None] * 3)


@db
def test_a_turnaround_on_the_first_flight_tells_of_one_before() -> None:
    """The document told of one flown flight and of one planned; the planned one alone is here, and has flown since."""
    one = craft(flown(0, 10), pk=1, flights_count=1, time_in_space=days(5))
    one.flights.update(turn_around_time=days(100))
    assert recount(now=NOW).kept == 1
    assert totals(one)[3] == days(5)
    assert one.flights.get().turn_around_time == days(100)


@db
def test_all_is_known_of_what_was_made_here() -> None:
    one = craft(flown(0, 10))
    assert one.pk >= LOCAL_IDS_FROM
    recount(now=NOW)
    assert totals(one) == (1, 1, False, days(10), days(0))


@db
def test_time_docked_is_kept_where_dockings_are_not_known() -> None:
    """A page of flights tells no dockings, though the spacecraft in it tell how long they were docked."""
    one = craft(flown(0, 10), flights_count=1, time_docked=days(7))
    recount(now=NOW)
    assert totals(one)[4] == days(7)


@db
def test_time_docked_is_kept_until_each_flight_has_its_dockings() -> None:
    """Counted on day 910: seven days in the first flight, of which nothing is here, and nine in the running one."""
    flights = flown(0, 10), flown(900, None, dockings=((day(901), None),))
    one = craft(*flights, flights_count=2, time_in_space=days(20), time_docked=days(16))
    for now in (950, 950, 1000):
        recount(now=day(now))
        assert totals(one)[3:] == (days(10 + now - 900), days(16))
    first = one.flights.order_by("pk")[0]
    DockingEvent.objects.create(flight_vehicle_chaser=first, docking=day(2), departure=day(9))
    recount(now=NOW)
    assert totals(one)[4] == days(7 + 1000 - 901)


@db
def test_time_docked_goes_on_where_the_dockings_make_up_what_was_told() -> None:
    """Counted on day 910, by a job that took some seconds; the first flight had no docking."""
    flights = flown(0, 10), flown(900, None, dockings=((day(901), None),))
    seconds = dt.timedelta(seconds=9)
    one = craft(*flights, flights_count=2, time_in_space=days(20), time_docked=days(9) + seconds)
    for now in (950, 1000):
        recount(now=day(now))
        assert totals(one)[4] == days(now - 901)


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
def test_time_docked_follows_what_is_told_later(change: dict[str, Any], docked: dt.timedelta) -> None:
    """Be it less than what was counted before, by whatever way it was told."""
    one = craft(flown(900, None, dockings=((day(901), None),)), pk=1, flights_count=1)
    recount(now=day(995))
    assert totals(one)[4] == days(94)
    for model in (DockingEvent, SpacecraftFlight, Launch):
        names = {field.name for field in model._meta.get_fields()}
        if told := {name: value for name, value in change.items() if name in names}:
            model._base_manager.update(**told)
    recount(now=NOW)
    assert totals(one)[4] == docked


@db
def test_time_docked_that_was_told_wrong_is_put_right() -> None:
    one = craft(flown(0, 10, dockings=((day(1), day(4)),)), pk=1, flights_count=1, time_docked=days(9))
    recount(now=NOW)
    assert totals(one)[4] == days(3)


@db
def test_a_total_out_of_all_bounds_is_put_right() -> None:
    one = craft(flown(990, None), pk=1, flights_count=1, time_in_space=days(10_000_000))
    recount(now=NOW)
    assert totals(one)[3] == days(10)


@db
@pytest.mark.parametrize(
    ("told", "known"),
    [
        ({"pk": 1}, False),
        ({"pk": 1, "total_launch_count": 3, "spacecraft_flown": 2}, True),
        ({"pk": 1, "total_launch_count": 4}, False),
        ({"pk": 1, "total_launch_count": 3, "spacecraft_flown": 3}, False),
        ({}, True),
    ],
)
def test_known_are_configurations_all_of_whose_launches_are_here(told: dict[str, Any], known: bool) -> None:
    made = fleet(craft(flown(0, 10), flown(12, 20)), craft(flown(30, 40)), **told)
    recount(now=NOW)
    for one in made:
        one.refresh_from_db()
        assert one.total_launch_count == (3 if known else told.get("total_launch_count"))
        assert one.successful_launches == (3 if known else None)
    assert isinstance(made[0], SpacecraftConfig)
    assert made[0].fastest_turnaround == (days(2) if known else None)


@db
def test_a_configuration_with_a_spacecraft_that_is_not_known_is_not_known() -> None:
    config, _ = fleet(craft(flown(0, 10)), craft(flown(0, 10), flights_count=2), total_launch_count=1)
    recount(now=NOW)
    config.refresh_from_db()
    assert config.total_launch_count == 1


@db
def test_only_those_asked_for() -> None:
    one, other = craft(flown(0, 10)), craft(flown(0, 10))
    config, other_config = fleet(one)[0], fleet(other)[0]
    summary = recount([one.pk], now=NOW)
    assert {change.of for change in summary.changes} == {one, one.flights.get(), config, config.family.get()}
    assert totals(other)[0] is None
    other_config.refresh_from_db()
    assert other_config.total_launch_count is None


# --- The captured flights ---------------------------------------------------------------------------------------------


@pytest.fixture
def captured(reference: Path, db: None) -> list[Any]:
    """Real flights, just ingested."""
    page = reference / "captures" / "v2.3.0_spacecraft_flights_limit-100.json"
    single = reference / "documents" / "v2.3.0_spacecraft_flights_358.json"
    ingest_files([page, single])
    return [*json.loads(page.read_text())["results"], json.loads(single.read_text())["body"]]


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def length(text: str | None) -> dt.timedelta | None:
    return None if text is None else DurationField().to_internal_value(text)


TOTALS = ("in_space", "time_in_space", "time_docked", "flights_count", "mission_ends_count", "fastest_turnaround")


def test_captured_totals_come_out(captured: list[Any]) -> None:
    """For every spacecraft whose flights are all there: as told, though nearly all that was told is made wrong before.

    Not `flights_count`, for it tells whether the flights are all there, and not `time_docked`, for a page of flights
    tells no dockings. What runs was counted by upstream's job, over some seconds, so it is counted at that moment here:
    the one launch plus the time in space.
    """
    told = {flight["spacecraft"]["id"]: flight for flight in captured}
    Spacecraft.objects.update(in_space=True, time_in_space=days(1), mission_ends_count=99, fastest_turnaround=days(0.5))
    known = {}
    for pk, flight in told.items():
        expected = {name: flight["spacecraft"][name] for name in TOTALS}
        expected |= {name: length(value) for name, value in expected.items() if name.startswith(("time", "fastest"))}
        now = NOW
        if expected["in_space"]:
            now = moment(flight["launch"]["net"]) + (expected["time_in_space"] or days(0))
        if recount([pk], now=now).derived:
            assert Spacecraft.objects.values(*TOTALS).get(pk=pk) == expected
            known[pk] = expected
            assert not expected["in_space"] or moment("2026-07-19T01:42:46Z") <= now <= moment("2026-07-19T01:42:48Z")
        else:
            kept = Spacecraft.objects.get(pk=pk)
            assert (kept.in_space, kept.time_in_space, kept.mission_ends_count) == (True, days(1), 99)
    assert (len(known), len(told)) == (26, 36)
    assert sum(one["flights_count"] > 0 for one in known.values()) == 17
    assert sum(one["in_space"] for one in known.values()) == 7


def test_captured_durations_come_out(captured: list[Any]) -> None:
    """What runs was told as of the moment at which upstream wrote it, over some seconds of writing the page."""
    SpacecraftFlight.objects.update(duration=None)
    recount(now=moment("2026-07-19T01:45:22Z"))
    for flight in captured:
        stored, told = SpacecraftFlight.objects.get(pk=flight["id"]), length(flight["duration"])
        if told is not None and flight["mission_end"] is None:
            assert stored.duration is not None
            assert dt.timedelta(0) <= told - stored.duration < dt.timedelta(seconds=7)
        else:
            assert stored.duration == told
        assert stored.turn_around_time == length(flight["turn_around_time"])


def test_captured_turnarounds_come_out(captured: list[Any]) -> None:
    """Of all flights before which another one of the spacecraft was captured, planned ones too."""
    flights: dict[int, list[Any]] = {}
    for one in sorted(captured, key=lambda one: str(one["launch"]["net"])):
        flights.setdefault(one["spacecraft"]["id"], []).append(one)
    for known in flights.values():
        derived = turn_around_times(
            [
                Flight(
                    one["launch"]["status"]["id"],
                    moment(one["launch"]["net"]),
                    moment(one["mission_end"]) if one["mission_end"] else None,
                )
                for one in known
            ]
        )
        assert derived[1:] == [length(one["turn_around_time"]) for one in known[1:]]
    assert sum(len(known) - 1 for known in flights.values()) == 3


def test_twice_changes_nothing(captured: list[Any]) -> None:
    now = moment("2026-07-19T02:00:00Z")
    assert recount(now=now).changes
    assert recount(now=now).changes == []


# --- The command ------------------------------------------------------------------------------------------------------


def run(*args: Any, **options: Any) -> str:
    out = StringIO()
    call_command("recount", *args, stdout=out, **options)
    return out.getvalue()


@db
def test_command_says_what_changed() -> None:
    one = craft(flown(0, 10), name="[bold]Nyx", in_space=True)
    out = run()
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in out.splitlines() if line.startswith("│")]
    assert [row[0] for row in rows if row[0]][-2:] == [f"Spacecraft {one.pk}", "[bold]Nyx"]
    assert ["duration", "null", "P10D"] in [row[1:] for row in rows]
    assert ["in_space", "true", "false"] in [row[1:] for row in rows]
    assert "1 spacecraft counted, 6 totals changed." in out
    assert run() == "1 spacecraft counted, 0 totals changed.\n"
    assert run(one.pk, verbosity=0) == ""


@db
def test_command_says_what_it_keeps() -> None:
    craft(flown(0, 10), flights_count=2)
    assert "1 spacecraft keep the totals that were told" in run()


@db
def test_command_dry_run_writes_nothing() -> None:
    one = craft(flown(0, 10))
    out = run(dry_run=True)
    assert "nothing was written" in out
    assert "P10D" in out
    assert totals(one)[0] is None
    assert one.flights.get().duration is None


@db
def test_command_refuses_what_is_no_spacecraft() -> None:
    one = craft(flown(0, 10))
    with pytest.raises(CommandError, match="there is no spacecraft 7, 8\nNothing was written") as failed:
        run(one.pk, 8, 7)
    assert failed.value.returncode == 1
    assert totals(one)[0] is None


@db
def test_queries_do_not_grow() -> None:
    counted = []
    for more in (1, 30):
        for _ in range(more):
            fleet(craft(flown(0, 10, dockings=((day(1), day(2)),)), flown(12, None)))
        with CaptureQueriesContext(connection) as queries:
            assert recount(now=NOW).changes
        counted.append(len(queries))
    # tables read, tables written, the transaction, the revision; PostgreSQL takes the lock by a query
    assert counted[0] == counted[1] == 6 + 4 + 2 + 3 + (connection.vendor == "postgresql")
