"""Some days of a source that changes, mirrored by incremental runs: a short version of `make bench-freshness`."""

import datetime as dt

import pytest

from spacedb.mirror import planning
from spacedb.mirror.collections import collections
from spacedb.mirror.daily_budget import DailyBudget
from tests.mirror.conftest import FakeClock, JobFactory, RecordingReporter
from tests.mirror.fake_source import serve
from tests.mirror.freshness import DAY, measure, read_all_twice
from tests.mirror.simulated_source import SimulatedSource

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NAMES = [
    collection.name
    for collection in collections()
    if not collection.name.startswith("config/") or collection.name in ("config/launch_statuses", "config/orbits")
]
"""Without most of the short lists, which cost as many requests as all other collections."""


def test_the_copy_follows_a_source_that_changes(
    make_job: JobFactory, clock: FakeClock, reporter: RecordingReporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = SimulatedSource(clock=clock.monotonic, limit=15, scale=0.1)
    with serve(source) as url:
        make_job(*NAMES, url=url).run_once(clock, reporter)
        job = make_job(*NAMES, url=url, is_full=False, max_delete=100)
        result = measure(source, job, clock, reporter, days=4)
        assert source.throttled == 0
        assert max(result.requests) <= 40
        assert result.worst("launches", "events") <= 2 * 3600 + 60
        assert result.ages.keys() == set(NAMES)
        assert result.worst() <= 3 * DAY
        monkeypatch.setattr(planning, "CHANGED_COLLECTION_INTERVAL", dt.timedelta(days=1))
        source.evolve(days=5)
        job = make_job(*NAMES, url=url, is_full=False, max_delete=100, daily_budget=DailyBudget(1000))
        source.limit = 2**31 - 1
        assert read_all_twice(source, job, clock, reporter) <= 6
        assert list(source.differences(NAMES)) == []
