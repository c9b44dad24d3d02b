"""Runs the mirror once or at an interval, with an hourly task."""

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DatabaseError, close_old_connections
from typing_extensions import override

from spacedb.databases.errors import error_message
from spacedb.ingest.ingest import IngestSummary
from spacedb.ingest.messages import escape_unprintable, list_counts
from spacedb.mirror.applying import Outcome, apply, is_applied
from spacedb.mirror.client import Client
from spacedb.mirror.clock import Clock, format_duration
from spacedb.mirror.collections import VERSION_NUMBER, Collection
from spacedb.mirror.errors import MirrorError, describe_file_error
from spacedb.mirror.fetching import CompletedCollection
from spacedb.mirror.page_store import PageStore
from spacedb.mirror.reports import Reporter
from spacedb.mirror.run import SourceReader
from spacedb.mirror.source import Source

RETRY_SECONDS = 15 * 60.0
"""Delay before retrying a failed run."""
TASK_INTERVAL_SECONDS = 60 * 60.0
MAX_PAGE_AGE = dt.timedelta(days=7)
"""Discard the stored pages of an interrupted run that are older than this."""

MAX_IDS_SHOWN = 20
MAX_ID_LENGTH = 100


@dataclass(frozen=True)
class Job:
    """The source, the collections and the options of a mirror."""

    source: Source
    collections: Sequence[Collection]
    folder: Path
    """The folder of all page stores."""
    user_agent: str
    token: str = field(default="", repr=False)
    reserve: int = 0
    """Requests per window of the rate limit that are reserved for other clients."""
    max_delete: float | None = None
    """The maximum percentage of a collection that a run may delete. None: do not delete."""
    dry_run: bool = False
    strict: bool = False
    """Whether a page with an invalid value is refused."""

    @property
    def page_store(self) -> PageStore:
        return PageStore(self.folder / self.source.folder_name, f"/{VERSION_NUMBER}/")

    def run_once(self, clock: Clock, reporter: Reporter) -> Outcome:
        """Read and apply all pages. Raises `MirrorError`, and stores its message for `--status`."""
        try:
            return self._run(clock, reporter)
        except MirrorError as error:
            with suppress(OSError):  # the error may be a full disk
                self.page_store.record_failure(str(error), clock.now())
            raise

    def _run(self, clock: Clock, reporter: Reporter) -> Outcome:
        try:
            client = Client(
                self.source, user_agent=self.user_agent, token=self.token, clock=clock, on_retry=reporter.info
            )
            with closing(client), self.page_store.lock():
                collections_read = self._read(client, clock, reporter)
                close_old_connections()  # reading can take hours
                return apply(
                    self.page_store,
                    self.source.url,
                    collections_read,
                    max_delete=self.max_delete,
                    dry_run=self.dry_run,
                    strict=self.strict,
                    clock=clock,
                    reporter=reporter,
                )
        except DatabaseError as error:
            raise MirrorError(f"{error_message(error)}\nNothing was written.") from error
        except OSError as error:
            raise MirrorError(describe_file_error(error)) from error

    def _read(self, client: Client, clock: Clock, reporter: Reporter) -> list[CompletedCollection]:
        last = self.page_store.last_fetched_at()
        if last and clock.now() - last > MAX_PAGE_AGE:
            reporter.info(
                f"The run that was interrupted at {last:%Y-%m-%d %H:%M} UTC is too old to be resumed: starting again."
            )
            self.page_store.clear()
        reader = SourceReader(
            client,
            self.page_store,
            self.collections,
            reserve=self.reserve,
            clock=clock,
            reporter=reporter,
            strict=self.strict,
        )
        collections_read = reader.read()
        # A previous process committed but did not move its pages: finish that, then start anew.
        if reader.fetcher.requests or not is_applied(self.source.url, collections_read):
            return collections_read
        self.page_store.finish_run([completed.collection.name for completed in collections_read])
        return self._read(client, clock, reporter)

    def run_forever(self, interval: float, clock: Clock, reporter: Reporter, hourly_task: Callable[[], None]) -> None:
        """Start a run every `interval` seconds, and a quarter of an hour after a failed run.

        The hourly task is called after each run and every hour, even while a run waits for the rate limit.
        """
        task_clock = _TaskClock(clock, hourly_task)
        while True:
            started_at, pause = clock.monotonic(), interval
            try:
                for line in summarize(self.run_once(task_clock, reporter), dry_run=self.dry_run):
                    reporter.info(line)
            except MirrorError as error:
                reporter.error(str(error))
                started_at, pause = clock.monotonic(), min(interval, RETRY_SECONDS)
            task_clock.run_task()
            seconds = max(0.0, started_at + pause - clock.monotonic())
            reporter.info(f"The next run starts in {format_duration(seconds)}.")
            task_clock.sleep(seconds)


