"""The first part of an incremental run: reads parts of collections, and the next pages of some collections."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from spacedb.mirror.client import Client
from spacedb.mirror.clock import Clock
from spacedb.mirror.collections import PAGE_SIZE, Collection
from spacedb.mirror.daily_budget import BudgetSpentError, LoggedBudget, Purpose
from spacedb.mirror.fetching import CompletedCollection, PagedReading, PageFetcher
from spacedb.mirror.increment_store import (
    Rows,
    collection_reading,
    is_continued,
    part_reading,
    part_store,
    rotation_store,
)
from spacedb.mirror.messages import count_of, describe_postponement
from spacedb.mirror.page_store import PageStore, StoredPage
from spacedb.mirror.parts import Part
from spacedb.mirror.planning import Plan, other_requests
from spacedb.mirror.reports import ReadProgress, Reporter


class SourceReplacedError(Exception):
    """None of the newest stored objects is at the source any more."""


@dataclass(frozen=True)
class PartReading:
    """A part that was read completely. `started_at` is an ISO 8601 time. `ids` are those of its objects."""

    part: Part
    page_store: PageStore
    pages: int
    started_at: str
    ids: frozenset[int | str]
    is_honored: bool
    """Whether all objects match the filter, and the part is smaller than its collection."""
    has_lost_anchors: bool


@dataclass(frozen=True)
class RotationReading:
    """A collection of which some pages were read. `completed` is set if these were the last ones.

    `pages` is the number of its pages that are stored, of which earlier runs have applied the first `applied_pages`.
    `found` are the ids of objects that are not on these pages, and were among the changes since the first page.
    """

    collection: Collection
    pages: int
    applied_pages: int
    started_at: str
    found: frozenset[int | str]
    completed: CompletedCollection | None


@dataclass
class Increment:
    """What an incremental run has read, when it began, and the number of requests that it has sent.

    `postponed_until` is the time of the next allowed request, if the daily budget did not allow all that was due.
    """

    started_at: dt.datetime
    parts: list[PartReading] = field(default_factory=list)
    rotation: dict[str, RotationReading] = field(default_factory=dict)
    """By the name of the collection."""
    outdated: dict[str, str] = field(default_factory=dict)
    """The collections of which all pages have to be read, and when that was noticed (ISO 8601)."""
    requests: int = 0
    postponed_until: dt.datetime | None = None

    def files(self, page_store: PageStore) -> list[Path]:
        """The files of all pages that are to be applied, the oldest first."""
        pages = list[tuple[Path, StoredPage]]()
        for part in self.parts:
            if part.is_honored:
                pages += part.page_store.read_pages(part.part.collection.name, part.pages)
        for reading in self.rotation.values():
            stored = list(rotation_store(page_store).read_pages(reading.collection.name, reading.pages))
            pages += stored[reading.applied_pages :]
        return [path for path, _ in sorted(pages, key=lambda each: each[1].fetched_at)]


class IncrementalReader:
    """Reads what a plan contains into the page stores, within the daily budget and the rate limit of the source."""

    def __init__(
        self,
        client: Client,
        page_store: PageStore,
        collections: Sequence[Collection],
        rows: Rows,
        budget: LoggedBudget,
        *,
        clock: Clock,
        reporter: Reporter,
        strict: bool = False,
        may_replace: bool = True,
    ) -> None:
        self.may_replace = may_replace
        self.client, self.page_store, self.collections, self.rows = client, page_store, collections, rows
        self.budget, self.clock, self.reporter, self.strict = budget, clock, reporter, strict
        self.increment = Increment(clock.now())
        self.pages = self.objects = self.total = 0

    def read(self, plan: Plan) -> Increment:
        """Read all steps; those that the daily budget does not allow are left out.

        Raises `MirrorError`, and `SourceReplacedError`. The pages that were read so far stay stored.
        """
        self.total = sum(step.pages for step in plan.steps)
        self.increment.postponed_until = plan.postponed_until
        try:
            for step in plan.steps:
                if step.part:
                    self._read_part(step.part, step.oldest)
                else:
                    self._read_pages(step.collection, step.pages)
        except BudgetSpentError as error:
            self.increment.postponed_until = error.until
        self._check_anchors()
        self._read_outdated()
        self._add_stored_pages()
        self.increment.requests = self.budget.requests
        if self.increment.postponed_until:
            self.reporter.warning(describe_postponement(self.increment.postponed_until))
        return self.increment

    # --- Parts --------------------------------------------------------------------------------------------------------

    def _read_part(self, part: Part, oldest: dt.datetime | None) -> None:
        name, store = part.collection.name, part_store(self.page_store, part.name)
        self.budget.purpose = Purpose.CHANGES if part.is_changes else Purpose.OTHER
        reading = part_reading(self.page_store, part, oldest, self._fetcher(store))
        is_honored = True
        while is_honored and not reading.done:
            number = reading.reader.pages
            reading.read_next()
            self._report_progress(name, len(reading.reader.seen))
            rows = store.rows(name, number)
            is_honored = all(isinstance(row, dict) and part.matches(row) for row in rows)
            if not part.is_changes:
                break
            total = self.rows[name].objects_count
            is_honored = is_honored and not reading.reader.count >= total > PAGE_SIZE
        ids = frozenset(reading.reader.seen)
        has_lost_anchors = bool(part.anchors) and not part.anchors & set(map(str, ids))
        self.increment.parts.append(
            PartReading(
                part, store, reading.reader.pages, reading.started_at, ids, is_honored, is_honored and has_lost_anchors
            )
        )

    def _check_anchors(self) -> None:
        """Raise `SourceReplacedError` if the newest objects of all collections are gone.

        Those of a single collection may have been deleted, or its filter finds too little: it is read completely. The
        same applies to all collections if `may_replace` is false, because a full run would not help.
        """
        readings = [each for each in self.increment.parts if each.part.is_changes and each.part.anchors]
        if self.may_replace and readings and all(each.has_lost_anchors for each in readings):
            raise SourceReplacedError

    def _read_outdated(self) -> None:
        """Read the collections whose filters are not honored, and those of objects that are gone or have left a part.

        The reading uses what the day has left for all but changes. The next runs begin or continue it.
        """
        for each in self.increment.parts:
            part, row = each.part, self.rows[each.part.collection.name]
            if not each.is_honored:
                reason = f"the source does not honor the filter of {part.request_path(0)}"
                # Not saved here: other_requests() needs it in this run.
                row.ignored_filters = sorted({*row.ignored_filters, part.name})
            elif each.has_lost_anchors:
                reason = "the objects that were changed last are gone"
            elif count := part.objects_that_left(each.ids, row.missing):
                reason = f"{count_of(count, 'object is', 'objects are')} no longer {part.name.replace('_', ' ')}"
            else:
                continue
            self.reporter.info(f"{part.collection.name}: {reason}. All pages are read as soon as the budget allows it.")
            self.increment.outdated.setdefault(part.collection.name, each.started_at)
            limit = other_requests(self.budget.daily_budget, self.collections, self.rows)
            try:
                self._read_pages(part.collection, max(0, limit - self.budget.log.count(Purpose.OTHER)))
            except BudgetSpentError as error:
                self.increment.postponed_until = error.until

    # --- Pages of collections -----------------------------------------------------------------------------------------

    def _read_pages(self, collection: Collection, count: int) -> None:
        """Request up to `count` pages after those that are stored."""
        self.budget.purpose = Purpose.OTHER
        reading = self._reading(collection)
        try:
            for _ in range(count):
                if reading.done:
                    break
                before = len(reading.reader.seen)
                reading.read_next()
                self._report_progress(collection.name, len(reading.reader.seen) - before)
        finally:
            # If the budget is used up, the pages that were read are applied.
            self._add_reading(reading)

    def _add_stored_pages(self) -> None:
        """Add the pages that an earlier run has read and not applied."""
        for collection in self.collections:
            if collection.name not in self.increment.rotation:
                reading, row = self._reading(collection), self.rows.get(collection.name)
                if reading.reader.pages > (row.reading_pages if row else 0):
                    self._add_reading(reading)

    def _reading(self, collection: Collection) -> PagedReading:
        fetcher = self._fetcher(rotation_store(self.page_store))
        return collection_reading(self.page_store, collection, self.rows.get(collection.name), fetcher)

    def _add_reading(self, reading: PagedReading) -> None:
        name, row, reader = reading.collection.name, self.rows.get(reading.collection.name), reading.reader
        if not reader.pages:
            return
        begun = row if is_continued(row, reading.started_at) else None
        applied_pages = min(begun.reading_pages, reader.pages) if begun else 0
        found = set(begun.found) if begun else set()
        for part in self.increment.parts:
            if part.part.collection.name == name and part.part.is_changes and part.is_honored:
                found |= part.ids
        completed = None
        if reading.done:
            completed = reading.complete()
            is_complete = completed.complete or len(found | reader.seen.keys()) >= reader.count
            completed = replace(completed, complete=is_complete)
        self.increment.rotation[name] = RotationReading(
            reading.collection, reader.pages, applied_pages, reading.started_at, frozenset(found), completed
        )

    def _fetcher(self, store: PageStore) -> PageFetcher:
        return PageFetcher(self.client, store, self.budget, clock=self.clock, strict=self.strict)

    def _report_progress(self, name: str, new_objects: int) -> None:
        self.pages += 1
        self.objects += new_objects
        pages_left = max(0, self.total - self.pages)
        source = self.budget.budget
        self.reporter.page_read(
            ReadProgress(
                name,
                pages=self.pages,
                total_pages=self.pages + pages_left,
                objects=self.objects,
                requests_left=source.remaining,
                seconds_left=source.estimate_seconds(pages_left),
            )
        )
