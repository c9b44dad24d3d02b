"""The plan of a run: a full run, or the requests of an incremental run with their reasons.

The plan depends on stored data only: nothing is requested for it.
"""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from spacedb.mirror.clock import format_duration
from spacedb.mirror.collections import Collection, pages_for
from spacedb.mirror.daily_budget import DAY, MAX_WAIT, DailyBudget, Purpose, RequestLog
from spacedb.mirror.increment_store import Rows, collection_reading, part_reading
from spacedb.mirror.messages import count_of, describe_postponement
from spacedb.mirror.page_store import PageStore
from spacedb.mirror.parts import CHANGES, Part, changes_of, last_read_at, volatile_parts

FULL_RUN_AFTER = dt.timedelta(days=14)
"""If launches or events are older than this, the next run is a full run."""

SOURCE_REPLACED = "the objects that were changed last are no longer at the source"
"""A reason for a full run, which the plan cannot know."""

RESUME_WITHIN = dt.timedelta(days=1)
"""A plain run resumes an interrupted full run whose first page is not older than this. A full run takes half a day.
Later runs are incremental, so that a full run that always fails does not stop them."""

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
    """Pages to be requested: of a part, or the next ones of a collection.

    `pages` is an estimate for parts, and 0 if an interrupted run has stored all pages. Stored pages of a part that are
    not newer than `oldest` are requested again.
    """

    collection: Collection
    part: Part | None
    pages: int
    reason: str
    oldest: dt.datetime | None


@dataclass
class Plan:
    """A full run with its reason, or the steps of an incremental run.

    `used` of `budget` requests were sent in the last 24 hours. `postponed_until`, the time of the next allowed request,
    is set if the budget does not allow all changes that are due, or nothing that is due.
    """

    full_run_reason: str = ""
    steps: list[Step] = field(default_factory=list)
    used: int = 0
    budget: int = 0
    postponed_until: dt.datetime | None = None

    def lines(self) -> Iterator[str]:
        """The lines of `--plan`."""
        if self.full_run_reason:
            yield f"A full run, because {self.full_run_reason}."
            return
        yield f"An incremental run: {self.used} of {self.budget} requests of the last 24 hours are used."
        for step in self.steps:
            requests = count_of(step.pages, "request") if step.pages else "stored by an interrupted run, no request"
            yield f"  {step.collection.name}: {requests}. {step.reason}"
        if self.postponed_until:
            yield f"  {describe_postponement(self.postponed_until)}"
        elif not self.steps:
            yield "  Nothing is due."


@dataclass
class _Candidate:
    """A part or a collection that could be read next.

    `pages_read` of `pages` were already read by earlier runs. `is_stored` is true if all were, and an interrupted run
    has not applied them. If `is_spread` is true, the pages are read at regular times, else in a row. If `is_outdated`
    is true, nothing is more urgent. Stored pages of a part that are not newer than `oldest` are requested again.
    """

    collection: Collection
    part: Part | None
    last_read_at: dt.datetime | None
    interval: dt.timedelta
    oldest: dt.datetime | None = None
    pages: int = 1
    pages_read: int = 0
    is_stored: bool = False
    is_spread: bool = False
    is_outdated: bool = False

    def urgency(self, now: dt.datetime) -> float:
        """The age in intervals. If a reading was begun, its next page is the most urgent one."""
        if self.last_read_at is None or self.is_outdated or (self.pages_read and not self.is_spread):
            return math.inf
        interval = self.interval * (self.pages_read + 1) / self.pages if self.is_spread else self.interval
        return (now - self.last_read_at) / interval

    def step(self, pages: int, now: dt.datetime) -> Step:
        return Step(self.collection, self.part, pages, self._describe(now), self.oldest)

    def _describe(self, now: dt.datetime) -> str:
        age = "never read" if self.last_read_at is None else f"read {_age(self.last_read_at, now)} ago"
        if self.part and self.part.is_changes:
            return f"Changes since {next(iter(self.part.filters.values()))}: {age}."
        if self.part:
            return f"The objects that are {self.part.name.replace('_', ' ')}: {age}."
        page = f"page {min(self.pages_read + 1, self.pages)} of about {self.pages}"
        return f"All objects, {page}: {age}."


