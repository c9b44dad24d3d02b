"""Requesting pages, checking them, and storing them in the page store."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import spacedb
from spacedb.ingest.errors import DocumentError
from spacedb.ingest.ingest import check
from spacedb.ingest.messages import escape_unprintable
from spacedb.mirror.budget import UNLIMITED
from spacedb.mirror.client import Client, RateLimiter, SourceResponse
from spacedb.mirror.clock import Clock
from spacedb.mirror.collections import Collection
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.page_store import PageStore, StoredPage, digest_of
from spacedb.mirror.reading import MAX_ROUNDS, CollectionReader

AppliedPages = Mapping[str, tuple[Path, StoredPage]]
"""Pages that were applied before, by their requests."""


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


class PageFetcher:
    """Requests pages within a rate limit, and stores them. `requests` counts the pages that were requested."""

    def __init__(
        self, client: Client, page_store: PageStore, rate_limiter: RateLimiter, *, clock: Clock, strict: bool
    ) -> None:
        self.client, self.page_store, self.rate_limiter = client, page_store, rate_limiter
        self.clock, self.strict = clock, strict
        self.requests = 0

    def fetch(
        self, collection: Collection, number: int, request_path: str, applied: tuple[Path, StoredPage] | None
    ) -> StoredPage:
        """Request a page and store it. If the source returns 304 Not Modified, the applied page is stored again.

        Raises `MirrorError` if it is invalid, after moving it to the refused pages.
        """
        self.requests += 1
        if applied and self.page_store.is_intact(*applied):
            path, before = applied
            response = self.client.get(
                request_path, self.rate_limiter, etag=before.etag, last_modified=before.last_modified
            )
            if response.body is None:
                page = replace(before, fetched_at=self._now())
                self.page_store.reuse_page(collection.name, number, page, path)
                return page
        else:
            response = self.client.get(request_path, self.rate_limiter)
        if response.body is None:
            url = self.client.source.url_for(request_path)
            raise MirrorError(f"{url}: 304 Not Modified for an unconditional request")
        return self._store_page(collection, number, request_path, response, response.body)

    def _now(self) -> str:
        return self.clock.now().isoformat(timespec="microseconds")

    def _store_page(
        self, collection: Collection, number: int, request_path: str, response: SourceResponse, body: bytes
    ) -> StoredPage:
        """Check a page and store it."""
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


class PagedReading:
    """Reads the pages of a collection, or of a part of it, one by one: stored pages first, then from the source.

    `request_path` returns the path of the page at an offset. Stored pages that are not newer than `oldest` are
    requested again.
    """

    def __init__(
        self,
        collection: Collection,
        page_store: PageStore,
        fetcher: PageFetcher | None,
        *,
        request_path: Callable[[int], str],
        max_rounds: int = MAX_ROUNDS,
        oldest: dt.datetime | None = None,
    ) -> None:
        self.collection, self.page_store, self.fetcher = collection, page_store, fetcher
        self.request_path, self.oldest = request_path, oldest
        self.reader = CollectionReader(max_rounds=max_rounds)
        # A new version may parse more fields of the same pages, so the digest contains it.
        self._digest = hashlib.sha256(spacedb.__version__.encode())
        self._applied: AppliedPages = {
            page.request: (path, page) for path, page in page_store.applied_pages(collection.name)
        }
        self.started_at = self.finished_at = ""

    @property
    def done(self) -> bool:
        return self.reader.done

    def read_stored(self) -> None:
        """Read all pages that are stored."""
        while not self.done and (page := self._stored_page()):
            self._add(page)

    def read_next(self) -> None:
        """Read the next page, from the page store or from the source. Raises `MirrorError`."""
        page = self._stored_page()
        if page is None:
            assert self.fetcher
            number, request_path = self.reader.pages, self.request_path(self.reader.offset)
            self.page_store.delete_pages_from(self.collection.name, number)
            page = self.fetcher.fetch(self.collection, number, request_path, self._applied.get(request_path))
        self._add(page)

    def complete(self) -> CompletedCollection:
        """The result of a reading that is done. Deletes stored pages of earlier readings beyond its last page."""
        reader = self.reader
        self.page_store.delete_pages_from(self.collection.name, reader.pages)
        return CompletedCollection(
            self.collection,
            reader.pages,
            len(reader.seen),
            reader.complete,
            self._digest.hexdigest(),
            self.started_at,
            self.finished_at,
        )

    def _stored_page(self) -> StoredPage | None:
        number, request_path = self.reader.pages, self.request_path(self.reader.offset)
        page = self.page_store.get_page(self.collection.name, number, request_path)
        is_old = page and self.oldest and dt.datetime.fromisoformat(page.fetched_at) <= self.oldest
        return None if is_old else page

    def _add(self, page: StoredPage) -> None:
        try:
            self.reader.add_page(page)
        except MirrorError as error:
            raise MirrorError(f"{self.collection.name}/: {error}") from error
        self.started_at = self.started_at or page.fetched_at
        self.finished_at = max(self.finished_at, page.fetched_at)
        self._digest.update(page.digest.encode())
