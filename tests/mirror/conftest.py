"""Fixtures of the mirror tests: a clock without real waits, a recording reporter, and a fake source on loopback."""

import datetime as dt
import os
import signal
import ssl
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import httpcore2
import pytest
from typing_extensions import override

from spacedb.mirror.applying import Outcome
from spacedb.mirror.clock import Clock
from spacedb.mirror.collections import collections
from spacedb.mirror.daily_budget import DailyBudget
from spacedb.mirror.models import MirroredCollection
from spacedb.mirror.reports import ReadProgress
from spacedb.mirror.service import Job
from spacedb.mirror.source import Source
from tests.mirror.fake_source import FakeSource, agency, serve

T = TypeVar("T")

_default_ssl_context = httpcore2.default_ssl_context


@cache
def _load_certificates() -> ssl.SSLContext:
    return _default_ssl_context()


JobFactory: TypeAlias = Callable[..., Job]
Mirror: TypeAlias = Callable[..., Outcome]


class FakeClock(Clock):
    """A clock that moves only when something sleeps. Sleeps return at once."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0
        self.sleeps: list[float] = []

    @override
    def monotonic(self) -> float:
        return self.time

    @override
    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.time += seconds

    @override
    def now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.time, dt.UTC)


class RecordingReporter:
    """Records all reports of a run."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self.waits: list[float] = []
        self.progress: list[ReadProgress] = []

    def info(self, message: str) -> None:
        self.messages.append(message)

    def warning(self, message: str) -> None:
        self.warnings.append(message)

    def error(self, message: str) -> None:
        self.errors.append(message)

    def page_read(self, progress: ReadProgress) -> None:
        self.progress.append(progress)

    def waiting(self, seconds: float) -> None:
        self.waits.append(seconds)

    def track_applying(self, pages: Iterable[T], total: int) -> Iterator[T]:
        yield from pages


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """The clock of the mirror, also used for the backoff between attempts."""
    fake = FakeClock()
    monkeypatch.setattr("tenacity.nap.time", fake)
    return fake


@pytest.fixture
def reporter() -> RecordingReporter:
    return RecordingReporter()


@pytest.fixture(autouse=True)
def certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    share_certificates(monkeypatch)


def share_certificates(patch: pytest.MonkeyPatch) -> None:
    """Load the certificate authorities of the system once, instead of for each client, which takes a tenth of a second.

    Tests that set `SSL_CERT_FILE` or `SSL_CERT_DIR` load those.
    """

    def default_ssl_context(**options: Any) -> ssl.SSLContext:
        is_default = not os.environ.keys() & {"SSL_CERT_FILE", "SSL_CERT_DIR"}
        return _load_certificates() if is_default else _default_ssl_context(**options)

    patch.setattr(httpcore2, "default_ssl_context", default_ssl_context)


PAGE_SIZE = 10


@pytest.fixture
def source(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> FakeSource:
    """A source with 25 agencies. Pages have ten objects instead of a hundred, so these are three pages."""
    monkeypatch.setattr("spacedb.mirror.collections.PAGE_SIZE", PAGE_SIZE)
    monkeypatch.setattr("spacedb.mirror.run.PAGE_SIZE", PAGE_SIZE)
    monkeypatch.setattr("spacedb.mirror.incremental.PAGE_SIZE", PAGE_SIZE)
    return FakeSource({"agencies": [agency(pk) for pk in range(1, 26)]}, clock=clock.monotonic)


@pytest.fixture
def source_url(source: FakeSource) -> Iterator[str]:
    with serve(source) as url:
        yield url


@pytest.fixture
def make_job(source_url: str, tmp_path: Path) -> JobFactory:
    """Creates a job that mirrors the named collections of the fake source; without names, the agencies."""

    def make(*names: str, url: str = source_url, **options: Any) -> Job:
        selected = [collection for collection in collections() if collection.name in (names or ("agencies",))]
        defaults: dict[str, Any] = {"user_agent": "spacedb/test", "reserve": 1}
        return Job(Source.parse(url), selected, tmp_path / "page_store", **defaults | options)

    return make


@pytest.fixture
def mode(request: pytest.FixtureRequest) -> str:
    """The kind of the runs of the fixture `mirror`: full or incremental."""
    return str(getattr(request, "param", "full"))


both_modes = pytest.mark.parametrize("mode", ["full", "incremental"], indirect=True)
"""The test expects the same of full runs, and of incremental runs of an old copy. They request the same pages."""


@pytest.fixture
def mirror(make_job: JobFactory, mode: str, source: Any, clock: FakeClock, reporter: RecordingReporter) -> Mirror:
    """Runs a job of `make_job`: once, or until all pages were read if the runs are incremental."""

    def run(*names: str, **options: Any) -> Outcome:
        if mode == "full":
            return make_job(*names, **options).run_once(clock, reporter)
        job = make_job(*names, is_full=False, daily_budget=DailyBudget(10_000), **options)
        read_at = clock.now() - dt.timedelta(days=5)
        for collection in job.collections:
            values = dict.fromkeys(("started_at", "finished_at", "changed_at"), read_at)
            count = len(source.rows.get(collection.name, ()))
            MirroredCollection.objects.update_or_create(
                name=collection.name, defaults={"source": job.source.url, "objects_count": count, **values}
            )
        while True:
            outcome = job.run_once(clock, reporter)
            if options.get("dry_run") or not MirroredCollection.objects.filter(reading_pages__gt=0).exists():
                return outcome

    return run


@pytest.fixture
def default_sigint() -> Iterator[None]:
    """Python's default handler of SIGINT, here and in child processes.

    A shell starts background jobs with SIGINT ignored, and child processes inherit that.
    """
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, previous)
