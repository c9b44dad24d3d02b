"""Totals derived from flights, dockings and landings: each rule, what is left alone, the command, and the admin."""

import datetime as dt
import json
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from flights.models import DockingEvent, Landing, Launch, LaunchStatus, SpacecraftFlight, SpaceStation
from flights.recount import recount
from flights.totals import Flight, Status, fleet_totals, spacecraft_totals, turn_around_times
from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftConfigFamily
from spacedb.api.fields import Duration
from spacedb.api.ingest import ingest_files
from spacedb.api.models import LOCAL_IDS_FROM
from tests.test_admin import address, save

START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
NOW = START + dt.timedelta(days=1000)
PLANNED = (1, 2, 5, 8)


def day(number: float) -> dt.datetime:
    return START + dt.timedelta(days=number)


def days(number: float) -> dt.timedelta:
    return dt.timedelta(days=number)


def flown(start: float, end: float | None, status: int = 3, **more: Any) -> Flight:
    return Flight(status, day(start), None if end is None else day(end), **more)


# --- The rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flight", "duration"),
    [
        (flown(0, 10), days(10)),
        (flown(990, None), days(10)),
        (flown(1001, None), days(0)),  # not before its launch, whatever the clock says
        (flown(0, 0, Status.FAILURE), days(0)),  # exploded on the pad
        (flown(0, -2, Status.FAILURE), days(0)),  # so, two days before the planned launch
        (flown(0, None, Status.FAILURE), None),
        (flown(0, 1, Status.FAILURE), days(1)),
        (flown(0, None, Status.PARTIAL_FAILURE), days(1000)),
        *((flown(0, None, planned), None) for planned in PLANNED),
        (flown(0, None, -1), None),  # a status that was named without its id
        (Flight(), None),
        (Flight(Status.SUCCESS), None),
    ],
)
def test_duration(flight: Flight, duration: dt.timedelta | None) -> None:
    assert flight.duration(NOW) == duration


@pytest.mark.parametrize(
    ("flight", "docked"),
    [
        (flown(0, 10, dockings=((day(1), day(4)), (day(5), day(6)))), days(4)),
        (flown(0, None, dockings=((day(990), None),)), days(10)),
        (flown(0, None, dockings=((day(1), day(1010)),)), days(999)),  # will leave
        (flown(0, None, dockings=((day(1010), None),)), days(0)),  # will come
        (flown(0, 10, dockings=((day(1), None),)), days(9)),  # left at the end of its mission, at the latest
        (flown(0, 10, dockings=((day(4), day(1)), (None, None))), days(0)),
        (flown(0, None, Status.FAILURE, dockings=((day(1), None),)), days(0)),
        (flown(0, None, 2, dockings=((day(1), None),)), days(0)),
    ],
)
def test_time_docked(flight: Flight, docked: dt.timedelta) -> None:
    assert flight.docked(NOW) == docked


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
        (flown(0, None, Status.PAYLOAD_DEPLOYED), True),
        (flown(0, None, Status.PARTIAL_FAILURE), True),
        (flown(0, None, Status.IN_FLIGHT), False),
        (flown(0, None, Status.FAILURE), False),
        (flown(0, None, 1), False),
        (flown(0, 10), False),
    ],
)
def test_in_space(flight: Flight, in_space: bool) -> None:
    assert spacecraft_totals([flight], NOW)["in_space"] is in_space


def test_a_planned_flight_is_no_fastest_turnaround() -> None:
    assert spacecraft_totals([flown(0, 10), flown(1001, None, 2)], NOW)["fastest_turnaround"] is None


def test_an_explosion_on_the_pad_is_a_flight() -> None:
    totals = spacecraft_totals([flown(0, 0, Status.FAILURE)], NOW)
    assert (totals["flights_count"], totals["mission_ends_count"], totals["time_in_space"]) == (1, 1, days(0))


def launched(number: int, start: float, end: float | None, status: int = 3, **more: Any) -> Flight:
    return flown(start, end, status, launch=UUID(int=number), **more)


def test_configuration() -> None:
    fleet = [
        [launched(1, 0, 10, attempt=True, success=True), launched(2, 12, 20, attempt=True, success=False)],
        [launched(1, 0, 10), launched(3, 40, 41, Status.PARTIAL_FAILURE, attempt=True)],  # how it landed is not known
        [launched(4, 60, 60, Status.FAILURE), launched(5, 990, None, attempt=True)],  # will land
        [launched(6, 2000, None, 2, attempt=True)],
    ]
    assert fleet_totals(fleet) == {
        "spacecraft_flown": 3,
        "total_launch_count": 5,  # two flew together
        "successful_launches": 3,
        "failed_launches": 2,
        "attempted_landings": 3,
        "successful_landings": 1,
        "failed_landings": 1,
        "fastest_turnaround": days(2),
    }


