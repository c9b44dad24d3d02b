"""The plan of a run: a full run, or the requests of an incremental run with their reasons.

The plan depends on stored data only: nothing is requested for it.
"""

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from spacedb.mirror.clock import format_duration
from spacedb.mirror.collections import Collection, pages_for
from spacedb.mirror.daily_budget import DAY, ROTATION, DailyBudget, RequestLog
from spacedb.mirror.models import MirroredCollection
from spacedb.mirror.parts import CHANGES, Part, changes_of, volatile_parts

FULL_RUN_AFTER = dt.timedelta(days=14)
"""If no run was applied for this time, the next one is a full run."""

PART_INTERVAL = dt.timedelta(days=1)
"""How often each part that changes often should be read. Ages are compared in such intervals."""
COLLECTION_INTERVAL = dt.timedelta(days=2, hours=12)
"""How often each collection should be read completely. The reading may take some hours."""
CHANGED_COLLECTION_INTERVAL = dt.timedelta(days=30)
"""How often a collection should be read completely whose changes are read."""

DUE = 0.4
"""The age in intervals from which on parts and collections are read again, if the budget allows it."""
CHANGES_DUE = 0.9
"""The age in intervals from which on changes are read. It is below 1, because timers are not exact."""


@dataclass
class Step:
    """Pages to be requested: of a part, or the next ones of a collection. `pages` is an estimate for parts."""

    collection: Collection
    part: Part | None
    pages: int
    reason: str


@dataclass
class Plan:
    """A full run with its reason, or the steps of an incremental run.

    `used` is the number of requests that the daily budget of `budget` counts in the last 24 hours.
    """

    full_run_reason: str = ""
    steps: list[Step] = field(default_factory=list)
    used: int = 0
    budget: int = 0

    def lines(self) -> Iterator[str]:
        """The lines of `--plan`."""
        if self.full_run_reason:
            yield f"A full run, because {self.full_run_reason}."
            return
        yield f"An incremental run: {self.used} of {self.budget} requests of the last 24 hours are used."
        for step in self.steps:
            pages = "1 request" if step.pages == 1 else f"{step.pages} requests"
            yield f"  {step.collection.name}: {pages}. {step.reason}"
        if not self.steps:
            yield "  Nothing is due."


@dataclass
class _Candidate:
    """A part or a collection that could be read next.

    `pages_read` of `pages` were already read by earlier runs. If `is_spread` is true, the pages are read at regular
    times, else in a row.
    """

    collection: Collection
    part: Part | None
    last_read_at: dt.datetime | None
    interval: dt.timedelta
    pages: int = 1
    pages_read: int = 0
    is_spread: bool = False

    def urgency(self, now: dt.datetime) -> float:
        """The age in intervals. If a reading was begun, its next page is the most urgent one."""
        if self.last_read_at is None or (self.pages_read and not self.is_spread):
            return math.inf
        interval = self.interval * (self.pages_read + 1) / self.pages if self.is_spread else self.interval
        return (now - self.last_read_at) / interval

    def describe(self, now: dt.datetime) -> str:
        age = "never read" if self.last_read_at is None else f"read {_age(self.last_read_at, now)} ago"
        if self.part:
            return f"The objects that are {self.part.name.replace('_', ' ')}: {age}."
        page = f"page {min(self.pages_read + 1, self.pages)} of about {self.pages}"
        return f"All objects, {page}: {age}."


def make_plan(
    collections: Sequence[Collection],
    rows: Mapping[str, MirroredCollection],
    pages_read: Mapping[str, int],
    budget: DailyBudget,
    log: RequestLog,
    last_run_at: dt.datetime | None,
    now: dt.datetime,
) -> Plan:
    """Plan the next run from the rows of the source and the numbers of pages of readings in progress, both by name.

    `last_run_at` is the time at which the last run was applied, if it is known.
    """
    if reason := _full_run_reason(collections, rows, now):
        return Plan(reason)
    steps = list(_change_steps(collections, rows, budget, now))
    left = budget.requests - log.count() - len(steps)
    allowed = max(0, min(left, _allowed_rotation(budget, log, last_run_at or now - DAY, now)))
    candidates = list(_candidates(collections, rows, pages_read))
    return Plan("", [*steps, *_rotation_steps(candidates, allowed, now)], log.count(), budget.requests)


