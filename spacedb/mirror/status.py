"""The state of the mirror: what was applied and when, the run in progress, and the last failure."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from spacedb.mirror.clock import format_duration
from spacedb.mirror.collections import collections
from spacedb.mirror.models import MirroredCollection
from spacedb.mirror.page_store import PageStore


def data_age() -> dt.timedelta | None:
    """The age of the oldest mirrored collection. None if nothing was mirrored."""
    oldest = MirroredCollection.objects.order_by("started_at").values_list("started_at", flat=True).first()
    return timezone.now() - oldest if oldest else None


def status_lines(source: str, page_store: PageStore) -> Iterator[str]:
    """The lines of `--status`: the last applied run with its collections, the run in progress, the last failure."""
    now = timezone.now()
    rows = list(MirroredCollection.objects.filter(source=source).order_by("name"))
    if rows:
        started_at, finished_at = min(row.started_at for row in rows), max(row.finished_at for row in rows)
        yield f"{source}: read completely {_ago(finished_at, now)}; the oldest data are from {_ago(started_at, now)}."
        yield f"The last change was found {_ago(max(row.changed_at for row in rows), now)}."
        width = max(len(row.name) for row in rows)
        for row in rows:
            note = "" if row.complete else ", fewer than the source counts"
            yield f"  {row.name:<{width}}  {row.objects_count:>7} objects, read {_ago(row.finished_at, now)}{note}"
            for line in row.warnings:
                yield f"    {line}"
            if row.warnings_count > len(row.warnings):
                yield f"    {row.warnings_count - len(row.warnings)} more warnings"
        yield f"  {sum(row.objects_count for row in rows)} objects in total."
    elif any(page_store.applied.rglob("*.json")):
        yield f"{source}: no data of this source are left. Another source was applied since, or the database is new."
    else:
        yield f"{source}: nothing has been mirrored from it yet."
    yield from _not_listed_lines()
    if last := page_store.last_fetched_at():
        pages = [page for name in page_store.started_collections() for page in page_store.pages_in_progress(name)]
        yield f"A run is in progress or was interrupted: {len(pages)} pages are stored, the last one {_ago(last, now)}."
    if failure := page_store.last_failure():
        failed_at, reason = failure
        yield f"The last run failed {_ago(failed_at, now)}: {reason}"


def _not_listed_lines() -> Iterator[str]:
    for collection in collections():
        if collection.listed and (count := collection.model._base_manager.exclude(collection.listed).count()):
            yield f"{collection.name}: {count} objects are not listed, because little more than their name is loaded."


def _ago(moment: dt.datetime, now: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC ({format_duration((now - moment).total_seconds())} ago)"
