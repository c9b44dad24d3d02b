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
from spacedb.mirror.daily_budget import DailyBudget, RequestLog
from spacedb.mirror.models import MirroredCollection, MirrorRun
from spacedb.mirror.reports import ReadProgress
from spacedb.mirror.service import Job
from spacedb.mirror.source import Source
from spacedb.mirror.status import status_lines
from tests.mirror.fake_source import FakeSource, agency, serve
from tests.mirror.simulated_source import SimulatedSource

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


# --- A copy of a simulated source -------------------------------------------------------------------------------------

NAMES = "agencies", "config/launch_statuses", "pads", "launches", "events"
HOUR = 3600


class Copy:
    """A copy of the source, made by a full run, and its further runs."""

    def __init__(self, source: SimulatedSource, job: JobFactory, clock: FakeClock, reporter: RecordingReporter) -> None:
        self.source, self.make_job, self.clock, self.reporter = source, job, clock, reporter
        self.run(is_full=True)

    @property
    def log(self) -> RequestLog:
        return RequestLog(self.job().page_store.folder / "requests.log", self.clock)

    def job(self, *names: str, **options: Any) -> Job:
        return self.make_job(*(names or NAMES), **{"is_full": False, "daily_budget": DailyBudget(1000)} | options)

    def run(self, *names: str, hours: float = 2, **options: Any) -> list[str]:
        """The endpoints that a run requests after some hours, followed by `full run` if it is one."""
        self.clock.time += hours * HOUR
        self.source.requests.clear()
        runs = MirrorRun.objects.filter(is_full=True).count()
        self.outcome = self.job(*names, **options).run_once(self.clock, self.reporter)
        full = ["full run"] if MirrorRun.objects.filter(is_full=True).count() > runs else []
        return [path.split("?")[0].removeprefix("/2.3.0/").strip("/") for path in self.source.request_paths] + full

    def status(self, start: str) -> str:
        """The line of the status that starts so, without indentation."""
        lines = map(str.strip, status_lines(self.job().source.url, self.job().page_store))
        return next(line for line in lines if line.startswith(start))

    def plan(self, *names: str, hours: float = 0, **options: Any) -> list[str]:
        """The lines of the plan after some hours."""
        self.clock.time += hours * HOUR
        return list(self.job(*names, **options).plan_lines(self.clock))

    def row(self, name: str) -> MirroredCollection:
        return MirroredCollection.objects.get(name=name)


@pytest.fixture
def copy(source: SimulatedSource, make_job: JobFactory, clock: FakeClock, reporter: RecordingReporter) -> Copy:
    return Copy(source, make_job, clock, reporter)
