"""Runs the mirror once or at an interval, with an hourly task."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.db import DatabaseError, close_old_connections
from django.db.models import QuerySet
from typing_extensions import override

from spacedb.databases.errors import error_message
from spacedb.mirror.applying import Outcome, applied_rows, apply
from spacedb.mirror.applying_increment import apply_increment
from spacedb.mirror.budget import Budget
from spacedb.mirror.client import Client
from spacedb.mirror.clock import Clock, format_duration
from spacedb.mirror.collections import VERSION_NUMBER, Collection, pages_for
from spacedb.mirror.daily_budget import DEFAULT_BUDGET, DailyBudget, LoggedBudget, RequestLog
from spacedb.mirror.errors import MirrorError, describe_file_error
from spacedb.mirror.fetching import CompletedCollection
from spacedb.mirror.increment_store import clear_increments, discard_finished_readings
from spacedb.mirror.incremental import IncrementalReader, SourceReplacedError
from spacedb.mirror.messages import count_of
from spacedb.mirror.models import MirrorRun
from spacedb.mirror.page_store import FULL_RUNS, PageStore
from spacedb.mirror.planning import SOURCE_REPLACED, Plan, Planner
from spacedb.mirror.reports import Reporter
from spacedb.mirror.run import UNKNOWN_SIZE, SourceReader, estimate_count
from spacedb.mirror.source import Source
from spacedb.mirror.summary import summarize

RETRY_SECONDS = 15 * 60.0
"""Delay before retrying a failed run."""
TASK_INTERVAL_SECONDS = 60 * 60.0

MAX_PAGE_AGE = dt.timedelta(days=1)
"""Discard the stored pages of an interrupted full run if the last one is older than this."""

REPLACED_INTERVAL = dt.timedelta(days=7)
"""If the source seems to be replaced, a full run is started only if there was none for that reason for this time."""


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
    is_full: bool = True
    """Whether all pages are read. Otherwise the plan decides."""
    has_only: bool = False
    """Whether `--only` selects the collections. Their pages have a store of their own."""
    daily_budget: DailyBudget = DEFAULT_BUDGET
    """The maximum number of requests that incremental runs send in 24 hours."""

    @property
    def page_store(self) -> PageStore:
        """The pages of full runs."""
        name = "only" if self.has_only else "pages"
        return PageStore(self.folder / self.source.folder_name, f"/{VERSION_NUMBER}/", name)

    def restart(self) -> None:
        """Discard the pages of interrupted runs. Raises `MirrorError` if another mirror is running."""
        with self.page_store.lock():
            for name in FULL_RUNS:
                self.page_store.sibling(name).clear()
            clear_increments(self.page_store)

    def plan(self, clock: Clock) -> Plan:
        """What the next run would request. Sends no request."""
        if self.is_full:
            return Plan("--only was specified" if self.has_only else "--full was specified")
        return Planner(
            self.collections,
            applied_rows(self.source.url),
            self.page_store,
            self.daily_budget,
            self._request_log(clock),
            self._runs.values_list("finished_at", flat=True).first(),
            clock.now(),
        ).plan()

    def plan_lines(self, clock: Clock) -> Iterator[str]:
        """The lines of `--plan`."""
        plan = self.plan(clock)
        yield from plan.lines()
        if plan.full_run_reason:
            sizes = [estimate_count(self.page_store, collection) for collection in self.collections]
            pages = sum(pages_for(size or 0) for size in sizes)
            stored = sum(1 for each in self.collections for _ in self.page_store.pages_in_progress(each.name))
            yield f"  {count_of(len(sizes), 'collection')}, at least {count_of(max(0, pages - stored), 'request')}" + (
                f"; {UNKNOWN_SIZE}." if None in sizes else "."
            )

    def _request_log(self, clock: Clock) -> RequestLog:
        return RequestLog(self.page_store.folder / "requests.log", clock)

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
                discard_finished_readings(self.page_store, applied_rows(self.source.url))
                result = self._run_increment(client, clock, reporter)
                if isinstance(result, Outcome):
                    return result
                requests, collections_read = self._read(client, clock, reporter)
                close_old_connections()  # reading can take hours
                outcome = apply(
                    self.page_store,
                    self.source.url,
                    collections_read,
                    full_run_reason=result,
                    requests=requests,
                    max_delete=self.max_delete,
                    dry_run=self.dry_run,
                    strict=self.strict,
                    clock=clock,
                    reporter=reporter,
                )
                if not self.dry_run and not self.has_only:
                    clear_increments(self.page_store)
                return outcome
        except DatabaseError as error:
            raise MirrorError(f"{error_message(error)}\nNothing was written.") from error
        except OSError as error:
            raise MirrorError(describe_file_error(error)) from error

    def _run_increment(self, client: Client, clock: Clock, reporter: Reporter) -> Outcome | str:
        """Read and apply what the plan contains. If a full run is needed instead, return the reason."""
        rows, log = applied_rows(self.source.url), self._request_log(clock)
        log.shorten()
        plan = self.plan(clock)
        if plan.full_run_reason:
            if not self.is_full:
                reporter.info(f"This is a full run, because {plan.full_run_reason}.")
            return plan.full_run_reason
        rate_limit = Budget(client.fetch_rate_limit, reserve=self.reserve, clock=clock, on_wait=reporter.waiting)
        budget = LoggedBudget(
            rate_limit,
            self.daily_budget,
            log,
            on_wait=lambda seconds: reporter.info(f"Waiting {format_duration(seconds)} for the daily budget"),
        )
        was_replaced = self._runs.filter(reason=SOURCE_REPLACED, finished_at__gt=clock.now() - REPLACED_INTERVAL)
        reader = IncrementalReader(
            client,
            self.page_store,
            self.collections,
            rows,
            budget,
            clock=clock,
            reporter=reporter,
            strict=self.strict,
            may_replace=not was_replaced.exists(),
        )
        try:
            increment = reader.read(plan)
        except SourceReplacedError:
            reporter.info(f"This is a full run, because {SOURCE_REPLACED}.")
            return SOURCE_REPLACED
        close_old_connections()
        return apply_increment(
            self.page_store,
            self.source.url,
            increment,
            max_delete=self.max_delete,
            dry_run=self.dry_run,
            strict=self.strict,
            clock=clock,
            reporter=reporter,
        )

    @property
    def _runs(self) -> QuerySet[MirrorRun]:
        """The runs of this source, the last one first."""
        return MirrorRun.objects.filter(source=self.source.url)

    def _read(self, client: Client, clock: Clock, reporter: Reporter) -> tuple[int, list[CompletedCollection]]:
        """The number of requested pages, and the collections that were read completely."""
        fetched = self.page_store.fetched_between()
        if fetched and clock.now() - (last := fetched[1]) > MAX_PAGE_AGE:
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
        return reader.fetcher.requests, collections_read

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
