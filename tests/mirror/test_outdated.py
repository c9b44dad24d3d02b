"""Collections whose changes, or a part, show that all pages have to be read: also if no request of the day is left."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from flights.models import Astronaut, Launch
from spacedb.mirror.daily_budget import DailyBudget
from spacedb.mirror.models import MirrorRun
from tests.mirror.conftest import NAMES, Copy, FakeClock
from tests.mirror.simulated_source import SimulatedSource, small_source

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_neutral]

BUDGET = DailyBudget(12)
"""It is used up each day: changes are read every seven hours, and the rest is read in turn."""


@pytest.fixture
def source(source: Any, clock: FakeClock) -> SimulatedSource:
    return small_source(clock.monotonic)


@pytest.fixture
def used_up(copy: Copy) -> Callable[[float], None]:
    """Run the mirror every two hours for some days. The last run has left no request for the next one."""

    def run(days: float) -> None:
        for _ in range(round(days * 12)):
            copy.run(*NAMES, "astronauts", daily_budget=BUDGET)

    copy.run(*NAMES, "astronauts", is_full=True)
    run(3)
    assert not any("full run" in line for line in copy.plan(*NAMES, "astronauts", daily_budget=BUDGET))
    return run


def age(copy: Copy, name: str) -> dt.timedelta:
    return copy.clock.now() - copy.row(name).data_read_at


def test_filters_that_are_not_honored(used_up: Callable[[float], None], copy: Copy, source: SimulatedSource) -> None:
    """All launches are read instead, again and again, within the budget."""
    source.ignores_filters = True
    for _ in range(8):
        used_up(1)
        assert age(copy, "launches") < dt.timedelta(days=4)
        assert copy.log.count() <= BUDGET.requests
    assert copy.row("launches").ignored_filters == ["changes"]
    source.ignores_filters = False
    used_up(4)
    assert copy.row("launches").ignored_filters == []
    assert age(copy, "launches") < dt.timedelta(hours=8)


def test_objects_that_were_changed_last_are_gone(
    used_up: Callable[[float], None], copy: Copy, source: SimulatedSource
) -> None:
    """Changes are still requested, as the filter works. All launches are read, to find what else is gone."""
    gone = source.launches()[-3:]
    for launch in gone:
        del source.records["launches"][launch["id"]]
    source.launches()[5] |= {"name": "Renamed", "last_updated": source.now}
    used_up(0.5)
    assert Launch.objects.filter(name="Renamed").exists()
    assert "launches: the objects that were changed last are gone" in " ".join(copy.reporter.messages)
    used_up(3)
    assert copy.row("launches").outdated_at is None
    assert set(copy.row("launches").missing) == {str(launch["id"]) for launch in gone}
    assert age(copy, "launches") < dt.timedelta(hours=8)


def test_astronauts_who_left_space(used_up: Callable[[float], None], copy: Copy, source: SimulatedSource) -> None:
    for record in source.records["astronauts"].values():
        record["in_space"] = False
    used_up(3)
    assert not Astronaut.objects.filter(in_space=True).exists()
    assert copy.row("astronauts").outdated_at is None


def test_source_that_is_replaced_soon_after_the_first_run(copy: Copy, source: SimulatedSource) -> None:
    """Other full runs do not count: one for this reason is started once a week at most."""
    copy.run("pads", is_full=True, has_only=True)
    assert [run.reason for run in MirrorRun.objects.all()] == ["--only was specified", "--full was specified"]
    for name in ("launches", "events"):
        for row in source.records[name].values():
            row["last_updated"] -= dt.timedelta(days=3000)
    assert copy.run()[-1] == "full run"
    assert MirrorRun.objects.all()[0].reason == "the objects that were changed last are no longer at the source"
    assert "because the objects that were changed last" in copy.status("Full run")
