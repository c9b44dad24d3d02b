"""The first part of an incremental run: reads parts of collections, and the next pages of some collections."""

import datetime as dt
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from spacedb.mirror.client import Client
from spacedb.mirror.clock import Clock
from spacedb.mirror.collections import PAGE_SIZE, Collection
from spacedb.mirror.daily_budget import CHANGES, ROTATION, BudgetSpentError, LoggedBudget
from spacedb.mirror.fetching import CompletedCollection, PagedReading, PageFetcher
from spacedb.mirror.models import MirroredCollection
from spacedb.mirror.page_store import PageStore, StoredPage
from spacedb.mirror.parts import CHANGES as CHANGES_PART
from spacedb.mirror.parts import Part
from spacedb.mirror.planning import Plan
from spacedb.mirror.reading import MAX_ROUNDS
from spacedb.mirror.reports import ReadProgress, Reporter

MAX_PART_AGE = dt.timedelta(days=2)
"""Discard the stored pages of a part, which an interrupted run has left, that are older than this."""


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
    """What an incremental run has read, when it began, and the number of requests that it has sent."""

    started_at: dt.datetime
    parts: list[PartReading] = field(default_factory=list)
    rotation: list[RotationReading] = field(default_factory=list)
    requests: int = 0

    def files(self, page_store: PageStore) -> list[Path]:
        """The files of all pages that are to be applied, the oldest first."""
        pages = list[tuple[Path, StoredPage]]()
        for part in self.parts:
            if part.is_honored:
                pages += part.page_store.read_pages(part.part.collection.name, part.pages)
        for reading in self.rotation:
            stored = list(rotation_store(page_store).read_pages(reading.collection.name, reading.pages))
            pages += stored[reading.applied_pages :]
        return [path for path, _ in sorted(pages, key=lambda each: each[1].fetched_at)]


def rotation_store(page_store: PageStore) -> PageStore:
    """The store of complete readings that take several runs."""
    return page_store.sibling("rotation")


def part_store(page_store: PageStore, part: str) -> PageStore:
    return page_store.sibling(f"parts/{part}")


def clear_increments(page_store: PageStore) -> None:
    """Delete the pages of incremental runs."""
    rotation_store(page_store).clear()
    shutil.rmtree(page_store.folder / "parts", ignore_errors=True)


def discard_finished_readings(page_store: PageStore, rows: Mapping[str, MirroredCollection]) -> None:
    """Delete the pages of readings that began before the last complete reading of their collection."""
    store = rotation_store(page_store)
    for name in store.started_collections():
        row, first = rows.get(name), next(store.pages_in_progress(name), None)
        if first and row and dt.datetime.fromisoformat(first[1].fetched_at) <= row.started_at:
            store.delete_pages_from(name, 0)


def pages_read(page_store: PageStore) -> dict[str, int]:
    """The number of pages of each reading in progress, by the name of its collection."""
    store = rotation_store(page_store)
    return {name: sum(1 for _ in store.pages_in_progress(name)) for name in store.started_collections()}


