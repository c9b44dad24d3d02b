"""All that was read put in place, in one transaction: readers see what was before, or all of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from spacedb.ingest.ingest import IngestError, IngestSummary, ingest_files
from spacedb.mirror.clock import Clock
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.models import MirroredCollection
from spacedb.mirror.page_store import PageStore
from spacedb.mirror.pruning import Comparison, compare, prune
from spacedb.mirror.reports import Reporter, escaped
from spacedb.mirror.run import ReadCollection
from spacedb.revision.current import write_transaction


@dataclass(frozen=True)
class Outcome:
    """What applying did. `summary` is None where every page was as it had been applied before; `removed` is None where
    nothing was to be removed."""

    summary: IngestSummary | None
    missing: list[Comparison] = field(default_factory=list)
    removed: int | None = None


def is_applied(source: str, reads: Sequence[ReadCollection]) -> bool:
    """Whether just this pass is what was applied last: whoever applied it was stopped right after."""
    known = _known(source)
    return all(
        (row := known.get(read.collection.name)) and row.digest == read.digest and row.ended == _moment(read.ended)
        for read in reads
    )


def apply(
    spool: PageStore,
    source: str,
    reads: Sequence[ReadCollection],
    *,
    max_delete: float | None,
    dry_run: bool,
    clock: Clock,
    report: Reporter,
) -> Outcome:
    """Ingest all pages, note what was read, find what the source has no longer and remove it, but of each collection
    at most `max_delete` percent; None removes nothing.

    Raises `MirrorError`, and leaves everything as it was, where a page does not fit.
    """
    known = _known(source)
    is_new = any((row := known.get(read.collection.name)) is None or row.digest != read.digest for read in reads)
    files = [path for read in reads for path, _ in spool.taken(read.collection.name, read.pages)]
    summary = removed = None
    try:
        with write_transaction():
            compared = [] if is_new else _compared(spool, reads, known)
            if is_new or any(found.lost for found in compared):
                summary = ingest_files(report.track(files, len(files)))
                compared = _compared(spool, reads, known)
            missing = [found for found in compared if found.missing]
            if max_delete is not None:
                removed = prune(missing, max_delete)
            _note(source, reads, known, compared, clock.moment())
            if dry_run:
                transaction.set_rollback(True)
    except IngestError as error:
        kept = [f"{spool.refuse_stored(Path(name))}: {escaped(reason)}" for name, reason in error.refused]
        raise MirrorError("\n".join([*kept, "Nothing was written."])) from error
    if not dry_run:
        spool.finish([read.collection.name for read in reads])
    return Outcome(summary, missing, removed)


def _known(source: str) -> dict[str, MirroredCollection]:
    """What was applied from this source, and from no other since."""
    return {row.name: row for row in MirroredCollection.objects.filter(source=source)}


def _compared(
    spool: PageStore, reads: Sequence[ReadCollection], known: dict[str, MirroredCollection]
) -> list[Comparison]:
    before = {name: row.missing for name, row in known.items()}
    return [compare(spool, read, before.get(read.collection.name, ())) for read in reads]


def _note(
    source: str,
    reads: Sequence[ReadCollection],
    known: dict[str, MirroredCollection],
    compared: Sequence[Comparison],
    now: dt.datetime,
) -> None:
    for read, found in zip(reads, compared, strict=True):
        before = known.get(read.collection.name)
        values: dict[str, Any] = {
            "source": source,
            "digest": read.digest,
            "objects_count": read.objects,
            "complete": read.complete,
            "missing": [pk if isinstance(pk, int) else str(pk) for pk in found.missing],
            "began": _moment(read.began),
            "ended": _moment(read.ended),
            "changed": before.changed if before and before.digest == read.digest else now,
        }
        MirroredCollection.objects.update_or_create(name=read.collection.name, defaults=values)


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
