"""Incremental runs: what they request, how they follow the source, and when they give way to a full run."""

import datetime as dt
from typing import Any
from urllib.parse import unquote

import pytest

from agencies.models import Agency
from flights.models import Astronaut, Launch
from spacedb.mirror import planning
from spacedb.mirror.daily_budget import DailyBudget, Purpose
from spacedb.mirror.messages import describe_postponement
from spacedb.mirror.models import MirroredCollection, MirrorRun
from spacedb.mirror.status import status_lines
from spacedb.mirror.summary import summarize
from spacedb.revision import current
from tests.mirror.conftest import HOUR, NAMES, Copy, FakeClock, JobFactory, RecordingReporter
from tests.mirror.fake_source import serve
from tests.mirror.freshness import DAY
from tests.mirror.simulated_source import SimulatedSource, small_source

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def source(source: Any, clock: FakeClock) -> SimulatedSource:
    return small_source(clock.monotonic)


# --- Changes ----------------------------------------------------------------------------------------------------------


def test_first_run_is_full_and_the_next_one_reads_changes(
    source: SimulatedSource, make_job: JobFactory, clock: FakeClock, reporter: RecordingReporter
) -> None:
    job = make_job(*NAMES, is_full=False)
    job.run_once(clock, reporter)
    assert "This is a full run, because nothing has been mirrored from this source yet." in reporter.messages
    assert MirrorRun.objects.get().is_full
    clock.time += 2 * HOUR
    third, _, newest = source.launches()[-3:]
    since = min(third["last_updated"], newest["last_updated"] - dt.timedelta(hours=1), source.now)
    third |= {"name": "Changed", "last_updated": source.now}
    source.requests.clear()
    job.run_once(clock, reporter)
    assert Launch.objects.get(pk=third["id"]).name == "Changed"
    query = "/?limit=10&mode=detailed&ordering=last_updated&last_updated__gte="
    assert [unquote(path).partition("__gte=")[0] for path in source.request_paths] == [
        f"/2.3.0/{name}{query}".removesuffix("__gte=") for name in ("launches", "events")
    ]
    assert unquote(source.request_paths[0]).endswith(f"={since:%Y-%m-%dT%H:%M:%SZ}")


def test_changes_overlap_those_that_were_read(copy: Copy, source: SimulatedSource) -> None:
    """A launch whose change the source shows late, and whose time is before the newest stored change."""
    first, second, third, *_ = source.launches()
    for launch in (second, third):
        launch["last_updated"] = source.now
    copy.run()
    first |= {"last_updated": second["last_updated"] - dt.timedelta(minutes=50), "name": "Late"}
    copy.run()
    assert Launch.objects.get(pk=first["id"]).name == "Late"


def test_changes_on_several_pages(copy: Copy, source: SimulatedSource) -> None:
    changed = source.launches()[:25]
    copy.clock.time += HOUR
    for number, launch in enumerate(changed):
        launch |= {"last_updated": source.now + dt.timedelta(seconds=number), "name": f"Changed {number}"}
    assert copy.run().count("launches") == 3
    assert Launch.objects.filter(name__startswith="Changed").count() == 25


def test_changes_are_due_after_their_interval(copy: Copy) -> None:
    budget = DailyBudget(40)
    assert copy.run(hours=1, daily_budget=budget) == []
    assert summarize(copy.outcome, dry_run=False) == ["Nothing was due."]
    assert copy.run(hours=0.9, daily_budget=budget) == ["launches", "events"]
    assert copy.row("launches").data_read_at == copy.clock.now()
    assert MirrorRun.objects.count() == 2


def test_nothing_has_changed(copy: Copy) -> None:
    before = current.current_revision()
    copy.run()
    assert current.current_revision() == before
    assert summarize(copy.outcome, dry_run=False)[0].startswith("Objects: 0 created, 0 updated, ")


# --- Filters that are not honored ------------------------------------------------------------------------------------


def ignore_filters(source: SimulatedSource) -> None:
    source.ignores_filters = True


