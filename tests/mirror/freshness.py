"""Mirrors a simulated source for some days with incremental runs, and measures the requests and the ages."""

import datetime as dt
from dataclasses import dataclass, field
from statistics import median

from spacedb.mirror.clock import Clock
from spacedb.mirror.models import MirroredCollection
from spacedb.mirror.reports import Reporter
from spacedb.mirror.service import Job
from tests.mirror.simulated_source import SimulatedSource

HOURS = 2
"""The interval of the runs."""
DAY = 24 * 60 * 60


@dataclass
class Freshness:
    """The number of requests of each day, and the ages of each collection before each run in seconds, by name."""

    requests: list[int] = field(default_factory=list)
    ages: dict[str, list[float]] = field(default_factory=dict)

    def worst(self, *names: str) -> float:
        return max(max(ages) for name, ages in self.ages.items() if not names or name in names)

    def median(self, *names: str) -> float:
        return median(age for name, ages in self.ages.items() if not names or name in names for age in ages)


def measure(source: SimulatedSource, job: Job, clock: Clock, reporter: Reporter, *, days: int) -> Freshness:
    """Run the job every two hours, while the source changes.

    An hour before the first day, a run reads what has changed during the full run.
    """
    result = Freshness()
    clock.sleep(3600)
    job.run_once(clock, reporter)
    for run in range(days * 24 // HOURS):
        clock.sleep(HOURS * 3600)
        source.evolve(HOURS / 24)
        for row in MirroredCollection.objects.all():
            result.ages.setdefault(row.name, []).append((clock.now() - row.data_read_at).total_seconds())
        before = len(source.requests)
        job.run_once(clock, reporter)
        if run * HOURS % 24 == 0:
            result.requests.append(0)
        result.requests[-1] += len(source.requests) - before
    return result


def read_all_twice(source: SimulatedSource, job: Job, clock: Clock, reporter: Reporter) -> int:
    """Run the job every day, while the source stands still, until every collection was read completely twice.

    Returns the number of days. Objects that have disappeared from the source are then deleted.
    """
    stopped_at, days = clock.now(), 0
    readings: dict[str, set[dt.datetime]] = {collection.name: set() for collection in job.collections}
    while min(map(len, readings.values())) < 2:
        clock.sleep(DAY)
        days += 1
        job.run_once(clock, reporter)
        for row in MirroredCollection.objects.filter(started_at__gt=stopped_at):
            readings[row.name].add(row.started_at)
    return days