class _TaskClock(Clock):
    """A clock whose sleeps are interrupted every hour to run a task."""

    def __init__(self, clock: Clock, task: Callable[[], None]) -> None:
        self.clock, self.task = clock, task
        self.due = clock.monotonic() + TASK_INTERVAL_SECONDS

    @override
    def monotonic(self) -> float:
        return self.clock.monotonic()

    @override
    def now(self) -> dt.datetime:
        return self.clock.now()

    @override
    def sleep(self, seconds: float) -> None:
        end = self.monotonic() + seconds
        while (rest := end - self.monotonic()) > 0:
            self.clock.sleep(min(rest, max(0.0, self.due - self.monotonic())))
            if self.monotonic() >= self.due:
                self.run_task()

    def run_task(self) -> None:
        close_old_connections()
        self.task()
        self.due = self.monotonic() + TASK_INTERVAL_SECONDS


def summarize(outcome: Outcome, *, dry_run: bool) -> list[str]:
    """The lines that the command prints after a run."""
    lines = ["Dry run: nothing was written."] if dry_run else []
    lines += ["Nothing has changed at the source."] if outcome.summary is None else _count_objects(outcome.summary)
    warnings = [line for lines_of_collection in outcome.warnings.values() for line in lines_of_collection]
    if warnings:
        unknown_keys = sum(warning.is_unknown_key for warning in outcome.summary.warnings) if outcome.summary else 0
        if unknown_keys:
            lines.append(f"Unknown keys: {unknown_keys}")
        if unknown_keys < len(warnings):
            lines.append(f"Values that could not be stored as they are: {len(warnings) - unknown_keys}")
        lines += [f"  {line}" for line in warnings[:MAX_IDS_SHOWN]]
        if len(warnings) > MAX_IDS_SHOWN:
            lines.append(f"  and {len(warnings) - MAX_IDS_SHOWN} more: see --status")
    for comparison in outcome.missing:
        name, missing_twice = comparison.collection.name, comparison.missing_twice
        if missing_once := sorted(set(comparison.missing) - set(missing_twice)):
            lines.append(f"On no page of {name}: {_join_ids(missing_once)}. New or deleted; the next run decides.")
        if missing_twice:
            lines.append(f"No longer at the source, {name}: {_join_ids(missing_twice)}")
        if comparison.exceeds_max_delete:
            lines.append(
                f"{name}: {len(missing_twice)} of {comparison.total} exceed --max-delete. None of them is deleted."
            )
        needed = [*comparison.needed_by.items()][:MAX_IDS_SHOWN]
        lines += [f"{name} {pk} is not deleted: {dependent} needs it." for pk, dependent in needed]
    if any(comparison.missing_twice for comparison in outcome.missing):
        if outcome.deleted is None:
            lines.append("They were not deleted. --prune deletes them.")
        else:
            lines.append(f"{outcome.deleted} objects {'would be' if dry_run else 'were'} deleted.")
    return lines


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