def change_all(source: SimulatedSource) -> None:
    """As many objects as the collection has match the filter, so it may be ignored."""
    for launch in source.launches():
        launch["last_updated"] = source.now + dt.timedelta(hours=1)


@pytest.mark.parametrize("change", [ignore_filters, change_all])
def test_filter_that_is_not_honored(change: Any, copy: Copy, source: SimulatedSource) -> None:
    """The collection is read completely instead, at once."""
    change(source)
    source.launches()[5]["name"] = "Renamed"
    assert copy.run().count("launches") == 1 + 4
    assert Launch.objects.filter(name="Renamed").exists()
    row = copy.row("launches")
    assert (row.started_at, row.changes_read_at, row.ignored_filters) == (copy.clock.now(), None, ["changes"])
    assert "launches: the source does not honor the filter of launches/?" in " ".join(copy.reporter.messages)
    assert "filter for changes not honored" in copy.status("launches ")
    assert copy.status(f"Incremental run {copy.clock.now():%Y-%m-%d %H:%M}")


def test_filter_is_tried_again_when_its_collection_is_due(copy: Copy, source: SimulatedSource) -> None:
    source.ignores_filters = True
    copy.run()
    assert "launches" not in copy.run()
    assert copy.run(hours=24).count("launches") == 1 + 4
    assert copy.row("launches").ignored_filters == ["changes"]
    copy.run(is_full=True)
    assert copy.row("launches").ignored_filters == ["changes"]
    source.ignores_filters = False
    source.launches()[5] |= {"name": "Renamed", "last_updated": source.now}
    assert copy.run(hours=26).count("launches") == 1
    assert Launch.objects.filter(name="Renamed").exists()
    row = copy.row("launches")
    assert (row.changes_read_at, row.ignored_filters) == (copy.clock.now(), [])
    assert copy.run()[0] == "launches"


def test_reading_instead_of_changes_stays_within_the_budget(copy: Copy, source: SimulatedSource) -> None:
    """It takes several runs. The requests that changes would need are used for it."""
    source.ignores_filters = True
    budget = DailyBudget(5)
    requests = copy.run(hours=16, daily_budget=budget)
    assert requests == ["launches", "events", "launches/upcoming", "launches", "launches"]
    assert "2 of about 4 pages read again" in copy.status("launches ")
    assert copy.run(daily_budget=budget) == []
    assert summarize(copy.outcome, dry_run=False) == ["Nothing was requested."]
    assert copy.run(hours=22, daily_budget=budget)[:2] == ["launches", "launches"]
    assert copy.row("launches").started_at == copy.clock.now() - dt.timedelta(hours=24)


def test_filter_for_a_part_that_is_not_honored(copy: Copy, source: SimulatedSource) -> None:
    """The collection is read completely, as its filter says nothing about who has left space."""
    names = (*NAMES, "astronauts")
    copy.run(*names, is_full=True)
    source.records["astronauts"][3]["name"] = "Renamed"
    source.records["astronauts"][3]["in_space"] = False
    source.ignores_filters = True
    assert copy.run(*names, hours=20).count("astronauts") == 1 + 1
    assert Astronaut.objects.get(pk=3).name == "Renamed"
    assert "filter for in space not honored" in copy.status("astronauts ")


def test_source_that_was_replaced(copy: Copy, source: SimulatedSource) -> None:
    """None of the objects that were changed last is there. The full run is not repeated each time."""

    def roll_back() -> None:
        for name in ("launches", "events"):
            for row in source.records[name].values():
                row["last_updated"] -= dt.timedelta(days=3000)

    roll_back()
    requests = copy.run()
    assert requests[-1] == "full run"
    assert "the objects that were changed last are no longer at the source" in copy.reporter.messages[-2]
    roll_back()
    assert "full run" not in copy.run()
    row = copy.row("launches")
    assert (row.started_at, row.ignored_filters, row.outdated_at) == (copy.clock.now(), [], None)
    assert any("launches: the objects that were changed last are gone" in line for line in copy.reporter.messages)


