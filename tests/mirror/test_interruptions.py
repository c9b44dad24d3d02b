"""Interrupted incremental and full runs: what the next run uses of their pages, what the plan and the status say."""

import datetime as dt
import re
from typing import Any

import pytest

from agencies.models import Agency
from flights.models import Event, Launch
from spacedb.mirror import applying_increment
from spacedb.mirror.daily_budget import DailyBudget
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.models import MirroredCollection
from tests.mirror.conftest import HOUR, Copy, FakeClock
from tests.mirror.fake_source import no_fault, respond
from tests.mirror.simulated_source import SimulatedSource, small_source

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def source(source: Any, clock: FakeClock) -> SimulatedSource:
    return small_source(clock.monotonic)


# --- Incremental runs -------------------------------------------------------------------------------------------------


def test_dry_run_writes_nothing_and_stores_its_pages(copy: Copy, source: SimulatedSource) -> None:
    copy.clock.time += 30 * HOUR
    source.launches()[0] |= {"last_updated": source.now, "name": "Changed"}
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


def interrupt(copy: Copy, pages: int, *names: str, **options: Any) -> None:
    """A run that fails after some pages."""
    copy.source.faults = [*[no_fault] * pages, respond(404)]
    with pytest.raises(MirrorError, match="404"):
        copy.run(*names, **options)


def test_next_run_uses_the_changes_of_an_interrupted_one(copy: Copy) -> None:
    interrupt(copy, 2, hours=30)
    requests = copy.run(hours=0.1)
    assert requests
    assert not {"launches", "events"} & set(requests)
    assert copy.row("launches").data_read_at == copy.clock.now() - dt.timedelta(hours=0.1)


@pytest.mark.parametrize("pages", [1, 2, 4, 6])
def test_changes_of_an_interrupted_run_that_are_due_again(pages: int, copy: Copy, source: SimulatedSource) -> None:
    """They are requested again, so launches and events are as fresh as the run. There are three pages of them."""
    copy.clock.time += 30 * HOUR
    for number, launch in enumerate(source.launches()[:25]):
        launch["last_updated"] = source.now + dt.timedelta(seconds=number)
    interrupt(copy, pages, hours=1, daily_budget=DailyBudget(40))
    source.launches()[-1] |= {"name": "Changed", "last_updated": source.now + dt.timedelta(seconds=60)}
    assert copy.run(daily_budget=DailyBudget(40))[:4] == ["launches", "launches", "launches", "events"]
    assert {copy.row(name).data_read_at for name in ("launches", "events")} == {copy.clock.now()}
    assert Launch.objects.filter(name="Changed").exists()


def test_part_of_an_interrupted_run_that_is_due_again(copy: Copy) -> None:
    interrupt(copy, 3, hours=30)
    assert "launches/upcoming" not in copy.run(hours=1, dry_run=True)
    assert "launches/upcoming" in copy.run(hours=10)
    assert copy.row("launches").parts_read_at == {"upcoming": copy.clock.now().isoformat(timespec="microseconds")}


@pytest.mark.parametrize("pages", [0, 1, 2, 3, 5, 7, 99])
def test_plan_and_status_after_an_interrupted_run(pages: int, copy: Copy, source: SimulatedSource) -> None:
    """The plan has the requests that the next run sends, and none for a stored page."""
    if pages < 99:
        interrupt(copy, pages, hours=30)
    else:
        pages = len(copy.run(hours=30, dry_run=True))
    if pages:
        page = "1 page is" if pages == 1 else f"{pages} pages are"
        assert copy.status("A run is in progress or was interrupted: ").split(": ")[1].startswith(f"{page} stored")
    lines = copy.plan()
    planned = [int(match[1]) for line in lines if (match := re.search(r": ([0-9]+) requests?\. ", line))]
    assert len([line for line in lines if "stored by an interrupted run, no request" in line]) >= min(pages, 3)
    assert sum(planned) == len(copy.run(hours=0))
    with pytest.raises(StopIteration):
        copy.status("A run is in progress")


def test_applied_pages_of_a_reading_are_no_interrupted_run(copy: Copy) -> None:
    copy.run("agencies", hours=25, daily_budget=DailyBudget(5))
    assert copy.row("agencies").reading_pages == 2
    with pytest.raises(StopIteration):
        copy.status("A run is in progress")


# --- Interrupted full runs --------------------------------------------------------------------------------------------


def test_next_run_resumes_a_full_run(copy: Copy, source: SimulatedSource) -> None:
    complete = copy.run(is_full=True)
    interrupt(copy, 5, is_full=True)
    assert copy.plan(hours=23)[0] == "A full run, because one that began 23 h ago is not finished."
    assert f"  5 collections, at least {len(complete) - 1 - 5} requests." in copy.plan()
    assert copy.run(hours=0) == complete[5:]
    assert "full run" not in copy.run()


def test_full_run_that_always_fails_does_not_stop_incremental_runs(copy: Copy) -> None:
    interrupt(copy, 5, is_full=True)
    for _ in range(12):
        interrupt(copy, 0)
        assert len(copy.source.requests) == 1
    assert copy.run()[:2] == ["launches", "events"]


def test_changes_after_an_old_full_run(copy: Copy, source: SimulatedSource) -> None:
    """Pages of an interrupted full run may be older than changes that were read since, so these are read again."""
    changed = source.records["launches"][min(source.records["launches"])]  # on the first page
    interrupt(copy, 6, is_full=True)
    interrupt(copy, 1, hours=20)
    changed |= {"last_updated": source.now, "name": "Changed"}
    assert "full run" not in copy.run(hours=5)
    assert Launch.objects.filter(name="Changed").exists()
    copy.run(hours=0, is_full=True)
    assert not Launch.objects.filter(name="Changed").exists()
    copy.run()
    assert Launch.objects.filter(name="Changed").exists()


def test_full_run_that_is_too_old_is_not_resumed(copy: Copy, source: SimulatedSource) -> None:
    interrupt(copy, 5, is_full=True)
    assert "full run" not in copy.run(hours=25)
    agency = source.records["agencies"][1]
    agency["name"] = "Renamed"
    copy.run(hours=0, is_full=True)
    assert Agency.objects.get(pk=1).name == "Renamed"


def test_run_of_some_collections_is_resumed_by_the_same_command_only(copy: Copy) -> None:
    options = {"is_full": True, "has_only": True}
    interrupt(copy, 2, "agencies", **options)
    assert "2 pages are stored" in copy.status("A run is in progress")
    assert "full run" not in copy.run()
    assert copy.run("agencies", hours=0, **options) == ["agencies", "full run"]
    interrupt(copy, 2, "agencies", **options)
    copy.job().restart()
    assert copy.run("agencies", hours=0, **options) == ["agencies"] * 3 + ["full run"]


def test_full_run_that_ends_before_its_pages_are_moved(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is applied, so the next run does not resume it."""
    with monkeypatch.context() as patch:
        patch.setattr("spacedb.mirror.page_store.PageStore.finish_run", lambda *args: None)
        copy.run(is_full=True)
    assert "full run" not in copy.run()