# --- What is known, and what is left alone ----------------------------------------------------------------------------

db = pytest.mark.django_db


def craft(*flights: Flight, **told: Any) -> Spacecraft:
    """A spacecraft with these flights and, where a document told some, these totals."""
    made = Spacecraft.objects.create(**{"name": "Nyx"} | told)
    for flight in flights:
        add(made, flight)
    return made


def add(to: Spacecraft, flight: Flight) -> SpacecraftFlight:
    status, _ = LaunchStatus.objects.get_or_create(pk=flight.status or 0, defaults={"name": f"Status {flight.status}"})
    launch = Launch.objects.create(name="Rocket | Nyx", status=status, net=flight.net)
    landing = Landing.objects.create(attempt=flight.attempt, success=flight.success)
    made = SpacecraftFlight.objects.create(
        spacecraft=to, launch=launch, landing=landing, mission_end=flight.mission_end
    )
    for docking, departure in flight.dockings:
        DockingEvent.objects.create(flight_vehicle_chaser=made, docking=docking, departure=departure)
    return made


def totals(one: Spacecraft) -> tuple[Any, ...]:
    one.refresh_from_db()
    return one.flights_count, one.mission_ends_count, one.in_space, one.time_in_space, one.time_docked


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


def fleet(*crafts: Spacecraft, **told: Any) -> tuple[SpacecraftConfig, SpacecraftConfigFamily]:
    config = SpacecraftConfig.objects.create(name="Nyx", **told)
    family = SpacecraftConfigFamily.objects.create(name="Nyx", **told)
    config.family.add(family)
    Spacecraft.objects.filter(pk__in=[one.pk for one in crafts]).update(spacecraft_config=config)
    return config, family


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
    return None if text is None else Duration().to_internal_value(text)


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


# --- The admin --------------------------------------------------------------------------------------------------------


@pytest.fixture
def known(db: None) -> Spacecraft:
    """A spacecraft with two flights and its configuration, all known and counted; with another one, never counted."""
    one = craft(
        flown(0, 10, dockings=((day(1), day(4)),), attempt=True, success=True), flown(13, 20), pk=1, flights_count=2
    )
    fleet(one, pk=1, total_launch_count=2)
    recount(now=NOW)
    craft(flown(0, 10), name="Another")
    one.refresh_from_db()
    return one


def config_total(name: str) -> Any:
    return SpacecraftConfig.objects.values_list(name, flat=True).get()


def test_admin_flight(admin_client: Client, known: Spacecraft) -> None:
    flight = known.flights.order_by("pk")[0]
    save(admin_client, address(SpacecraftFlight, "change", flight.pk), mission_end_0="2020-01-12")
    flight.refresh_from_db()
    assert flight.duration == days(11)
    assert totals(known)[3] == days(18)
    assert known.fastest_turnaround == config_total("fastest_turnaround") == days(2)
    assert Spacecraft.objects.get(name="Another").flights_count is None


def test_admin_new_flight(admin_client: Client, known: Spacecraft) -> None:
    status = LaunchStatus.objects.get(pk=3)
    launch = Launch.objects.create(name="Rocket | Nyx", status=status, net=day(30))
    url = address(SpacecraftFlight, "add")
    save(admin_client, url, spacecraft=known.pk, launch=launch.pk, mission_end_0="2020-02-05", mission_end_1="00:00")
    assert totals(known)[:4] == (3, 3, False, days(22))
    assert known.flights.latest("pk").turn_around_time == days(10)
    assert config_total("total_launch_count") == 3


def test_admin_flight_that_moves_to_another_spacecraft(admin_client: Client, known: Spacecraft) -> None:
    other = Spacecraft.objects.get(name="Another")
    flight = known.flights.order_by("pk")[1]
    save(admin_client, address(SpacecraftFlight, "change", flight.pk), spacecraft=other.pk)
    assert (totals(known)[0], totals(other)[0]) == (1, 2)
    assert config_total("total_launch_count") == 1


def test_admin_docking(admin_client: Client, known: Spacecraft) -> None:
    event = DockingEvent.objects.get()
    save(admin_client, address(DockingEvent, "change", event.pk), departure_0="2020-01-04")
    assert totals(known)[4] == days(2)  # not kept, though a document told of three
    flight = known.flights.order_by("pk")[1]
    save(
        admin_client,
        address(DockingEvent, "add"),
        **{"flight_vehicle_chaser": flight.pk, "docking_0": "2020-01-15", "docking_1": "00:00"},
        **{"departure_0": "2020-01-16", "departure_1": "00:00"},
    )
    assert totals(known)[4] == days(3)


