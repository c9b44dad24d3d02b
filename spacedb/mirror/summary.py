"""The lines that the command prints after a run."""

from collections.abc import Iterator, Sequence
from typing import Any

from spacedb.ingest.ingest import IngestSummary
from spacedb.ingest.messages import escape_unprintable, list_counts
from spacedb.mirror.applying import Outcome
from spacedb.mirror.messages import count_of
from spacedb.mirror.pruning import Comparison

MAX_IDS_SHOWN = 20
MAX_ID_LENGTH = 100


def summarize(outcome: Outcome, *, dry_run: bool) -> list[str]:
    """The lines that the command prints after a run."""
    lines = ["Dry run: nothing was written."] if dry_run else []
    if outcome.is_idle:
        lines.append("Nothing was requested." if outcome.is_postponed else "Nothing was due.")
    elif outcome.summary is None:
        lines.append("Nothing has changed at the source.")
    else:
        lines += _count_objects(outcome.summary)
    lines += _summarize_warnings(outcome)
    for comparison in outcome.missing:
        lines += _summarize_missing(comparison, "reading" if outcome.is_incremental else "run")
    if any(comparison.missing_twice for comparison in outcome.missing):
        if outcome.deleted is None:
            lines.append("They were not deleted. --prune deletes them.")
        else:
            verbs = ("object would be", "objects would be") if dry_run else ("object was", "objects were")
            lines.append(f"{count_of(outcome.deleted, *verbs)} deleted.")
    return lines


def _summarize_warnings(outcome: Outcome) -> Iterator[str]:
    warnings = [line for lines_of_collection in outcome.warnings.values() for line in lines_of_collection]
    if not warnings:
        return
    unknown_keys = sum(warning.is_unknown_key for warning in outcome.summary.warnings) if outcome.summary else 0
    if unknown_keys:
        yield f"Unknown keys: {unknown_keys}"
    if unknown_keys < len(warnings):
        yield f"Values that could not be stored as they are: {len(warnings) - unknown_keys}"
    yield from (f"  {line}" for line in warnings[:MAX_IDS_SHOWN])
    if len(warnings) > MAX_IDS_SHOWN:
        yield f"  and {len(warnings) - MAX_IDS_SHOWN} more: see --status"


def _summarize_missing(comparison: Comparison, decides: str) -> Iterator[str]:
    name, missing_twice = comparison.collection.name, comparison.missing_twice
    if missing_once := sorted(set(comparison.missing) - set(missing_twice)):
        yield f"On no page of {name}: {_join_ids(missing_once)}. New or deleted; the next {decides} decides."
    if missing_twice:
        yield f"No longer at the source, {name}: {_join_ids(missing_twice)}"
    if comparison.exceeds_max_delete:
        yield f"{name}: {len(missing_twice)} of {comparison.total} exceed --max-delete. None of them is deleted."
    for pk, dependent in [*comparison.needed_by.items()][:MAX_IDS_SHOWN]:
        yield f"{name} {pk} is not deleted: {dependent} needs it."


def _count_objects(summary: IngestSummary) -> list[str]:
    counts = [(0, 0, 0), *summary.models.values()]
    created, updated, unchanged = (sum(column) for column in zip(*counts, strict=True))
    lines = [f"Objects: {created} created, {updated} updated, {unchanged} unchanged."]
    if summary.deleted:
        lines.append(f"Deleted, because their pages no longer contain them: {list_counts(summary.deleted)}.")
    return lines


def _join_ids(ids: Sequence[Any]) -> str:
    shown = ", ".join(escape_unprintable(str(pk)[:MAX_ID_LENGTH]) for pk in ids[:MAX_IDS_SHOWN])
    return shown + (f" and {len(ids) - MAX_IDS_SHOWN} more" if len(ids) > MAX_IDS_SHOWN else "")
