"""Applying an incremental run: its pages are ingested in one transaction, with the state of their collections."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from spacedb.catalogue.write_lock import write_transaction
from spacedb.ingest.ingest import IngestError, IngestSummary, ingest_files
from spacedb.mirror.applying import (
    MAX_WARNINGS,
    Outcome,
    applied_rows,
    completed_values,
    record_run,
    refuse_pages,
    report_warnings,
    warnings_by_collection,
)
from spacedb.mirror.clock import Clock
from spacedb.mirror.increment_store import part_store, rotation_store
from spacedb.mirror.incremental import Increment, PartReading, RotationReading
from spacedb.mirror.models import MirroredCollection
from spacedb.mirror.page_store import PageStore
from spacedb.mirror.pruning import Comparison, compare, prune
from spacedb.mirror.reports import Reporter


def apply_increment(
    page_store: PageStore,
    source: str,
    increment: Increment,
    *,
    max_delete: float | None,
    dry_run: bool,
    strict: bool,
    clock: Clock,
    reporter: Reporter,
) -> Outcome:
    """Ingest the pages of an incremental run, and find the objects that complete readings have not found twice.

    These are deleted, but of each collection at most `max_delete` percent. None: do not delete.
    Raises `MirrorError`, and writes nothing, if a page cannot be ingested.
    """
    rows, files = applied_rows(source), increment.files(page_store)
    is_idle = not files and not increment.requests
    stores = [rotation_store(page_store), *{part.page_store for part in increment.parts}]
    summary, deleted, warnings = IngestSummary(), None, dict[str, list[str]]()
    try:
        with write_transaction():
            if files:
                tracked = reporter.track_applying(files, len(files))
                summary = ingest_files(tracked, overwrite=True, strict=strict, are_pages=True)
            comparisons = _compare(page_store, increment, rows)
            missing = [comparison for comparison in comparisons.values() if comparison.missing]
            if max_delete is not None:
                deleted = prune(missing, max_delete)
            warnings = warnings_by_collection(stores, summary)
            _record(source, increment, rows, comparisons, warnings, _changed(summary), clock.now())
            if not is_idle:
                record_run(
                    source,
                    started_at=increment.started_at,
                    finished_at=clock.now(),
                    requests=increment.requests,
                    summary=summary,
                    deleted=deleted,
                )
            if dry_run:
                transaction.set_rollback(True)
    except IngestError as error:
        raise refuse_pages(stores, error) from error
    report_warnings(warnings, reporter)
    if not dry_run:
        _delete_applied_pages(page_store, increment)
    is_postponed = increment.postponed_until is not None
    return Outcome(summary, missing, deleted, warnings, is_incremental=True, is_idle=is_idle, is_postponed=is_postponed)


def _compare(
    page_store: PageStore, increment: Increment, rows: Mapping[str, MirroredCollection]
) -> dict[str, Comparison]:
    """The comparisons of the collections whose complete readings end with this run, by name."""
    store = rotation_store(page_store)
    return {
        reading.collection.name: compare(
            store,
            reading.completed,
            row.missing if (row := rows.get(reading.collection.name)) else (),
            found=reading.found,
        )
        for reading in increment.rotation.values()
        if reading.completed
    }


def _record(
    source: str,
    increment: Increment,
    rows: Mapping[str, MirroredCollection],
    comparisons: Mapping[str, Comparison],
    warnings: Mapping[str, list[str]],
    has_changed: bool,
    now: dt.datetime,
) -> None:
    for part in increment.parts:
        _record_part(rows[part.part.collection.name], part)
    for name, noticed_at in increment.outdated.items():
        rows[name].outdated_at = rows[name].outdated_at or dt.datetime.fromisoformat(noticed_at)
    for reading in increment.rotation.values():
        name = reading.collection.name
        if name in rows and not reading.completed:
            row = rows[name]
            row.reading_started_at = dt.datetime.fromisoformat(reading.started_at)
            row.reading_pages, row.found = reading.pages, _sorted(reading.found)
        elif reading.completed:
            rows_of_name = {name: rows[name]} if name in rows else {}
            rows = {**rows, name: _completed_row(source, reading, comparisons[name], rows_of_name, now)}
    touched = {each.part.collection.name for each in increment.parts}
    touched |= increment.rotation.keys()
    for name in touched & rows.keys():
        row = rows[name]
        if has_changed:
            row.changed_at = now
        _merge_warnings(row, increment, warnings.get(name, ()))
        row.save()


def _record_part(row: MirroredCollection, reading: PartReading) -> None:
    name = reading.part.name
    ignored = set(row.ignored_filters) - {name}
    row.ignored_filters = sorted(ignored if reading.is_honored else ignored | {name})
    if not reading.is_honored or (reading.has_lost_anchors and not reading.ids):
        return
    if reading.part.is_changes:
        row.changes_read_at = dt.datetime.fromisoformat(reading.started_at)
        if row.reading_started_at:
            row.found = _sorted({*row.found, *reading.ids})
    else:
        row.parts_read_at = row.parts_read_at | {name: reading.started_at}


def _completed_row(
    source: str,
    reading: RotationReading,
    comparison: Comparison,
    before: Mapping[str, MirroredCollection],
    now: dt.datetime,
) -> MirroredCollection:
    """The row of a collection whose complete reading ends with this run."""
    completed, name = reading.completed, reading.collection.name
    assert completed
    # The row of another source is replaced.
    row = before.get(name) or MirroredCollection.objects.filter(name=name).first() or MirroredCollection(name=name)
    if name not in before:
        row.changes_read_at, row.parts_read_at, row.changed_at, row.warnings = None, {}, now, []
        row.ignored_filters = []
    if row.outdated_at and row.outdated_at <= dt.datetime.fromisoformat(reading.started_at):
        row.outdated_at = None
    for field, value in completed_values(source, completed, comparison).items():
        setattr(row, field, value)
    row.digest = ""
    return row


def _changed(summary: IngestSummary) -> bool:
    return any(created or updated for created, updated, _ in summary.models.values()) or bool(summary.deleted)


def _sorted(ids: Sequence[Any] | set[Any] | frozenset[Any]) -> list[Any]:
    return sorted(ids, key=str)


# --- Warnings ---------------------------------------------------------------------------------------------------------


def _merge_warnings(row: MirroredCollection, increment: Increment, new: Sequence[str]) -> None:
    """Replace the stored warnings of the pages that were read again."""
    replaced = [f"{each.part.name}/{row.name}/" for each in increment.parts if each.part.collection.name == row.name]
    if reading := increment.rotation.get(row.name):
        replaced += [f"{row.name}/{number:05}.json:" for number in range(reading.applied_pages, reading.pages)]
    lines = [line for line in row.warnings if not line.startswith(tuple(replaced))] if replaced else row.warnings
    row.warnings_count = len(lines) + len(new)
    row.warnings = [*lines, *new][:MAX_WARNINGS]


def _delete_applied_pages(page_store: PageStore, increment: Increment) -> None:
    for part in increment.parts:
        part_store(page_store, part.part.name).delete_pages_from(part.part.collection.name, 0)
    completed = [name for name, reading in increment.rotation.items() if reading.completed]
    rotation_store(page_store).finish_run(completed)
