"""The first part of a run: downloads all pages into the page store."""

import datetime as dt
from collections.abc import Sequence

from spacedb.mirror.budget import UNLIMITED, Budget
from spacedb.mirror.client import Client
from spacedb.mirror.clock import Clock, format_duration
from spacedb.mirror.collections import PAGE_SIZE, Collection, pages_for
from spacedb.mirror.fetching import CompletedCollection, PagedReading, PageFetcher
from spacedb.mirror.messages import count_of
from spacedb.mirror.page_store import PageStore
from spacedb.mirror.reading import CollectionReader
from spacedb.mirror.reports import ReadProgress, Reporter

UNKNOWN_SIZE = "the size of the catalogue is unknown"
USUAL_SECONDS = "a whole catalogue usually takes most of a day at 15 requests an hour"


class SourceReader:
    """Reads collections from the source into the page store, within the request budget."""

    def __init__(
        self,
        client: Client,
        page_store: PageStore,
        collections: Sequence[Collection],
        *,
        reserve: int,
        clock: Clock,
        reporter: Reporter,
        strict: bool = False,
    ) -> None:
        self.client, self.page_store, self.collections = client, page_store, collections
        self.clock, self.reporter = clock, reporter
        self.budget = Budget(client.fetch_rate_limit, reserve=reserve, clock=clock, on_wait=reporter.waiting)
        self.fetcher = PageFetcher(client, page_store, self.budget, clock=clock, strict=strict)
        self.pages = self.objects = 0
        self.expected_pages: dict[str, int] = {}

    def read(self) -> list[CompletedCollection]:
        """Read all pages that are not stored yet. Raises `MirrorError`; the pages read so far stay stored."""
        self._announce()
        return [self._read_collection(index) for index in range(len(self.collections))]

    def _announce(self) -> None:
        """Report the rate limit, the number of requests and the estimated duration."""
        rate_limit, source = self.budget.refresh(), self.client.source.url
        stored = [
            page.fetched_at
            for collection in self.collections
            for _, page in self.page_store.pages_in_progress(collection.name)
        ]
        if stored:
            started_at = dt.datetime.fromisoformat(min(stored))
            pages = count_of(len(stored), "page is", "pages are")
            self.reporter.info(f"Resuming the run of {started_at:%Y-%m-%d %H:%M} UTC: {pages} already stored.")
        counts = {collection.name: estimate_count(self.page_store, collection) for collection in self.collections}
        self.expected_pages = {name: pages_for(count or 0) for name, count in counts.items()}
        requests = max(0, sum(self.expected_pages.values()) - len(stored))
        at_least = f"at least {count_of(requests, 'request')}"
        is_unknown = None in counts.values()
        if rate_limit.limit == UNLIMITED:
            note = f"; {UNKNOWN_SIZE}" if is_unknown else ""
            self.reporter.info(f"Mirroring {source}, which has no rate limit: {at_least}{note}.")
            return
        duration = format_duration(self.budget.estimate_seconds(requests))
        estimate = f"at least {duration}; {UNKNOWN_SIZE}: {USUAL_SECONDS}" if is_unknown else f"about {duration}"
        allowed = f"{count_of(rate_limit.limit, 'request')} in {format_duration(rate_limit.window)}"
        self.reporter.info(
            f"Mirroring {source}, which allows {allowed}, with a reserve of {self.budget.reserve}. "
            f"{at_least.capitalize()}: this will take {estimate}. "
            "It can be interrupted at any time, and the same command resumes it."
        )

    def _read_collection(self, index: int) -> CompletedCollection:
        collection = self.collections[index]
        reading = PagedReading(collection, self.page_store, self.fetcher, request_path=collection.request_path)
        reader = reading.reader
        while not reading.done:
            objects_before = len(reader.seen)
            reading.read_next()
            self.pages += 1
            self.objects += len(reader.seen) - objects_before
            self._report_progress(index, reader)
        if not reader.complete:
            self.reporter.info(
                f"{collection.name}: the source reports {count_of(reader.count, 'object')}, and {len(reader.seen)} "
                f"were found in {count_of(reader.rounds, 'round')}. The mirror uses those."
            )
        return reading.complete()

    def _report_progress(self, index: int, reader: CollectionReader) -> None:
        later = self.collections[index + 1 :]
        pages_left = reader.estimate_pages_left(PAGE_SIZE) + sum(self.expected_pages[each.name] for each in later)
        self.reporter.page_read(
            ReadProgress(
                self.collections[index].name,
                pages=self.pages,
                total_pages=self.pages + pages_left,
                objects=self.objects,
                requests_left=self.budget.remaining,
                seconds_left=self.budget.estimate_seconds(pages_left),
            )
        )


def estimate_count(page_store: PageStore, collection: Collection) -> int | None:
    """The number of objects, from this run, else the last run, else the database. None if all are empty."""
    if collection.is_single:
        return 1
    for pages in (page_store.pages_in_progress(collection.name), page_store.applied_pages(collection.name)):
        for _, page in pages:
            return page.count
    return collection.model._base_manager.count() or None
