"""Progress reports of a run: a progress bar on a terminal, log lines elsewhere."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from typing_extensions import override

from spacedb.ingest.messages import escape_unprintable
from spacedb.mirror.clock import format_duration
from spacedb.mirror.messages import count_of

T = TypeVar("T")

MAX_REQUESTS_SHOWN = 10**6
"""The number of remaining requests from which on it is omitted: the source then has no rate limit."""

logger = logging.getLogger("spacedb.mirror")


@dataclass(frozen=True)
class ReadProgress:
    """The progress of reading. `total_pages` and `seconds_left` are estimates."""

    collection: str
    pages: int
    total_pages: int
    objects: int
    requests_left: int
    seconds_left: float

    @override
    def __str__(self) -> str:
        requests = (
            f"{count_of(self.requests_left, 'request')} left now, " if self.requests_left < MAX_REQUESTS_SHOWN else ""
        )
        return (
            f"{self.collection}: page {self.pages} of about {self.total_pages}, {count_of(self.objects, 'object')}, "
            f"{requests}about {format_duration(self.seconds_left)} to go"
        )


class Reporter(Protocol):
    """Receives the messages and the progress of a run."""

    def info(self, message: str) -> None: ...
    def warning(self, message: str) -> None: ...
    def error(self, message: str) -> None: ...
    def page_read(self, progress: ReadProgress) -> None: ...
    def waiting(self, seconds: float) -> None:
        """Called before a wait for the rate limit."""

    def track_applying(self, pages: Iterable[T], total: int) -> Iterator[T]:
        """Iterate over the pages while they are applied, and report the progress."""
        ...


def format_message(message: str) -> str:
    """A message for a terminal or a log. Continuation lines are indented, so that none can pass for a log line."""
    return "\n  ".join(escape_unprintable(line) for line in message.split("\n"))


class LogReporter:
    """Reports as log lines."""

    def info(self, message: str) -> None:
        logger.info(format_message(message))

    def warning(self, message: str) -> None:
        logger.warning(format_message(message))

    def error(self, message: str) -> None:
        logger.error(format_message(message))

    def page_read(self, progress: ReadProgress) -> None:
        logger.info(str(progress))

    def waiting(self, seconds: float) -> None:
        logger.info("Waiting %s for the rate limit of the source", format_duration(seconds))

    def track_applying(self, pages: Iterable[T], total: int) -> Iterator[T]:
        for number, page in enumerate(pages, start=1):
            yield page
            if number % 100 == 0:
                logger.info("Applying: page %s of %s", number, total)


class QuietReporter(LogReporter):
    """Reports warnings and errors only, as log lines."""

    @override
    def info(self, message: str) -> None:
        pass

    @override
    def page_read(self, progress: ReadProgress) -> None:
        pass

    @override
    def waiting(self, seconds: float) -> None:
        pass

    @override
    def track_applying(self, pages: Iterable[T], total: int) -> Iterator[T]:
        yield from pages


class ProgressBarReporter:
    """Reports as a progress bar with messages above it."""

    def __init__(self, bar: Progress) -> None:
        self.bar = bar
        self.task = bar.add_task("Reading", total=None, note="")

    def info(self, message: str) -> None:
        self.bar.console.print(escape(format_message(message)))

    def warning(self, message: str) -> None:
        self.bar.console.print(escape(format_message(message)), style="yellow")

    def error(self, message: str) -> None:
        self.bar.console.print(escape(format_message(message)), style="red")

    def page_read(self, progress: ReadProgress) -> None:
        has_limit, objects = progress.requests_left < MAX_REQUESTS_SHOWN, count_of(progress.objects, "object")
        requests = f"{count_of(progress.requests_left, 'request')} left, " if has_limit else ""
        self.bar.update(
            self.task,
            completed=progress.pages,
            total=progress.total_pages,
            description=escape(progress.collection),
            note=f"{objects}, {requests}about {format_duration(progress.seconds_left)} to go",
            refresh=True,
        )

    def waiting(self, seconds: float) -> None:
        note = f"waiting {format_duration(seconds)} for the rate limit of the source"
        self.bar.update(self.task, note=note, refresh=True)

    def track_applying(self, pages: Iterable[T], total: int) -> Iterator[T]:
        self.bar.update(self.task, completed=0, total=total, description="Applying", note="")
        for page in pages:
            yield page
            self.bar.advance(self.task)


@contextmanager
def open_reporter(console: Console) -> Iterator[Reporter]:
    """A `ProgressBarReporter` on a terminal, else a `LogReporter`; a `QuietReporter` if the console is quiet."""
    if console.quiet:
        yield QuietReporter()
        return
    if not console.is_terminal:
        yield LogReporter()
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[note]}")
    with Progress(*columns, console=console, transient=True) as bar:
        yield ProgressBarReporter(bar)
