"""What was mirrored, how old it is, and how far the pass under way has come."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from spacedb.mirror.clock import duration
from spacedb.mirror.models import MirroredCollection
from spacedb.mirror.page_store import PageStore


def data_age() -> dt.timedelta | None:
    """How old the oldest of what was mirrored may be; None if nothing was."""
    oldest = MirroredCollection.objects.order_by("began").values_list("began", flat=True).first()
    return timezone.now() - oldest if oldest else None


def lines(source: str, spool: PageStore) -> Iterator[str]:
    """The last pass and what it holds; the pass that is under way; why the last one failed."""
    now = timezone.now()
    rows = list(MirroredCollection.objects.filter(source=source).order_by("name"))
    if rows:
        began, ended, changed = min(r.began for r in rows), max(r.ended for r in rows), max(r.changed for r in rows)
        yield f"{source}: read to the end {_ago(ended, now)}; nothing in it is older than {_ago(began, now)}."
        yield f"It last had changes {_ago(changed, now)}."
        width = max(len(row.name) for row in rows)
        for row in rows:
            note = "" if row.complete else ", fewer than the source counts"
            yield f"  {row.name:<{width}}  {row.objects_count:>7} objects, read {_ago(row.ended, now)}{note}"
        yield f"  {sum(row.objects_count for row in rows)} objects in all."
    elif any(spool.applied.rglob("*.json")):
        yield f"{source}: nothing here is from it any longer; another source, or another database, has come since."
    else:
        yield f"{source}: nothing has been mirrored from it yet."
    if last := spool.last_fetched():
        pages = [page for name in spool.under_way() for page in spool.stored(spool.pages, name)]
        yield f"A pass is under way, or was interrupted: {len(pages)} pages are here, the last came {_ago(last, now)}."
    if failure := spool.failure():
        moment, reason = failure
        yield f"The last pass failed, {_ago(moment, now)}: {reason}"


def _ago(moment: dt.datetime, now: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC ({duration((now - moment).total_seconds())} ago)"