def test_deleted_newest_object_does_not_look_like_a_replaced_source(copy: Copy, source: SimulatedSource) -> None:
    del source.records["launches"][source.launches()[-1]["id"]]
    assert copy.run()[:2] == ["launches", "events"]
    assert copy.row("launches").ignored_filters == []


# --- Complete readings in turn ----------------------------------------------------------------------------------------


def test_collection_is_read_by_several_runs(copy: Copy, source: SimulatedSource) -> None:
    """Each page is applied by the run that has read it, and the last one completes the reading."""
    for record in source.records["agencies"].values():
        record["name"] += " renamed"
    before = copy.row("agencies").started_at
    assert copy.run("agencies", hours=25, daily_budget=DailyBudget(5)) == ["agencies", "agencies"]
    assert Agency.objects.filter(name__endswith="renamed").count() == 19
    row = copy.row("agencies")
    assert (row.started_at, row.reading_started_at, row.reading_pages) == (before, copy.clock.now(), 2)
    assert any("2 of about 3 pages read again" in line for line in status_lines(row.source, copy.job().page_store))
    assert copy.run("agencies", hours=25, daily_budget=DailyBudget(5)) == ["agencies"]
    assert Agency.objects.filter(name__endswith="renamed").count() == 27
    row = copy.row("agencies")
    assert row.started_at == copy.clock.now() - dt.timedelta(hours=25)  # no data are older
    assert copy.row("agencies").reading_pages == 0
    assert not copy.job().page_store.sibling("rotation").started_collections()


def test_gone_objects_are_deleted_after_two_complete_readings(copy: Copy, source: SimulatedSource) -> None:
    del source.records["agencies"][20]
    copy.run(hours=30, max_delete=50)
    assert "On no page of agencies: 20. New or deleted; the next reading decides." in summarize(
        copy.outcome, dry_run=False
    )
    assert Agency.objects.filter(pk=20).exists()
    copy.run(hours=2, max_delete=50)  # without a complete reading
    assert Agency.objects.filter(pk=20).exists()
    copy.run(hours=30, max_delete=50)
    assert copy.outcome.deleted == 1
    assert not Agency.objects.filter(pk=20).exists()
    assert MirrorRun.objects.first().deleted == 1  # type: ignore[union-attr]