def _full_run_reason(
    collections: Sequence[Collection], rows: Mapping[str, MirroredCollection], now: dt.datetime
) -> str:
    if not rows:
        return "nothing has been mirrored from this source yet"
    if unread := [each.name for each in collections if each.has_changes and each.name not in rows]:
        return f"{' and '.join(unread)} have not been read from this source yet"
    last = max(max(row.finished_at, row.data_read_at) for row in rows.values())
    if now - last > FULL_RUN_AFTER:
        return f"the last run was {_age(last, now)} ago"
    return ""


def _change_steps(
    collections: Sequence[Collection], rows: Mapping[str, MirroredCollection], budget: DailyBudget, now: dt.datetime
) -> Iterator[Step]:
    changing = [collection for collection in collections if collection.has_changes]
    interval = budget.changes_interval(len(changing))
    for collection in changing:
        row = rows[collection.name]
        if CHANGES not in row.ignored_filters and now - row.data_read_at >= CHANGES_DUE * interval:
            part = changes_of(collection, row)
            since = next(iter(part.filters.values()))
            reason = f"Changes since {since}; last read {_age(row.data_read_at, now)} ago."
            yield Step(collection, part, 1, reason)


def _candidates(
    collections: Sequence[Collection], rows: Mapping[str, MirroredCollection], pages_read: Mapping[str, int]
) -> Iterator[_Candidate]:
    for part in volatile_parts(collections):
        row = rows.get(part.collection.name)
        if row and part.name not in row.ignored_filters:
            text = row.parts_read_at.get(part.name)
            last = max(row.started_at, dt.datetime.fromisoformat(text)) if text else row.started_at
            yield _Candidate(part.collection, part, last, PART_INTERVAL)
    for collection in collections:
        row = rows.get(collection.name)
        is_spread = bool(collection.has_changes and row and CHANGES not in row.ignored_filters)
        yield _Candidate(
            collection,
            None,
            row.started_at if row else None,
            CHANGED_COLLECTION_INTERVAL if is_spread else COLLECTION_INTERVAL,
            pages=pages_for(row.objects_count if row else 0),
            pages_read=pages_read.get(collection.name, 0),
            is_spread=is_spread,
        )


def _allowed_rotation(budget: DailyBudget, log: RequestLog, last_run_at: dt.datetime, now: dt.datetime) -> int:
    """The number of requests for parts and whole collections, so that they are spread over the day.

    They are as many as the time since the last run allows, without those of runs that have failed since.
    """
    times, elapsed = log.times(ROTATION), min(DAY, max(dt.timedelta(), now - last_run_at))
    for_this_run = math.ceil(budget.for_rotation * (elapsed / DAY)) - sum(time > last_run_at for time in times)
    return min(budget.for_rotation - len(times), max(1, for_this_run))


def _rotation_steps(candidates: Sequence[_Candidate], allowed: int, now: dt.datetime) -> list[Step]:
    """The most urgent pages, one by one."""
    steps, remaining = dict[int, Step](), list(candidates)
    for _ in range(allowed):
        due = [each for each in remaining if each.urgency(now) >= DUE]
        if not due:
            break
        candidate = max(due, key=lambda each: each.urgency(now))
        step = steps.setdefault(id(candidate), Step(candidate.collection, candidate.part, 0, candidate.describe(now)))
        step.pages += 1
        candidate.pages_read += 1
        if candidate.pages_read >= candidate.pages:
            remaining.remove(candidate)
    return list(steps.values())


def _age(time: dt.datetime, now: dt.datetime) -> str:
    return format_duration((now - time).total_seconds())
