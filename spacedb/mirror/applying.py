"""Applying a run: all pages are ingested in one transaction, so readers see the old data or the new data."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from spacedb.catalogue.write_lock import write_transaction
from spacedb.ingest.ingest import IngestError, IngestSummary, ingest_files
from spacedb.ingest.messages import escape_unprintable
from spacedb.mirror.clock import Clock
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.fetching import CompletedCollection
from spacedb.mirror.messages import count_of
from spacedb.mirror.models import MirroredCollection, MirrorRun
from spacedb.mirror.page_store import PageStore
from spacedb.mirror.pruning import Comparison, compare, prune
from spacedb.mirror.reports import Reporter

MAX_WARNINGS = 100
"""The number of warnings that are stored of a collection."""

MAX_WARNING_LENGTH = 300


@dataclass(frozen=True)
class Outcome:
    """The result of applying a run.

    `summary` is None if all pages were unchanged. `missing` holds the comparisons of collections with missing objects.
    `deleted` is the number of deleted objects, or None if pruning was not requested. `warnings` holds the values that
    could not be stored as they are and the unknown keys, one line each, by the name of the collection. `is_idle` is
    True for an incremental run that has neither requested nor applied anything: because nothing was due, or, if
    `is_postponed` is True, because the daily budget is used up.
    """

    summary: IngestSummary | None
    missing: list[Comparison] = field(default_factory=list)
    deleted: int | None = None
    warnings: dict[str, list[str]] = field(default_factory=dict)
    is_incremental: bool = False
    is_idle: bool = False
    is_postponed: bool = False


def apply(
    page_store: PageStore,
    source: str,
    collections_read: Sequence[CompletedCollection],
    *,
    full_run_reason: str,
    requests: int,
    max_delete: float | None,
    dry_run: bool,
    strict: bool,
    clock: Clock,
    reporter: Reporter,
) -> Outcome:
    """Ingest all pages, record the run, and find the objects that the source no longer has.

    These are deleted, but of each collection at most `max_delete` percent. None: do not delete.
    Raises `MirrorError`, and writes nothing, if a page cannot be ingested.
    """
    rows = applied_rows(source)
    is_new = any(
        (row := rows.get(completed.collection.name)) is None or row.digest != completed.digest
        for completed in collections_read
    )
    files = [
        path
        for completed in collections_read
        for path, _ in page_store.read_pages(completed.collection.name, completed.pages)
    ]
    summary = deleted = warnings = None
    try:
        with write_transaction():
            comparisons = [] if is_new else _compare_all(page_store, collections_read, rows)
            if is_new or any(_has_lost_objects(comparison, rows) for comparison in comparisons):
                summary = ingest_files(
                    reporter.track_applying(files, len(files)), overwrite=True, strict=strict, are_pages=True
                )
                comparisons = _compare_all(page_store, collections_read, rows)
            missing = [comparison for comparison in comparisons if comparison.missing]
            if max_delete is not None:
                deleted = prune(missing, max_delete)
            warnings = None if summary is None else warnings_by_collection([page_store], summary)
            _record(source, collections_read, rows, comparisons, warnings, clock.now())
            record_run(
                source,
                full_run_reason=full_run_reason,
                started_at=min(dt.datetime.fromisoformat(each.started_at) for each in collections_read),
                finished_at=clock.now(),
                requests=requests,
                summary=summary or IngestSummary(),
                deleted=deleted,
            )
            if dry_run:
                transaction.set_rollback(True)
    except IngestError as error:
        raise refuse_pages([page_store], error) from error
    report_warnings(warnings or {}, reporter)
    if not dry_run:
        page_store.finish_run([completed.collection.name for completed in collections_read])
    return Outcome(summary, missing, deleted, warnings or {})


def refuse_pages(stores: Sequence[PageStore], error: IngestError) -> MirrorError:
    """The error of a run whose pages were refused, after moving them to the refused pages of their store."""
    lines = list[str]()
    for name, reason in error.refused:
        path = Path(name)
        lines.append(f"{_store_of(path, stores).refuse_stored_page(path)}: {escape_unprintable(reason)}")
    return MirrorError("\n".join([*lines, "Nothing was written."]))


def _store_of(path: Path, stores: Sequence[PageStore]) -> PageStore:
    """The store whose page in progress has this path."""
    return next(store for store in stores if path.is_relative_to(store.pages))


def report_warnings(warnings: Mapping[str, list[str]], reporter: Reporter) -> None:
    for name, lines in warnings.items():
        for line in lines[:MAX_WARNINGS]:
            reporter.warning(line)
        if len(lines) > MAX_WARNINGS:
            reporter.warning(f"{name}: {count_of(len(lines) - MAX_WARNINGS, 'more warning')}")


def applied_rows(source: str) -> dict[str, MirroredCollection]:
    """The collections that were last applied from this source, by name."""
    return {row.name: row for row in MirroredCollection.objects.filter(source=source)}


def record_run(
    source: str,
    *,
    full_run_reason: str = "",
    started_at: dt.datetime,
    finished_at: dt.datetime,
    requests: int,
    summary: IngestSummary,
    deleted: int | None,
) -> None:
    """Store what a run has changed, and delete the oldest runs."""
    changes = {name: [created, updated] for name, (created, updated, _) in summary.models.items() if created or updated}
    MirrorRun.objects.create(
        source=source,
        is_full=bool(full_run_reason),
        reason=full_run_reason,
        started_at=started_at,
        finished_at=finished_at,
        requests=requests,
        created=sum(created for created, _ in changes.values()),
        updated=sum(updated for _, updated in changes.values()),
        deleted=(deleted or 0) + sum(summary.deleted.values()),
        changes=changes,
    )
    oldest = MirrorRun.objects.filter(source=source).values_list("pk", flat=True)[MirrorRun.MAX_ROWS :]
    MirrorRun.objects.filter(pk__in=list(oldest)).delete()


def warnings_by_collection(stores: Sequence[PageStore], summary: IngestSummary) -> dict[str, list[str]]:
    """The warnings of an ingest by the name of the collection, each as a line with the name of the page."""
    lines: dict[str, list[str]] = {}
    for warning in summary.warnings:
        path = Path(warning.document)
        store = _store_of(path, stores)
        page = path.relative_to(store.pages)
        prefix = f"{store.pages.name}/" if store.is_part else ""
        line = escape_unprintable(f"{prefix}{page}: {warning.path.removeprefix('body.')}: {warning.reason}")
        lines.setdefault(page.parent.as_posix(), []).append(line[:MAX_WARNING_LENGTH])
    return lines


def _compare_all(
    page_store: PageStore, collections_read: Sequence[CompletedCollection], rows: dict[str, MirroredCollection]
) -> list[Comparison]:
    missing_before = {name: row.missing for name, row in rows.items()}
    return [
        compare(page_store, completed, missing_before.get(completed.collection.name, ()))
        for completed in collections_read
    ]


def _has_lost_objects(comparison: Comparison, rows: dict[str, MirroredCollection]) -> bool:
    """Whether the database lacks objects of the source that were stored when these pages were last ingested."""
    row = rows.get(comparison.collection.name)
    not_stored_before = set(row.not_stored) if row else set()
    return any(str(pk) not in not_stored_before for pk in comparison.not_stored)


def completed_values(source: str, completed: CompletedCollection, comparison: Comparison) -> dict[str, Any]:
    """The values of the row of a collection that follow from its complete reading."""
    return {
        "source": source,
        "objects_count": completed.objects,
        "complete": completed.complete,
        "missing": [pk if isinstance(pk, int) else str(pk) for pk in comparison.missing],
        "not_stored": sorted(str(pk) for pk in comparison.not_stored),
        "started_at": dt.datetime.fromisoformat(completed.started_at),
        "finished_at": dt.datetime.fromisoformat(completed.finished_at),
        "reading_started_at": None,
        "reading_pages": 0,
        "found": [],
    }


def _record(
    source: str,
    collections_read: Sequence[CompletedCollection],
    rows: dict[str, MirroredCollection],
    comparisons: Sequence[Comparison],
    warnings: dict[str, list[str]] | None,
    now: dt.datetime,
) -> None:
    for completed, comparison in zip(collections_read, comparisons, strict=True):
        row = rows.get(completed.collection.name)
        values = completed_values(source, completed, comparison) | {
            "digest": completed.digest,
            "changed_at": row.changed_at if row and row.digest == completed.digest else now,
            # The pages may be older than the changes that incremental runs have read since.
            "changes_read_at": None,
            "parts_read_at": {},
            "ignored_filters": row.ignored_filters if row else [],
            "outdated_at": None,
        }
        if warnings is not None:  # else they are those of the run that read these pages
            lines = warnings.get(completed.collection.name, [])
            values |= {"warnings": lines[:MAX_WARNINGS], "warnings_count": len(lines)}
        MirroredCollection.objects.update_or_create(name=completed.collection.name, defaults=values)
