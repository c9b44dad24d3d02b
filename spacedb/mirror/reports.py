"""What a mirror tells while it works: a bar on a terminal, lines elsewhere."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from spacedb.mirror.clock import duration

T = TypeVar("T")

logger = logging.getLogger("spacedb.mirror")


class Reporter(Protocol):
    """Who is told. `say` is a sentence; `page` comes after each page, `track` goes with the pages that are applied."""

    def say(self, text: str) -> None: ...
    def fail(self, text: str) -> None: ...
    def page(self, state: "ReadProgress") -> None: ...
    def wait(self, seconds: float) -> None: ...
    def track(self, pages: Iterable[T], total: int) -> Iterator[T]: ...


def escaped(text: str) -> str:
    """What others wrote, in one line that can do nothing to a terminal or a log: `\\x1b[2J`."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def shown(text: str) -> str:
    """What leaves for a terminal or a log. Further lines are set in, so that none passes as one of its own."""
    return "\n  ".join(escaped(line) for line in text.split("\n"))


class ReadProgress:
    """How far the reading has come: pages here and in all, objects, requests left now, the time it will take."""

    def __init__(self, collection: str, pages: int, total: int, objects: int, left: int, seconds: float) -> None:
        self.collection, self.pages, self.total = collection, pages, total
        self.objects, self.left, self.seconds = objects, left, seconds

    def __str__(self) -> str:
        left = f"{self.left} requests left now, " if self.left < 10**6 else ""
        return (
            f"{self.collection}: page {self.pages} of about {self.total}, {self.objects} objects, "
            f"{left}about {duration(self.seconds)} to go"
        )


class LogReporter:
    """Lines of the log."""

    def say(self, text: str) -> None:
        logger.info(shown(text))

    def fail(self, text: str) -> None:
        logger.error(shown(text))

    def page(self, state: ReadProgress) -> None:
        logger.info(str(state))

    def wait(self, seconds: float) -> None:
        logger.info("Waiting %s until the source may be asked again", duration(seconds))

    def track(self, pages: Iterable[T], total: int) -> Iterator[T]:
        for number, page in enumerate(pages, start=1):
            yield page
            if number % 100 == 0:
                logger.info("Applying: page %s of %s", number, total)


class ProgressBarReporter:
    """A bar of progress, with sentences above it."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.task = progress.add_task("Reading", total=None, note="")

    def say(self, text: str) -> None:
        self.progress.console.print(escape(shown(text)))

    def fail(self, text: str) -> None:
        self.progress.console.print(escape(shown(text)), style="red")

    def page(self, state: ReadProgress) -> None:
        left = f"{state.left} requests left, " if state.left < 10**6 else ""
        note = f"{state.objects} objects, {left}about {duration(state.seconds)} to go"
        self.progress.update(
            self.task,
            completed=state.pages,
            total=state.total,
            description=escape(state.collection),
            note=note,
            refresh=True,
        )

    def wait(self, seconds: float) -> None:
        note = f"waiting {duration(seconds)} until the source may be asked again"
        self.progress.update(self.task, note=note, refresh=True)

    def track(self, pages: Iterable[T], total: int) -> Iterator[T]:
        self.progress.update(self.task, completed=0, total=total, description="Applying", note="")
        for page in pages:
            yield page
            self.progress.advance(self.task)


@contextmanager
def report(console: Console) -> Iterator[Any]:
    """A bar where there is a terminal, else lines."""
    if not console.is_terminal:
        yield LogReporter()
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[note]}")
    with Progress(*columns, console=console, transient=True) as progress:
        yield ProgressBarReporter(progress)
