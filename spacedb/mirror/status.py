"""The state of the mirror: what was applied and when, the run in progress, and the last failure."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from spacedb.mirror.clock import format_duration
from spacedb.mirror.collections import collections, pages_for
from spacedb.mirror.increment_store import unapplied_pages
from spacedb.mirror.messages import count_of
from spacedb.mirror.models import MirroredCollection, MirrorRun
from spacedb.mirror.page_store import PageStore

RUNS_SHOWN, MODELS_SHOWN = 10, 5
"""The number of runs that are shown, and of models of each."""


def oldest_collection() -> tuple[str, dt.timedelta] | None:
    """The name and the age of the mirrored collection with the oldest data. None if nothing was mirrored."""
    rows = MirroredCollection.objects.only("name", "started_at", "changes_read_at")
    oldest = min(rows, key=lambda row: (row.data_read_at, row.name), default=None)
    return (oldest.name, timezone.now() - oldest.data_read_at) if oldest else None


def status_lines(source: str, page_store: PageStore) -> Iterator[str]:
    """The lines of `--status`: the last applied run with its collections, the run in progress, the last failure."""
    now = timezone.now()
    rows = list(MirroredCollection.objects.filter(source=source).order_by("name"))
    if rows:
        started_at = min(row.data_read_at for row in rows)
        finished_at = max(max(row.finished_at, row.data_read_at) for row in rows)
        yield f"{source}: last read {_ago(finished_at, now)}; the oldest data are from {_ago(started_at, now)}."
        yield f"The last change was found {_ago(max(row.changed_at for row in rows), now)}."
        width = max(len(row.name) for row in rows)
        for row in rows:
            noun = "object" if row.objects_count == 1 else "objects"
            yield f"  {row.name:<{width}}  {row.objects_count:>7} {noun}, {_describe_reading(row, now)}"
            for line in row.warnings:
                yield f"    {line}"
            if row.warnings_count > len(row.warnings):
                yield f"    {count_of(row.warnings_count - len(row.warnings), 'more warning')}"
        yield f"  {count_of(sum(row.objects_count for row in rows), 'object')} in total."
        yield from _run_lines(source, now)
    elif any(page_store.applied.rglob("*.json")):
        yield f"{source}: no data of this source are left. Another source was applied since, or the database is new."
    else:
        yield f"{source}: nothing has been mirrored from it yet."
    yield from _not_listed_lines()
    if pages := list(unapplied_pages(page_store, {row.name: row for row in rows})):
        stored = count_of(len(pages), "page is", "pages are")
        last = dt.datetime.fromisoformat(max(page.fetched_at for page in pages))
        yield f"A run is in progress or was interrupted: {stored} stored, the last one {_ago(last, now)}."
    if failure := page_store.last_failure():
        failed_at, reason = failure
        yield f"The last run failed {_ago(failed_at, now)}: {reason}"


def _describe_reading(row: MirroredCollection, now: dt.datetime) -> str:
    """When a collection was read, what was read since, and how much of the next complete reading."""
    parts = [f"read {_ago(row.finished_at, now)}"]
    if not row.complete:
        parts.append("fewer than the source counts")
    if row.changes_read_at:
        parts.append(f"changes {_ago(row.changes_read_at, now)}")
    parts += [
        f"{name.replace('_', ' ')} {_ago(dt.datetime.fromisoformat(text), now)}"
        for name, text in sorted(row.parts_read_at.items())
    ]
    parts += [f"filter for {name.replace('_', ' ')} not honored" for name in row.ignored_filters]
    if row.outdated_at:
        parts.append(f"to be read again since {_ago(row.outdated_at, now)}")
    if row.reading_pages:
        parts.append(f"{row.reading_pages} of about {pages_for(row.objects_count)} pages read again")
    return ", ".join(parts)


def _run_lines(source: str, now: dt.datetime) -> Iterator[str]:
    for run in MirrorRun.objects.filter(source=source)[:RUNS_SHOWN]:
        counts = f"{run.created} created, {run.updated} updated, {run.deleted} deleted"
        changes = sorted(run.changes.items(), key=lambda item: (-sum(item[1]), item[0]))[:MODELS_SHOWN]
        names = ", ".join(f"{name} {created + updated}" for name, (created, updated) in changes)
        kind = "Full run" if run.is_full else "Incremental run"
        reason = f", because {run.reason}" if run.reason else ""
        yield f"{kind} {_ago(run.finished_at, now)}{reason}: {count_of(run.requests, 'request')}, {counts}" + (
            f" ({names})." if names else "."
        )


def _not_listed_lines() -> Iterator[str]:
    for collection in collections():
        if collection.listed and (count := collection.model._base_manager.exclude(collection.listed).count()):
            objects = count_of(count, "object is", "objects are")
            yield f"{collection.name}: {objects} not listed, because little more than a name is loaded."


def _ago(moment: dt.datetime, now: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC ({format_duration((now - moment).total_seconds())} ago)"
