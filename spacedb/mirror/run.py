"""The first part of a run: downloads all pages into the page store."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import spacedb
from spacedb.ingest.errors import DocumentError
from spacedb.ingest.ingest import check
from spacedb.ingest.messages import escape_unprintable
from spacedb.mirror.budget import THROTTLE_PATH, UNLIMITED, Budget, SourceRateLimit
from spacedb.mirror.client import Client, SourceResponse
from spacedb.mirror.clock import Clock, format_duration
from spacedb.mirror.collections import PAGE_SIZE, Collection
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.page_store import PageStore, StoredPage, digest_of
from spacedb.mirror.reading import CollectionReader
from spacedb.mirror.reports import ReadProgress, Reporter

UNKNOWN_SIZE = "the size of the catalogue is unknown"
USUAL_SECONDS = "a whole catalogue usually takes most of a day at 15 requests an hour"


@dataclass(frozen=True)
class CompletedCollection:
    """A collection whose pages are all in the page store.

    `pages` and `objects` are counts. `complete` is False if the source counts more objects than were found.
    `started_at` and `finished_at` are ISO 8601 times.
    """

    collection: Collection
    pages: int
    objects: int
    complete: bool
    digest: str
    started_at: str
    finished_at: str


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
        self.strict = strict
        self.client, self.page_store, self.collections = client, page_store, collections
        self.clock, self.reporter = clock, reporter
        self.budget = Budget(self._fetch_rate_limit, reserve=reserve, clock=clock, on_wait=reporter.waiting)
        self.pages = self.objects = self.fetched = 0
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
            self.reporter.info(f"Resuming the run of {min(stored)}: {len(stored)} pages are already stored.")
        counts = {collection.name: self._estimate_count(collection) for collection in self.collections}
        self.expected_pages = {name: _pages_for(count or 0) for name, count in counts.items()}
        requests = max(0, sum(self.expected_pages.values()) - len(stored))
        is_unknown = None in counts.values()
        if rate_limit.limit == UNLIMITED:
            note = f"; {UNKNOWN_SIZE}" if is_unknown else ""
            self.reporter.info(f"Mirroring {source}, which has no rate limit: at least {requests} requests{note}.")
            return
        duration = format_duration(self.budget.estimate_seconds(requests))
        estimate = f"at least {duration}; {UNKNOWN_SIZE}: {USUAL_SECONDS}" if is_unknown else f"about {duration}"
        self.reporter.info(
            f"Mirroring {source}, which allows {rate_limit.limit} requests in {format_duration(rate_limit.window)}, "
            f"with a reserve of {self.budget.reserve}. At least {requests} requests: this will take {estimate}. "
            "It can be interrupted at any time, and the next run resumes it."
        )

    def _estimate_count(self, collection: Collection) -> int | None:
        """The number of objects, from this run, else the last run, else the database. None if all are empty."""
        store = self.page_store
        if collection.is_single:
            return 1
        for pages in (store.pages_in_progress(collection.name), store.applied_pages(collection.name)):
            for _, page in pages:
                return page.count
        return collection.model._base_manager.count() or None

    def _fetch_rate_limit(self) -> SourceRateLimit:
        return SourceRateLimit.parse(self.client.get(THROTTLE_PATH).document)

    def _read_collection(self, index: int) -> CompletedCollection:
        collection = self.collections[index]
        # A new version may parse more fields of the same pages, so the digest contains it.
        reader, digest = CollectionReader(), hashlib.sha256(spacedb.__version__.encode())
        applied = {page.request: (path, page) for path, page in self.page_store.applied_pages(collection.name)}
        started_at = finished_at = ""
        while not reader.done:
            number, request_path = reader.pages, collection.request_path(reader.offset)
            page = self.page_store.get_page(collection.name, number, request_path)
            if page is None:
                self.page_store.delete_pages_from(collection.name, number)
                page = self._fetch_page(collection, number, reader.offset, applied.get(request_path))
            objects_before = len(reader.seen)
            try:
                reader.add_page(page)
            except MirrorError as error:
                raise MirrorError(f"{self.client.source.url_for(collection.name)}/: {error}") from error
            started_at, finished_at = started_at or page.fetched_at, max(finished_at, page.fetched_at)
            digest.update(page.digest.encode())
            self.pages += 1
            self.objects += len(reader.seen) - objects_before
            self._report_progress(index, reader)
        self.page_store.delete_pages_from(collection.name, reader.pages)
        if not reader.complete:
            self.reporter.info(
                f"{collection.name}: the source reports {reader.count} objects, and {len(reader.seen)} were found in "
                f"{reader.rounds} rounds. The mirror uses those."
            )
        return CompletedCollection(
            collection,
            reader.pages,
            len(reader.seen),
            reader.complete,
            digest.hexdigest(),
            started_at,
            finished_at,
        )

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

    def _fetch_page(
        self, collection: Collection, number: int, offset: int, applied: tuple[Path, StoredPage] | None
    ) -> StoredPage:
        """Request a page and store it. If the source returns 304 Not Modified, the applied page is stored again."""
        request_path = collection.request_path(offset)
        self.fetched += 1
        if applied and self.page_store.is_intact(*applied):
            path, before = applied
            response = self.client.get(request_path, self.budget, etag=before.etag, last_modified=before.last_modified)
            if response.body is None:
                page = replace(before, fetched_at=self._now())
                self.page_store.reuse_page(collection.name, number, page, path)
                return page
        else:
            response = self.client.get(request_path, self.budget)
        if response.body is None:
            url = self.client.source.url_for(request_path)
            raise MirrorError(f"{url}: 304 Not Modified for an unconditional request")
        return self._store_page(collection, number, request_path, response, response.body)

    def _now(self) -> str:
        return self.clock.now().isoformat(timespec="seconds")

    def _store_page(
        self, collection: Collection, number: int, request_path: str, response: SourceResponse, body: bytes
    ) -> StoredPage:
        """Check a page and store it. Raises `MirrorError` if it is invalid, after moving it to the refused pages."""
        page = StoredPage(
            request_path,
            self._now(),
            response.etag,
            response.last_modified,
            size=len(body),
            digest=digest_of(body),
        )
        try:
            parse = _parse_single_object if collection.is_single else self._parse_metadata
            page = replace(page, **parse(response.document))
            if self.strict:
                check({"request": f"{self.page_store.root}{request_path}", "body": response.document})
        except DocumentError as error:
            path = self.page_store.refuse_page(collection.name, number, page, body)
            raise MirrorError(f"{path}: {escape_unprintable(str(error))}\nNothing was written.") from error
        self.page_store.write_page(collection.name, number, page, body)
        return page

    def _parse_metadata(self, document: Any) -> dict[str, Any]:
        """The fields `count`, `has_next` and `ids` of a page. Raises `DocumentError` if the page is invalid."""
        if not isinstance(document, dict):
            raise DocumentError("Expected a page of a list.")
        count, next_url, results = document.get("count"), document.get("next"), document.get("results")
        if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= UNLIMITED:
            raise DocumentError("Expected a number of objects.", "count")
        if not isinstance(results, list):
            raise DocumentError("Expected a list.", "results")
        ids = [_id_of(row) for row in results]
        if next_url is not None:
            if not isinstance(next_url, str):
                raise DocumentError("Expected a URL.", "next")
            try:
                self.client.source.check_host(next_url)
            except MirrorError as error:
                raise DocumentError(str(error), "next") from error
        return {"count": count, "has_next": next_url is not None, "ids": tuple(ids)}


def _parse_single_object(document: Any) -> dict[str, Any]:
    """The same fields of a page that is a single object. Raises `DocumentError` if it is none."""
    if not isinstance(document, dict):
        raise DocumentError("Expected an object.")
    return {"count": 1, "has_next": False, "ids": (_id_of(document),)}


def _id_of(row: Any) -> int | str:
    """The id of an object. If it has none, a string that identifies it, so that pages can be compared."""
    pk = row.get("id") if isinstance(row, dict) else None
    if isinstance(pk, int | str):
        return pk
    try:
        text = json.dumps(row, sort_keys=True)
    except RecursionError:
        text = "deeply nested data"
    return f"no id, {digest_of(text.encode())}"


def _pages_for(count: int) -> int:
    """The number of pages for `count` objects. Each page starts with the last object of the previous one."""
    return max(1, -(-(count - 1) // (PAGE_SIZE - 1)))
