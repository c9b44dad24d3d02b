"""Incremental runs: what they request, how they follow the source, and when they give way to a full run."""

import datetime as dt
from typing import Any
from urllib.parse import unquote

import pytest

from agencies.models import Agency
from flights.models import Astronaut, Event, Launch
from spacedb.mirror import applying_increment, planning
from spacedb.mirror.daily_budget import DailyBudget
from spacedb.mirror.models import MirroredCollection, MirrorRun
from spacedb.mirror.service import Job
from spacedb.mirror.status import status_lines
from spacedb.mirror.summary import summarize
from spacedb.revision import current
from tests.mirror.conftest import FakeClock, JobFactory, RecordingReporter
from tests.mirror.fake_source import serve
from tests.mirror.freshness import DAY
from tests.mirror.simulated_source import SimulatedSource

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = "agencies", "config/launch_statuses", "pads", "launches", "events"
HOUR = 3600


@pytest.fixture
def source(source: Any, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> SimulatedSource:
    """A source with 34 launches, 4 events and 27 agencies, on pages of ten."""
    simulated = SimulatedSource(clock=clock.monotonic, scale=0.05)
    for number in range(1, 28):
        simulated.records["agencies"][number] = {"id": number, "name": f"Agency {number}"}
    return simulated


class Copy:
    """A copy of the source, made by a full run, and its further runs."""

    def __init__(self, source: SimulatedSource, job: JobFactory, clock: FakeClock, reporter: RecordingReporter) -> None:
        self.source, self.make_job, self.clock, self.reporter = source, job, clock, reporter
        self.run(is_full=True)

    def job(self, *names: str, **options: Any) -> Job:
        return self.make_job(*(names or NAMES), **{"is_full": False, "daily_budget": DailyBudget(1000)} | options)

    def run(self, *names: str, hours: float = 2, **options: Any) -> list[str]:
        """The endpoints that a run requests after some hours, followed by `full run` if it is one."""
        self.clock.time += hours * HOUR
        self.source.requests.clear()
        runs = MirrorRun.objects.filter(is_full=True).count()
        self.outcome = self.job(*names, **options).run_once(self.clock, self.reporter)
        full = ["full run"] if MirrorRun.objects.filter(is_full=True).count() > runs else []
        return [path.split("?")[0].removeprefix("/2.3.0/").strip("/") for path in self.source.request_paths] + full

    def row(self, name: str) -> MirroredCollection:
        return MirroredCollection.objects.get(name=name)


@pytest.fixture
def copy(source: SimulatedSource, make_job: JobFactory, clock: FakeClock, reporter: RecordingReporter) -> Copy:
    return Copy(source, make_job, clock, reporter)


def launches(source: SimulatedSource) -> list[dict[str, Any]]:
    """The launches of the source in the order of their last change."""
    return sorted(source.records["launches"].values(), key=lambda row: row["last_updated"])


# --- Changes ----------------------------------------------------------------------------------------------------------


def test_first_run_is_full_and_the_next_one_reads_changes(
    source: SimulatedSource, make_job: JobFactory, clock: FakeClock, reporter: RecordingReporter
) -> None:
    job = make_job(*NAMES, is_full=False)
    job.run_once(clock, reporter)
    assert "This is a full run, because nothing has been mirrored from this source yet." in reporter.messages
    assert MirrorRun.objects.get().is_full
    clock.time += 2 * HOUR
    third, _, newest = launches(source)[-3:]
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
    first, second, third, *_ = launches(source)
    for launch in (second, third):
        launch["last_updated"] = source.now
    copy.run()
    first |= {"last_updated": second["last_updated"] - dt.timedelta(minutes=50), "name": "Late"}
    copy.run()
    assert Launch.objects.get(pk=first["id"]).name == "Late"


def test_changes_on_several_pages(copy: Copy, source: SimulatedSource) -> None:
    changed = launches(source)[:25]
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
    for launch in launches(source):
        launch["last_updated"] = source.now + dt.timedelta(hours=1)


@pytest.mark.parametrize("change", [ignore_filters, change_all])
def test_filter_that_is_not_honored(change: Any, copy: Copy, source: SimulatedSource) -> None:
    """The collection is read completely instead, and the filter is tried again afterwards."""
    change(source)
    copy.run()
    row = copy.row("launches")
    assert row.ignored_filters == ["changes"]
    assert row.changes_read_at is None
    assert "launches: the source does not honor the filter of launches/?" in " ".join(copy.reporter.messages)
    assert any("filter for changes not honored" in line for line in status_lines(row.source, copy.job().page_store))
    launches(source)[5]["name"] = "Renamed"
    source.ignores_filters = False
    requests = copy.run(hours=30)
    assert requests.count("launches") == 4
    assert Launch.objects.filter(name="Renamed").exists()
    assert copy.row("launches").ignored_filters == []
    copy.run()
    assert "launches/?limit=10&mode=detailed&ordering=last_updated&last_updated__gte=" in source.request_paths[0]
    assert (copy.row("launches").changes_read_at == copy.clock.now()) is (change is ignore_filters)


def test_source_that_was_replaced(copy: Copy, source: SimulatedSource) -> None:
    """None of the objects that were changed last is there. The full run is not repeated each time."""
    copy.clock.time += 8 * DAY
    copy.run()

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
    assert copy.row("launches").ignored_filters == ["changes"]
    assert any("launches: the objects that were changed last are gone" in line for line in copy.reporter.messages)


def test_deleted_newest_object_does_not_look_like_a_replaced_source(copy: Copy, source: SimulatedSource) -> None:
    del source.records["launches"][launches(source)[-1]["id"]]
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
    source.records["launches"][pk] = launches(source)[0] | {"id": pk, "number": 999, "last_updated": source.now}
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
    assert "no longer in space, so the collection is read" in " ".join(copy.reporter.messages)


def test_new_collection_is_read_first(copy: Copy) -> None:
    """For example one that a new version of spacedb has."""
    assert "config/orbits" in copy.run(*NAMES, "config/orbits")
    assert copy.row("config/orbits").objects_count == 3


# --- Interruptions ----------------------------------------------------------------------------------------------------


def test_dry_run_writes_nothing_and_stores_its_pages(copy: Copy, source: SimulatedSource) -> None:
    copy.clock.time += 30 * HOUR
    launches(source)[0] |= {"last_updated": source.now, "name": "Changed"}
    rows = list(MirroredCollection.objects.order_by("name").values())
    requests = copy.run(dry_run=True)
    assert len(requests) > 5
    assert not Launch.objects.filter(name="Changed").exists()
    assert list(MirroredCollection.objects.order_by("name").values()) == rows
    assert copy.run(hours=0) == []
    assert Launch.objects.filter(name="Changed").exists()
    assert copy.row("agencies").started_at == copy.clock.now()


def test_interruption_before_the_pages_are_deleted(
    copy: Copy, source: SimulatedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run neither applies nor counts the pages again."""
    del source.records["agencies"][20]
    with monkeypatch.context() as patch:
        patch.setattr(applying_increment, "_delete_applied_pages", lambda *args: None)
        copy.run(hours=30, max_delete=50)
    Event.objects.update(name="Changed here")
    copy.run(hours=0, max_delete=50)
    assert copy.outcome.is_idle
    assert copy.row("agencies").missing == [20]
    assert not Event.objects.exclude(name="Changed here").exists()
    assert copy.run()[:2] == ["launches", "events"]


def test_full_run_discards_the_pages_of_incremental_runs(copy: Copy) -> None:
    copy.run(hours=30, dry_run=True)
    store = copy.job().page_store
    assert store.sibling("rotation").started_collections()
    copy.run(is_full=True)
    assert not store.sibling("rotation").pages.exists()
    assert not (store.folder / "parts").exists()


def test_changes_after_an_old_full_run(copy: Copy, source: SimulatedSource) -> None:
    """Pages of an interrupted full run may be older than changes that were read since, so these are read again."""
    changed = launches(source)[0]
    copy.run(is_full=True, dry_run=True)
    copy.clock.time += 48 * HOUR
    changed |= {"last_updated": source.now, "name": "Changed"}
    copy.run()
    launches(source)[-2]["last_updated"] = source.now + dt.timedelta(hours=30)
    copy.run(hours=31)
    assert Launch.objects.filter(name="Changed").exists()
    copy.run(is_full=True)
    assert not Launch.objects.filter(name="Changed").exists()
    copy.run()
    assert Launch.objects.filter(name="Changed").exists()


# --- Plans ------------------------------------------------------------------------------------------------------------


def test_full_run_if_the_copy_is_too_old(copy: Copy) -> None:
    assert "full run" not in copy.run(hours=13 * 24)
    assert copy.run(hours=15 * 24)[-1] == "full run"
    assert "This is a full run, because the last run was 15 d ago." in copy.reporter.messages


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
