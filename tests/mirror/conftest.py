"""What the tests of the mirror share: a clock that can be turned, someone to report to, a source on loopback."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

import pytest

from spacedb.mirror.clock import Clock
from spacedb.mirror.collections import collections
from spacedb.mirror.reports import ReadProgress
from spacedb.mirror.service import Job
from spacedb.mirror.source import Source
from tests.mirror.faulty import Catalogue, agency, served

T = TypeVar("T")


class Turned(Clock):
    """A clock that stands still but for sleeps, which take no time."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def moment(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.time, dt.UTC)


class Heard:
    """Keeps what was reported."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.failed: list[str] = []
        self.waits: list[float] = []
        self.states: list[ReadProgress] = []

    def say(self, text: str) -> None:
        self.said.append(text)

    def fail(self, text: str) -> None:
        self.failed.append(text)

    def page(self, state: ReadProgress) -> None:
        self.states.append(state)

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)

    def track(self, pages: Iterable[T], total: int) -> Iterator[T]:
        yield from pages


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Turned:
    """A clock for the mirror and for the waits between attempts."""
    turned = Turned()
    monkeypatch.setattr("tenacity.nap.time", turned)
    return turned


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def catalogue(clock: Turned) -> Catalogue:
    """250 agencies: three pages."""
    return Catalogue({"agencies": [agency(pk) for pk in range(1, 251)]}, clock=clock.now)


@pytest.fixture
def source(catalogue: Catalogue) -> Iterator[str]:
    with ExitStack() as stack:
        yield stack.enter_context(served(catalogue))


@pytest.fixture
def job(source: str, tmp_path: Path) -> Callable[..., Job]:
    """A mirror of the agencies alone, or of what is named, from the source on loopback."""

    def make(*names: str, **more: Any) -> Job:
        wanted = names or ("agencies",)
        chosen = [one for one in collections() if one.name in wanted]
        url = more.pop("url", source)
        told: dict[str, Any] = {"agent": "spacedb/test", "reserve": 1} | more
        return Job(Source.of(url), chosen, tmp_path / "spool", **told)

    return make