def test_launch_created_during_a_long_reading_is_not_missing(
    copy: Copy, source: SimulatedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes before the pages that are still to be read, and is found among the changes."""
    monkeypatch.setattr(planning, "CHANGED_COLLECTION_INTERVAL", dt.timedelta(hours=12))
    while copy.row("launches").reading_pages < 2:
        copy.run()
    pk = "00000000-0000-4000-8000-000000000001"
    source.records["launches"][pk] = source.launches()[0] | {"id": pk, "number": 999, "last_updated": source.now}
    before = copy.row("launches").started_at
    while copy.row("launches").started_at == before:
        copy.run()
    row = copy.row("launches")
    assert (row.complete, row.missing, row.found) == (True, [], [])
    assert not any("fewer than" in line for line in copy.reporter.messages)


def test_astronauts_who_left_space_are_read(copy: Copy, source: SimulatedSource) -> None:
    names = (*NAMES, "astronauts")
    for pk in (1, 2):
        source.records["astronauts"][pk]["in_space"] = True
    copy.run(*names, is_full=True)
    assert Astronaut.objects.filter(in_space=True).count() == len(source.records["astronauts"])
    for record in source.records["astronauts"].values():
        record["in_space"] = False
    assert copy.run(*names, hours=20).count("astronauts") == 2
    assert not Astronaut.objects.filter(in_space=True).exists()
    assert "no longer in space. All pages are read as soon as" in " ".join(copy.reporter.messages)


def test_new_collection_is_read_first(copy: Copy) -> None:
    """For example one that a new version of spacedb has."""
    assert "config/orbits" in copy.run(*NAMES, "config/orbits")
    assert copy.row("config/orbits").objects_count == 3


# --- The daily budget -------------------------------------------------------------------------------------------------


def test_plan_and_run_with_a_budget_that_is_used_up(copy: Copy) -> None:
    budget = DailyBudget(5)
    for _ in range(5):
        copy.log.add(Purpose.CHANGES)
    spent_at = copy.clock.now()
    assert copy.plan(hours=20, daily_budget=budget) == [
        "An incremental run: 5 of 5 requests of the last 24 hours are used.",
        f"  {describe_postponement(spent_at + dt.timedelta(days=1))}",
    ]
    assert copy.run(hours=0, daily_budget=budget) == []
    assert copy.reporter.warnings == [describe_postponement(spent_at + dt.timedelta(days=1))]
    assert summarize(copy.outcome, dry_run=False) == ["Nothing was requested."]
    assert copy.run(hours=4, daily_budget=budget)[:2] == ["launches", "events"]
    assert len(copy.reporter.warnings) == 1


def test_run_waits_for_the_budget_for_some_minutes(copy: Copy) -> None:
    """A timer may start it some minutes earlier than the day before."""
    for _ in range(5):
        copy.log.add(Purpose.CHANGES)
    used_at = copy.clock.now()
    assert copy.run(hours=24 - 0.1, daily_budget=DailyBudget(5))[:2] == ["launches", "events"]
    assert copy.source.requests[0][0] == used_at.timestamp() + DAY
    assert "Waiting 6 min for the daily budget" in copy.reporter.messages


def test_budget_for_the_changes_of_one_collection_only(copy: Copy) -> None:
    budget = DailyBudget(5)
    for _ in range(4):
        copy.log.add(Purpose.CHANGES)
    assert copy.run(hours=20, daily_budget=budget) == ["launches"]
    assert copy.reporter.warnings


# --- Plans ------------------------------------------------------------------------------------------------------------


def test_full_run_if_the_copy_is_too_old(copy: Copy) -> None:
    assert "full run" not in copy.run(hours=13 * 24)
    assert copy.run(hours=15 * 24)[-1] == "full run"
    assert "This is a full run, because launches were last read 15 d ago." in copy.reporter.messages


def test_full_run_if_launches_are_missing(copy: Copy) -> None:
    MirroredCollection.objects.filter(name="launches").delete()
    assert copy.run()[-1] == "full run"


def test_full_run_after_another_source(copy: Copy, source: SimulatedSource) -> None:
    with serve(source) as url:
        assert copy.run(url=url)[-1] == "full run"
    assert copy.run()[-1] == "full run"


def test_plan_and_status_send_no_request(copy: Copy, source: SimulatedSource) -> None:
    copy.run()
    source.requests.clear()
    throttle_requests = source.throttle_requests
    copy.clock.time += 30 * HOUR
    lines = list(copy.job().plan_lines(copy.clock))
    assert lines[0] == "An incremental run: 0 of 1000 requests of the last 24 hours are used."
    assert "  agencies: 3 requests. All objects, page 1 of about 3: read 1 d 8 h ago." in lines
    assert any(line.startswith("  launches: 1 request. Changes since ") for line in lines)
    assert "  launches: 1 request. The objects that are upcoming: read 1 d 8 h ago." in lines
    status = list(status_lines(copy.row("launches").source, copy.job().page_store))
    assert any(line.startswith("Incremental run ") and ": 2 requests, 0 created" in line for line in status)
    assert any(line.startswith("Full run ") for line in status)
    assert (source.requests, source.throttle_requests) == ([], throttle_requests)


def test_plan_of_a_first_run(make_job: JobFactory, clock: FakeClock) -> None:
    assert list(make_job(*NAMES, is_full=False).plan_lines(clock)) == [
        "A full run, because nothing has been mirrored from this source yet.",
        "  5 collections, at least 5 requests; the size of the catalogue is unknown.",
    ]


def test_only_the_last_runs_are_stored(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MirrorRun, "MAX_ROWS", 2)
    for _ in range(3):
        copy.run()
    assert [run.is_full for run in MirrorRun.objects.all()] == [False, False]
