"""The stored pages of incremental runs: of parts, and of complete readings that take several runs."""

import datetime as dt
import shutil
from collections.abc import Iterator, Mapping

from spacedb.mirror.collections import Collection
from spacedb.mirror.fetching import PagedReading, PageFetcher
from spacedb.mirror.models import MirroredCollection
from spacedb.mirror.page_store import FULL_RUNS, PageStore, StoredPage
from spacedb.mirror.parts import CHANGES, Part, last_read_at
from spacedb.mirror.reading import MAX_ROUNDS

Rows = Mapping[str, MirroredCollection]


def rotation_store(page_store: PageStore) -> PageStore:
    """The store of complete readings that take several runs."""
    return page_store.sibling("rotation")


def part_store(page_store: PageStore, part: str) -> PageStore:
    return page_store.sibling(f"parts/{part}")


def part_reading(
    page_store: PageStore, part: Part, oldest: dt.datetime | None, fetcher: PageFetcher | None = None
) -> PagedReading:
    """The reading of a part. Stored pages that are not newer than `oldest` are requested again."""
    store = part_store(page_store, part.name)
    return PagedReading(part.collection, store, fetcher, request_path=part.request_path, oldest=oldest)


def collection_reading(
    page_store: PageStore, collection: Collection, row: MirroredCollection | None, fetcher: PageFetcher | None = None
) -> PagedReading:
    """The complete reading of a collection that is in progress or begins, with its stored pages."""
    # Objects that were created during a long reading are among the changes, so another round is not needed.
    has_changes = collection.has_changes and row and CHANGES not in row.ignored_filters
    reading = PagedReading(
        collection,
        rotation_store(page_store),
        fetcher,
        request_path=collection.request_path,
        max_rounds=1 if has_changes else MAX_ROUNDS,
    )
    reading.read_stored()
    return reading


def is_continued(row: MirroredCollection | None, started_at: str) -> bool:
    """Whether some pages of the complete reading that began at this ISO 8601 time were applied."""
    return bool(row and row.reading_started_at == dt.datetime.fromisoformat(started_at))


def unapplied_pages(page_store: PageStore, rows: Rows) -> Iterator[StoredPage]:
    """The pages that interrupted runs have left."""
    for full in map(page_store.sibling, FULL_RUNS):
        for name in full.started_collections():
            yield from _unfinished_pages(full, name, rows)
    store = rotation_store(page_store)
    for name in store.started_collections():
        pages, row = _unfinished_pages(store, name, rows), rows.get(name)
        yield from pages[row.reading_pages :] if row and pages and is_continued(row, pages[0].fetched_at) else pages
    for folder in sorted((page_store.folder / "parts").glob("*")):
        store = part_store(page_store, folder.name)
        for name in store.started_collections():
            pages, row = [page for _, page in store.pages_in_progress(name)], rows.get(name)
            if row and pages and dt.datetime.fromisoformat(pages[0].fetched_at) > last_read_at(row, folder.name):
                yield from pages


def discard_finished_readings(page_store: PageStore, rows: Rows) -> None:
    """Delete the pages of complete readings that were applied, or began before a later one that was applied.

    A process that ends after its transaction leaves such pages.
    """
    for store in map(page_store.sibling, (*FULL_RUNS, "rotation")):
        for name in store.started_collections():
            if not _unfinished_pages(store, name, rows):
                store.delete_pages_from(name, 0)


def _unfinished_pages(store: PageStore, name: str, rows: Rows) -> list[StoredPage]:
    """The pages of a complete reading that began after the last one that was applied."""
    pages, row = [page for _, page in store.pages_in_progress(name)], rows.get(name)
    is_finished = pages and row and dt.datetime.fromisoformat(pages[0].fetched_at) <= row.started_at
    return [] if is_finished else pages


def clear_increments(page_store: PageStore) -> None:
    """Delete the pages of incremental runs."""
    rotation_store(page_store).clear()
    shutil.rmtree(page_store.folder / "parts", ignore_errors=True)
