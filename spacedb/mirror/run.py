"""One pass of the mirror: every page of every collection read into the spool, then all of it applied."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import spacedb
from spacedb.ingest.errors import DocumentError
from spacedb.ingest.ingest import check
from spacedb.mirror.budget import THROTTLE, UNLIMITED, Budget, SourceRateLimit
from spacedb.mirror.client import Client, SourceResponse
from spacedb.mirror.clock import Clock, duration
from spacedb.mirror.collections import LIMIT, Collection
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.page_store import PageStore, StoredPage, digest_of
from spacedb.mirror.reading import CollectionReader
from spacedb.mirror.reports import ReadProgress, Reporter, escaped

DEEPEST = 100
"""Levels of nesting. Launch Library's deepest answers have about twelve."""

UNKNOWN = "how much there is is not known yet: a whole catalogue usually takes most of a day at 15 requests an hour"


@dataclass(frozen=True)
class ReadCollection:
    """A collection that has been read to its end: its pages are in the spool."""

    collection: Collection
    pages: int
    objects: int
    complete: bool
    """Whether as many objects were found as the source counts."""
    digest: str
    began: str
    ended: str


class Mirror:
    """Reads collections from the source into the spool, within the budget."""

    def __init__(
        self,
        client: Client,
        spool: PageStore,
        collections: Sequence[Collection],
        *,
        reserve: int,
        clock: Clock,
        report: Reporter,
    ) -> None:
        self.client, self.spool, self.collections = client, spool, collections
        self.clock, self.report = clock, report
        self.budget = Budget(self._allowance, reserve=reserve, clock=clock, waits=report.wait)
        self.pages = self.objects = self.fetched = 0
        self.expected: dict[str, int] = {}

    def read(self) -> list[ReadCollection]:
        """Read what is not in the spool yet. Raises `MirrorError`; what has come by then is kept."""
        self._announce()
        return [self._read(number) for number in range(len(self.collections))]

    def _announce(self) -> None:
        allowance, source = self.budget.read(), self.client.source.url
        here = [page.fetched for one in self.collections for _, page in self.spool.stored(self.spool.pages, one.name)]
        if here:
            self.report.say(
                f"Going on with the pass that was begun at {min(here)}: {len(here)} pages are here already."
            )
        counts = {one.name: self._count(one) for one in self.collections}
        self.expected = {name: _pages(count or 0) for name, count in counts.items()}
        to_ask = max(0, sum(self.expected.values()) - len(here))
        unknown = None in counts.values()
        if allowance.limit == UNLIMITED:
            how_many = "; how much there is is not known yet" if unknown else ""
            self.report.say(f"Mirroring {source}, which sets no limit: at least {to_ask} requests{how_many}.")
            return
        seconds = duration(self.budget.seconds_for(to_ask))
        self.report.say(
            f"Mirroring {source}, which allows {allowance.limit} requests in {duration(allowance.window)}, "
            f"{self.budget.reserve} of them in reserve. At least {to_ask} requests: this will take "
            f"{f'at least {seconds}; {UNKNOWN}' if unknown else f'about {seconds}'}. "
            "It can be interrupted at any time, and goes on from there."
        )

    def _count(self, collection: Collection) -> int | None:
        """How many objects a collection has, going by the pages of this pass, of the last, or what is in the database.

        None where there is nothing to go by.
        """
        for folder in (self.spool.pages, self.spool.applied):
            for _, page in self.spool.stored(folder, collection.name):
                return page.count
        return collection.model._base_manager.count() or None

    def _allowance(self) -> SourceRateLimit:
        return SourceRateLimit.of(self.client.get(THROTTLE).document)

    def _read(self, place: int) -> ReadCollection:
        collection = self.collections[place]
        # Another version of ours may take more from the same pages.
        reading, digest = CollectionReader(), hashlib.sha256(spacedb.__version__.encode())
        applied = {page.request: (path, page) for path, page in self.spool.stored(self.spool.applied, collection.name)}
        began = ended = ""
        while not reading.done:
            number, request = reading.pages, collection.request(reading.offset)
            page = self.spool.page(collection.name, number, request)
            if page is None:
                self.spool.drop_from(collection.name, number)
                page = self._fetch(collection, number, reading.offset, applied.get(request))
            before = len(reading.seen)
            try:
                reading.take(page)
            except MirrorError as error:
                raise MirrorError(f"{self.client.source.address(collection.name)}/: {error}") from error
            began, ended = began or page.fetched, max(ended, page.fetched)
            digest.update(page.digest.encode())
            self.pages += 1
            self.objects += len(reading.seen) - before
            self._tell(place, reading)
        self.spool.drop_from(collection.name, reading.pages)
        if not reading.complete:
            self.report.say(
                f"{collection.name}: the source counts {reading.count} objects, and {len(reading.seen)} were found in "
                f"{reading.rounds} rounds. What was found is taken."
            )
        return ReadCollection(
            collection, reading.pages, len(reading.seen), reading.complete, digest.hexdigest(), began, ended
        )

    def _tell(self, place: int, reading: CollectionReader) -> None:
        left = reading.pages_left(LIMIT) + sum(self.expected[one.name] for one in self.collections[place + 1 :])
        name, seconds = self.collections[place].name, self.budget.seconds_for(left)
        self.report.page(ReadProgress(name, self.pages, self.pages + left, self.objects, self.budget.left, seconds))

    def _fetch(
        self, collection: Collection, number: int, offset: int, applied: tuple[Path, StoredPage] | None
    ) -> StoredPage:
        """A page from the source; from the last pass where the source says that it has not changed since."""
        request = collection.request(offset)
        self.fetched += 1
        if applied and self.spool.is_sound(*applied):
            path, before = applied
            answer = self.client.get(request, self.budget, etag=before.etag, modified=before.modified)
            if answer.body is None:
                page = replace(before, fetched=self._now())
                self.spool.keep(collection.name, number, page, path)
                return page
        else:
            answer = self.client.get(request, self.budget)
        if answer.body is None:
            raise MirrorError(f"{self.client.source.address(request)}: 304 Not Modified, which was not asked for")
        return self._taken(collection, number, request, answer, answer.body)

    def _now(self) -> str:
        return self.clock.moment().isoformat(timespec="seconds")

    def _taken(
        self, collection: Collection, number: int, request: str, answer: SourceResponse, body: bytes
    ) -> StoredPage:
        """The page that came, if it fits, in the spool."""
        page = StoredPage(request, self._now(), answer.etag, answer.modified, size=len(body), digest=digest_of(body))
        try:
            page = replace(page, **self._told(answer.document))
            check({"request": f"{self.spool.root}{request}", "body": answer.document})
        except DocumentError as error:
            path = self.spool.refuse(collection.name, number, page, body)
            raise MirrorError(f"{path}: {escaped(str(error))}\nNothing was written.") from error
        self.spool.write(collection.name, number, page, body)
        return page

    def _told(self, document: Any) -> dict[str, Any]:
        """What a page says of itself. Raises `DocumentError` if it is none."""
        if not isinstance(document, dict):
            raise DocumentError("is not a page of a list")
        _check_depth(document)
        count, following, results = document.get("count"), document.get("next"), document.get("results")
        if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= UNLIMITED:
            raise DocumentError("is not a number of objects", "count")
        if not isinstance(results, list):
            raise DocumentError("is not a list", "results")
        ids = [one.get("id") if isinstance(one, dict) else None for one in results]
        for number, pk in enumerate(ids):
            if not isinstance(pk, int | str):
                raise DocumentError("has no id", f"results[{number}]")
        if following is not None:
            if not isinstance(following, str):
                raise DocumentError("is not an address", "next")
            try:
                self.client.source.check_host(following)
            except MirrorError as error:
                raise DocumentError(str(error), "next") from error
        return {"count": count, "more": following is not None, "ids": tuple(ids)}


def _pages(count: int) -> int:
    """How many pages so many objects take, where each begins with the last object of the one before."""
    return max(1, -(-(count - 1) // (LIMIT - 1)))


def _check_depth(document: Any) -> None:
    level, depth = [document], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise DocumentError(f"is nested more than {DEEPEST} levels deep")
        level = [
            child
            for one in level
            for child in (one.values() if isinstance(one, dict) else one)
            if isinstance(child, dict | list)
        ]