@dataclass(frozen=True)
class Planner:
    """Plans the next run from what is stored. `last_run_at` is the time at which the last run was applied, if known."""

    collections: Sequence[Collection]
    rows: Rows
    page_store: PageStore
    budget: DailyBudget
    log: RequestLog
    last_run_at: dt.datetime | None
    now: dt.datetime

    def plan(self) -> Plan:
        if reason := self._full_run_reason():
            return Plan(reason)
        changes, others = self._due(self._changes(), CHANGES_DUE), self._due(self._others(), DUE)
        steps = [each.step(0, self.now) for each in (*changes, *others) if each.is_stored]
        changes, others = ([each for each in due if not each.is_stored] for due in (changes, others))
        left = max(0, self.budget.requests - self.log.count(within=DAY - MAX_WAIT))
        steps += [each.step(1, self.now) for each in changes[:left]]
        steps += self._rotation_steps(others, min(left - len(changes), self._allowed_others()))
        postponed_until = None
        if len(changes) > left:
            postponed_until = self.log.allowed_at(self.budget.requests, needed=len(changes))
        elif others and not steps:
            limit = other_requests(self.budget, self.collections, self.rows)
            postponed_until = max(self.log.allowed_at(self.budget.requests), self.log.allowed_at(limit, Purpose.OTHER))
        return Plan("", steps, self.log.count(), self.budget.requests, postponed_until)

    def _full_run_reason(self) -> str:
        if not self.rows:
            return "nothing has been mirrored from this source yet"
        if unread := [each.name for each in self.collections if each.has_changes and each.name not in self.rows]:
            return f"{' and '.join(unread)} have not been read from this source yet"
        fetched = self.page_store.fetched_between()
        if fetched and self.now - fetched[0] <= RESUME_WITHIN:
            return f"one that began {_age(fetched[0], self.now)} ago is not finished"
        changing = [self.rows[each.name] for each in self.collections if each.has_changes]
        oldest = min(changing, key=lambda row: row.data_read_at, default=None)
        if oldest and self.now - oldest.data_read_at > FULL_RUN_AFTER:
            return f"{oldest.name} were last read {_age(oldest.data_read_at, self.now)} ago"
        return ""

    # --- Candidates ---------------------------------------------------------------------------------------------------

    def _due(self, candidates: Iterator[_Candidate], due: float) -> list[_Candidate]:
        return [each for each in candidates if each.urgency(self.now) >= due]

    def _changes(self) -> Iterator[_Candidate]:
        for collection in self.collections:
            if collection.has_changes and CHANGES not in self.rows[collection.name].ignored_filters:
                yield self._part(changes_of(collection, self.rows[collection.name]), self._changes_interval)

    def _others(self) -> Iterator[_Candidate]:
        parts = [part for part in volatile_parts(self.collections) if part.collection.name in self.rows]
        for part in parts:
            if part.name not in self.rows[part.collection.name].ignored_filters:
                yield self._part(part, PART_INTERVAL)
        for collection in self.collections:
            row = self.rows.get(collection.name)
            reading = collection_reading(self.page_store, collection, row)
            ignored = row.ignored_filters if row else ()
            retried = [part for part in parts if part.collection is collection and part.name in ignored]
            if row and CHANGES in ignored:
                retried.append(changes_of(collection, row))
            is_outdated = bool(row and row.outdated_at)
            if retried and not reading.reader.pages and not is_outdated:
                # Before the collection is read completely again, its filter is tried again.
                yield from (self._part(part, COLLECTION_INTERVAL) for part in retried)
                continue
            is_spread = bool(collection.has_changes and row and CHANGES not in ignored)
            yield _Candidate(
                collection,
                None,
                row.started_at if row else None,
                CHANGED_COLLECTION_INTERVAL if is_spread else COLLECTION_INTERVAL,
                pages=pages_for(row.objects_count if row else 0),
                pages_read=reading.reader.pages,
                is_stored=reading.done,
                is_spread=is_spread,
                is_outdated=is_outdated,
            )

    def _part(self, part: Part, interval: dt.timedelta) -> _Candidate:
        read_at = last_read_at(self.rows[part.collection.name], part.name)
        max_age = CHANGES_DUE * self._changes_interval if part.is_changes else DUE * PART_INTERVAL
        oldest = max(read_at, self.now - max_age)
        reading = part_reading(self.page_store, part, oldest)
        reading.read_stored()
        # Of other parts, one page is read.
        is_stored = reading.done if part.is_changes else reading.reader.pages > 0
        return _Candidate(part.collection, part, read_at, interval, oldest, is_stored=is_stored)

    @property
    def _changes_interval(self) -> dt.timedelta:
        return self.budget.changes_interval(sum(each.has_changes for each in self.collections))

    # --- Pages --------------------------------------------------------------------------------------------------------

    def _allowed_others(self) -> int:
        """The number of requests for parts and whole collections, so that they are spread over the day.

        They are as many as the time since the last run allows, without those of runs that have failed since.
        """
        limit, times = other_requests(self.budget, self.collections, self.rows), self.log.times(Purpose.OTHER)
        last_run_at = self.last_run_at or self.now - DAY
        elapsed = min(DAY, max(dt.timedelta(), self.now - last_run_at))
        for_this_run = math.ceil(limit * (elapsed / DAY)) - sum(time > last_run_at for time in times)
        return min(limit - len(times), max(1, for_this_run))

    def _rotation_steps(self, candidates: Sequence[_Candidate], allowed: int) -> list[Step]:
        """The most urgent pages, one by one."""
        steps, remaining = dict[int, Step](), list(candidates)
        for _ in range(allowed):
            due = self._due(iter(remaining), DUE)
            if not due:
                break
            candidate = max(due, key=lambda each: each.urgency(self.now))
            step = steps.setdefault(id(candidate), candidate.step(0, self.now))
            step.pages += 1
            candidate.pages_read += 1
            if candidate.pages_read >= candidate.pages:
                remaining.remove(candidate)
        return list(steps.values())


def other_requests(budget: DailyBudget, collections: Sequence[Collection], rows: Rows) -> int:
    """The requests a day for all but changes. Those of collections whose changes cannot be requested are among them."""
    changing = [row for each in collections if each.has_changes and (row := rows.get(each.name))]
    ignored = sum(CHANGES in row.ignored_filters for row in changing)
    return budget.for_others + math.floor(budget.for_changes * ignored / max(1, len(changing)))


def _age(time: dt.datetime, now: dt.datetime) -> str:
    return format_duration((now - time).total_seconds())