def test_admin_docking_that_is_told_of_late(admin_client: Client, known: Spacecraft) -> None:
    """Six days were told, dockings of three are here. With one of two in the other flight they are all here."""
    Spacecraft.objects.filter(pk=known.pk).update(time_docked=days(6))
    event = DockingEvent.objects.get()
    save(admin_client, address(DockingEvent, "change", event.pk), departure_0="2020-01-06")
    assert totals(known)[4] == days(6)
    save(admin_client, address(DockingEvent, "change", event.pk), departure_0="2020-01-05")
    flight = known.flights.order_by("pk")[1]
    times = {"docking_0": "2020-01-15", "docking_1": "00:00", "departure_0": "2020-01-17", "departure_1": "00:00"}
    save(admin_client, address(DockingEvent, "add"), flight_vehicle_chaser=flight.pk, **times)
    assert totals(known)[4] == days(5)
    save(admin_client, address(DockingEvent, "change", DockingEvent.objects.latest("pk").pk), departure_0="2020-01-16")
    assert totals(known)[4] == days(4)


def test_admin_landing(admin_client: Client, known: Spacecraft) -> None:
    landing = Landing.objects.get(success=True)
    save(admin_client, address(Landing, "change", landing.pk), success="false")
    assert (config_total("successful_landings"), config_total("failed_landings")) == (0, 1)


def test_admin_launch(admin_client: Client, known: Spacecraft) -> None:
    launch = Launch.objects.get(net=day(13))
    planned = LaunchStatus.objects.create(pk=2, name="To Be Determined")
    save(admin_client, address(Launch, "change", launch.pk), status=planned.pk)
    assert totals(known)[:4] == (1, 1, False, days(10))


def test_admin_deletes(admin_client: Client, known: Spacecraft) -> None:
    """One by one, several together, and what others take along."""
    flights = list(known.flights.order_by("pk"))
    admin_client.post(address(SpacecraftFlight, "delete", flights[0].pk), {"post": "yes"})
    assert totals(known) == (1, 1, False, days(7), days(0))
    assert known.flights.get().turn_around_time is None
    assert config_total("total_launch_count") == 1

    chosen = {"action": "delete_selected", "_selected_action": [flights[1].pk], "post": "yes"}
    admin_client.post(address(SpacecraftFlight, "changelist"), chosen)
    assert totals(known) == (0, 0, False, days(0), days(0))

    station = SpaceStation.objects.create(name="Mir")
    flight = add(known, flown(0, 10))
    DockingEvent.objects.create(
        flight_vehicle_chaser=flight, space_station_target=station, docking=day(1), departure=day(4)
    )
    recount(now=NOW)
    assert totals(known)[4] == days(3)
    admin_client.post(address(SpaceStation, "delete", station.pk), {"post": "yes"})
    assert totals(known)[4] == days(0)
    assert flight.launch is not None
    admin_client.post(address(Launch, "delete", flight.launch.pk), {"post": "yes"})
    assert totals(known)[0] == 0


def test_admin_deletes_a_spacecraft(admin_client: Client, known: Spacecraft) -> None:
    """One that another was docked at: with it goes the docking, and its flights from those of its configuration."""
    target = add(craft(flown(0, 10), pk=2, flights_count=1, spacecraft_config_id=1), flown(30, 40))
    docking = DockingEvent.objects.get()
    docking.flight_vehicle_target = target
    docking.save()
    recount(now=NOW)
    assert (config_total("total_launch_count"), totals(known)[4]) == (4, days(3))
    admin_client.post(address(Spacecraft, "delete", 2), {"post": "yes"})
    assert (config_total("total_launch_count"), totals(known)[4]) == (2, days(0))


def test_admin_leaves_alone_what_is_not_known(admin_client: Client, known: Spacecraft) -> None:
    Spacecraft.objects.filter(pk=known.pk).update(flights_count=5, mission_ends_count=5)
    flight = known.flights.order_by("pk")[0]
    save(admin_client, address(SpacecraftFlight, "change", flight.pk), mission_end_0="2020-01-12")
    assert totals(known)[:4] == (5, 5, False, days(17))


def test_admin_leaves_alone_what_was_not_touched(admin_client: Client, known: Spacecraft) -> None:
    Spacecraft.objects.update(time_in_space=days(99))
    flight = known.flights.order_by("pk")[0]
    save(admin_client, address(SpacecraftFlight, "change", flight.pk), destination="The Moon")
    assert totals(known)[3] == days(99)