class IncrementalReader:
    """Reads what a plan contains into the page stores, within the daily budget and the rate limit of the source."""

    def __init__(
        self,
        client: Client,
        page_store: PageStore,
        collections: Sequence[Collection],
        rows: Mapping[str, MirroredCollection],
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
        try:
            for step in plan.steps:
                if step.part:
                    self._read_part(step.part)
                elif step.collection.name not in {each.collection.name for each in self.increment.rotation}:
                    self._read_pages(step.collection, step.pages)
        except BudgetSpentError as error:
            self.reporter.info(f"The daily budget is used up until {error.until:%Y-%m-%d %H:%M} UTC.")
        self._check_anchors()
        self._add_stored_pages()
        self.increment.requests = self.budget.requests
        return self.increment

    # --- Parts --------------------------------------------------------------------------------------------------------

    def _read_part(self, part: Part) -> None:
        name, store = part.collection.name, part_store(self.page_store, part.name)
        self._discard_old_pages(part, store)
        self.budget.purpose = CHANGES if part.is_changes else ROTATION
        reading = PagedReading(part.collection, store, self._fetcher(store), request_path=part.request_path)
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
        if not is_honored:
            self.reporter.info(f"{name}: the source does not honor the filter of {part.request_path(0)}.")
        self.increment.parts.append(
            PartReading(
                part, store, reading.reader.pages, reading.started_at, ids, is_honored, is_honored and has_lost_anchors
            )
        )
        if is_honored and (count := part.objects_that_left(ids)):
            state = part.name.replace("_", " ")
            self.reporter.info(f"{name}: {count} objects are no longer {state}, so the collection is read.")
            self._read_pages(part.collection, 1)

    def _discard_old_pages(self, part: Part, store: PageStore) -> None:
        row = self.rows[part.collection.name]
        applied_at = row.data_read_at if part.is_changes else row.started_at
        if not part.is_changes and (text := row.parts_read_at.get(part.name)):
            applied_at = max(applied_at, dt.datetime.fromisoformat(text))
        oldest = max(applied_at, self.clock.now() - MAX_PART_AGE)
        pages = [page for _, page in store.pages_in_progress(part.collection.name)]
        if any(dt.datetime.fromisoformat(page.fetched_at) <= oldest for page in pages):
            store.delete_pages_from(part.collection.name, 0)

    def _check_anchors(self) -> None:
        """Raise `SourceReplacedError` if the newest objects of all collections are gone.

        Those of a single collection may have been deleted, or its filter finds too little: it is read completely. The
        same applies to all collections if `may_replace` is false, because a full run would not help.
        """
        readings = [each for each in self.increment.parts if each.part.is_changes and each.part.anchors]
        lost = [each for each in readings if each.has_lost_anchors]
        if self.may_replace and lost and len(lost) == len(readings):
            raise SourceReplacedError
        for each in lost:
            self.reporter.info(f"{each.part.collection.name}: the objects that were changed last are gone.")
        self.increment.parts = [
            replace(each, is_honored=each.is_honored and not each.has_lost_anchors) for each in self.increment.parts
        ]

    # --- Pages of collections -----------------------------------------------------------------------------------------

    def _read_pages(self, collection: Collection, count: int) -> None:
        self.budget.purpose = ROTATION
        reading = self._reading(collection)
        reading.read_stored()
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
        added = {reading.collection.name for reading in self.increment.rotation}
        stored = pages_read(self.page_store)
        for collection in self.collections:
            row = self.rows.get(collection.name)
            if collection.name not in added and stored.get(collection.name, 0) > (row.reading_pages if row else 0):
                reading = self._reading(collection)
                reading.read_stored()
                self._add_reading(reading)

    def _reading(self, collection: Collection) -> PagedReading:
        store, row = rotation_store(self.page_store), self.rows.get(collection.name)
        # Objects that were created during a long reading are among the changes, so another round is not needed.
        has_changes = collection.has_changes and row and CHANGES_PART not in row.ignored_filters
        return PagedReading(
            collection,
            store,
            self._fetcher(store),
            request_path=collection.request_path,
            max_rounds=1 if has_changes else MAX_ROUNDS,
        )

    def _add_reading(self, reading: PagedReading) -> None:
        name, row, reader = reading.collection.name, self.rows.get(reading.collection.name), reading.reader
        if not reader.pages:
            return
        is_continued = row and row.reading_started_at == dt.datetime.fromisoformat(reading.started_at)
        applied_pages = min(row.reading_pages, reader.pages) if row and is_continued else 0
        found = set(row.found) if row and is_continued else set()
        for part in self.increment.parts:
            if part.part.collection.name == name and part.part.is_changes and part.is_honored:
                found |= part.ids
        completed = None
        if reading.done:
            completed = reading.complete()
            is_complete = completed.complete or len(found | reader.seen.keys()) >= reader.count
            completed = replace(completed, complete=is_complete)
        self.increment.rotation.append(
            RotationReading(
                reading.collection, reader.pages, applied_pages, reading.started_at, frozenset(found), completed
            )
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
