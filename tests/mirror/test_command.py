"""The command: as a service, on a terminal, its options, `--status`, and the data age at `/health/`."""

import asyncio
import logging
import os
import re
import signal
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError
from django.test import Client
from django.utils import timezone
from psycopg.errors import UndefinedTable
from rich.console import Console

import spacedb
from agencies.models import Agency
from spacedb.mirror.applying import Outcome
from spacedb.mirror.client import Client as SourceClient
from spacedb.mirror.clock import Clock, format_duration
from spacedb.mirror.collections import collections
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.models import MirroredCollection
from spacedb.mirror.reports import open_reporter
from spacedb.mirror.service import TASK_INTERVAL_SECONDS, Job
from tests.conftest import ROOT
from tests.database_gone import database_gone
from tests.mirror.conftest import FakeClock, JobFactory, Mirror, RecordingReporter
from tests.mirror.fake_source import FakeSource, Fault, agency, no_fault, respond, serve

pytestmark = pytest.mark.django_db(transaction=True)

# --- As a service -----------------------------------------------------------------------------------------------------


class StopTestError(Exception):
    pass


@pytest.mark.vendor_neutral
def test_runs_every_six_hours_and_a_task_every_hour(
    source: FakeSource, make_job: JobFactory, clock: FakeClock, reporter: RecordingReporter
) -> None:
    task_times: list[float] = []
    started_at = clock.monotonic()

    def task() -> None:
        task_times.append(clock.monotonic() - started_at)
        if len(task_times) == 17:
            raise StopTestError

    source.faults = [respond(404)]
    with pytest.raises(StopTestError):
        make_job().run_forever(6 * 3600, clock, reporter, task)
    assert "404" in reporter.errors[0]
    request_times = sorted({moment - started_at for moment, _ in source.requests})
    assert request_times == [0, 900, 900 + 6 * 3600, 900 + 12 * 3600]
    assert task_times[:9] == [
        0,
        900,
        *(900 + hour * TASK_INTERVAL_SECONDS for hour in range(1, 7)),
        900 + 6 * TASK_INTERVAL_SECONDS,
    ]
    assert "The next run starts in 6 h." in reporter.messages


@pytest.mark.vendor_neutral
def test_task_continues_while_a_run_waits_for_the_rate_limit(
    source: FakeSource, make_job: JobFactory, clock: FakeClock, reporter: RecordingReporter
) -> None:
    task_times: list[float] = []

    def task() -> None:
        task_times.append(clock.monotonic())
        if len(task_times) == 3:
            raise StopTestError

    source.limit = 2
    source.rows["agencies"] = [agency(pk) for pk in range(1, 40)]
    with pytest.raises(StopTestError):
        make_job().run_forever(3600, clock, reporter, task)
    assert not Agency.objects.exists()


# --- The command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(source_url: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    settings.MIRROR_PAGE_STORE = tmp_path / "page_store"

    def command(*args: str, **options: Any) -> str:
        out = StringIO()
        call_command("mirror", "--from", source_url, *args, stdout=out, **options)
        return out.getvalue()

    return command


def test_command(run: Callable[..., str], source: FakeSource, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "spacedb.mirror")
    assert run("--only", "agencies", "/config/countries/") == "Objects: 25 created, 0 updated, 0 unchanged.\n"
    assert {request.split("?")[0] for request in source.request_paths} == {
        "/2.3.0/agencies/",
        "/2.3.0/config/countries/",
    }
    assert "agencies: page 2 of about 4, 10 objects, about 0 s to go" in caplog.text
    assert source.headers[0]["User-Agent"] == "spacedb/0.1.0 (mirror)"


@pytest.mark.vendor_neutral
def test_command_sends_contact_and_token(run: Callable[..., str], source: FakeSource, settings: Any) -> None:
    settings.MIRROR_CONTACT = "https://spacedb.example/about"
    settings.MIRROR_TOKEN = "from-the-settings\n"  # secrets read from files often end with a newline
    run("--only", "agencies")
    assert source.headers[0]["User-Agent"] == "spacedb/0.1.0 (mirror; https://spacedb.example/about)"
    assert source.headers[0]["Authorization"] == "Token from-the-settings"


def test_command_with_an_empty_collection(run: Callable[..., str], source: FakeSource) -> None:
    source.rows["agencies"].clear()
    assert run("--only", "agencies") == "Objects: 0 created, 0 updated, 0 unchanged.\n"


@pytest.mark.vendor_neutral
def test_version_is_that_of_the_project() -> None:
    assert f'version = "{spacedb.__version__}"' in (ROOT / "pyproject.toml").read_text()


def test_command_reads_all_collections(run: Callable[..., str], source: FakeSource) -> None:
    assert "25 created" in run(verbosity=1)
    assert len({request.split("?")[0] for request in source.request_paths}) == len(collections())


@pytest.mark.vendor_neutral
def test_command_is_quiet(run: Callable[..., str], capfd: pytest.CaptureFixture[str]) -> None:
    assert run("--only", "agencies", verbosity=0) == ""


def test_command_restart(run: Callable[..., str], source: FakeSource) -> None:
    source.faults = [no_fault, respond(404)]
    with pytest.raises(CommandError, match="404") as failed:
        run("--only", "agencies")
    assert failed.value.returncode == 1
    run("--only", "agencies", "--restart")
    assert len([request for request in source.request_paths if "offset" not in request]) == 2


@pytest.mark.vendor_neutral
@pytest.mark.usefixtures("default_sigint")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_ends_a_library_that_suppresses_cancellation(
    number: signal.Signals, code: int, run: Callable[..., str], source: FakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, handler = SourceClient._send, signal.getsignal(number)

    async def send(client: SourceClient, url: str, headers: dict[str, str]) -> Any:
        if len(source.request_paths) == 1:
            try:
                os.kill(os.getpid(), number)
                await asyncio.sleep(600)
            except asyncio.CancelledError:
                pass
        return await original(client, url, headers)

    monkeypatch.setattr(SourceClient, "_send", send)
    with pytest.raises(SystemExit) as stopped:
        run("--only", "agencies")
    assert stopped.value.code == code
    assert len(source.request_paths) == 1
    assert signal.getsignal(number) is handler


@pytest.mark.vendor_neutral
def test_progress_bar_on_a_terminal(source: FakeSource, make_job: JobFactory, clock: FakeClock) -> None:
    """It shows the pages, the objects, the requests left and the estimated duration."""
    source.limit, out = 5, StringIO()
    source.rows["agencies"] = [agency(pk) for pk in range(1, 56)]
    source.faults = [respond(500)]
    with open_reporter(Console(file=out, force_terminal=True, width=120)) as bar:
        make_job().run_once(clock, bar)
        bar.error("It has failed.")
    output = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out.getvalue())
    for part in ("agencies", "6/6", "55 objects", "requests left", "to go", "waiting", "trying again", "Applying"):
        assert part in output, part
    assert "It has failed." in output


@pytest.mark.vendor_neutral
def test_log_lines_without_a_terminal(
    source: FakeSource, make_job: JobFactory, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "spacedb.mirror")
    source.limit = 3
    with open_reporter(Console(file=StringIO())) as log:
        make_job().run_once(clock, log)
    assert "Waiting 30 min for the rate limit of the source" in caplog.text
    assert "agencies: page 2 of about 3, 19 objects, 0 requests left now, about 1 h to go" in caplog.text


@pytest.mark.vendor_neutral
def test_every_with_dry_run(run: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match="--every cannot be combined with --dry-run"):
        run("--every", "1h", "--dry-run")


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("every", ["", "0s", "6", "h", "6 h", "1w", "1h30", "367d", "9999999d", "²h"])
def test_invalid_interval(every: str, run: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match="is not a duration such as 6h"):
        run("--every", every)


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("15m", 900), ("6h", 21600), ("1h30m", 5400), ("366d", 31622400)]
)
def test_valid_interval(text: str, seconds: float, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    intervals: list[float] = []
    monkeypatch.setattr(Job, "run_forever", lambda job, seconds, *args: intervals.append(seconds))
    monkeypatch.setattr(Job, "run_once", lambda *args: Outcome(None))
    call_command("mirror", "--every", text)
    assert intervals == [seconds]


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("percent", ["-1", "101", "half", "50.5", ""])
def test_invalid_percentage(percent: str, run: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match="is not a number from 0 to 100"):
        run("--prune", "--max-delete", percent)


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(
    "budget", ["", "nonsense", "4/day", "0", "-5/day", "40/hour", "40 / day", "1e3/day", "9999999/day"]
)
def test_invalid_budget(budget: str, run: Callable[..., str], source: FakeSource) -> None:
    with pytest.raises(CommandError, match="is not a number of requests a day, such as 40/day, of at least 5"):
        run(f"--budget={budget}")
    assert source.request_paths == []


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(
    ("args", "setting", "expected"),
    [
        ((), "40/day", (False, 40)),
        (("--full",), "100", (True, 100)),
        (("--only", "agencies"), "40/day", (True, 40)),
        (("--budget", "60/day"), "40/day", (False, 60)),
        (("--budget", "60"), "40/day", (False, 60)),
    ],
)
def test_full_and_budget(
    args: tuple[str, ...],
    setting: str,
    expected: tuple[bool, int],
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> None:
    jobs = list[Job]()

    def run_once(job: Job, *args: Any) -> Outcome:
        jobs.append(job)
        return Outcome(None)

    monkeypatch.setattr(Job, "run_once", run_once)
    settings.MIRROR_BUDGET = setting
    call_command("mirror", *args)
    assert [(job.is_full, job.daily_budget.requests) for job in jobs] == [expected]


def test_plan(run: Callable[..., str], source: FakeSource) -> None:
    output = run("--plan")
    assert output.startswith("A full run, because nothing has been mirrored from this source yet.\n  ")
    assert f"{len(collections())} collections, at least {len(collections())} requests" in output
    run()
    source.requests.clear()
    assert run("--plan") == ("An incremental run: 0 of 40 requests of the last 24 hours are used.\n  Nothing is due.\n")
    assert run() == "Nothing was due.\n"
    assert "A full run, because --full was specified.\n" in run("--plan", "--full")
    assert source.request_paths == []
    assert source.throttle_requests == 1
    assert "collection, at least 3 requests.\n" in run("--plan", "--only", "agencies")


@pytest.mark.vendor_neutral
def test_plan_and_status_together(run: Callable[..., str]) -> None:
    assert run("--plan", "--status") == run("--status") + run("--plan")


def test_quiet_command_warns_that_the_budget_is_used_up(
    run: Callable[..., str], source: FakeSource, caplog: pytest.LogCaptureFixture, settings: Any, tmp_path: Path
) -> None:
    caplog.set_level(logging.INFO, "spacedb.mirror")
    run(verbosity=0)
    assert caplog.messages == []
    MirroredCollection.objects.update(started_at=timezone.now() - timedelta(days=2))
    log = next(settings.MIRROR_PAGE_STORE.iterdir()) / "requests.log"
    log.write_text(f"{timezone.now().timestamp():.3f} changes\n" * 40)
    source.requests.clear()
    assert run(verbosity=0) == ""
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "The daily budget is used up. The next request is possible at " in caplog.text
    assert run() == "Nothing was requested.\n"
    assert source.requests == []


def test_command_prunes(run: Callable[..., str], source: FakeSource) -> None:
    run("--only", "agencies")
    del source.rows["agencies"][10:]
    run("--only", "agencies")
    out = run("--only", "agencies", "--prune")
    assert "No longer at the source, agencies: 11, 12" in out
    assert "agencies: 15 of 25 exceed --max-delete. None of them is deleted.\n0 objects were deleted." in out
    assert "They were not deleted. --prune deletes them." in run("--only", "agencies")
    assert "15 objects were deleted." in run("--only", "agencies", "--prune", "--max-delete", "60")
    assert Agency.objects.count() == 10


@pytest.mark.vendor_neutral
def test_max_delete_without_prune(run: Callable[..., str], source: FakeSource) -> None:
    with pytest.raises(CommandError, match="--max-delete requires --prune"):
        run("--max-delete", "0")
    assert source.request_paths == []


@pytest.mark.vendor_neutral
def test_unknown_endpoint(run: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match=r"Unknown endpoints: moons\. Choose from: agencies, astronauts, "):
        run("--only", "moons", "agencies")


def test_status(run: Callable[..., str], source: FakeSource) -> None:
    assert "nothing has been mirrored from it yet" in run("--status")
    run("--only", "agencies")
    output = run("--status")
    assert "the oldest data are from" in output
    assert "  agencies       25 objects, read " in output
    assert "  25 objects in total." in output
    assert "in progress" not in output
    run("--only", "agencies", "--dry-run")
    assert "A run is in progress or was interrupted: 3 pages are stored, the last one " in run("--status")


def test_status_after_a_run_with_another_source(run: Callable[..., str], source: FakeSource) -> None:
    run("--only", "agencies")
    with serve(source) as url:
        run("--only", "agencies", "--from", url)
    output = run("--status")
    assert "no data of this source are left. Another source was applied since, or the database is new." in output
    assert "nothing has been mirrored" not in output


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (respond(200, b"[]"), r"\S+/refused/agencies/00001\.json: Expected a page of a list"),
        (respond(404), r"http://\S+/agencies/\S+: 404 Not Found"),
    ],
)
def test_status_after_a_failure(fault: Fault, reason: str, run: Callable[..., str], source: FakeSource) -> None:
    source.faults = [no_fault, fault]
    with pytest.raises(CommandError, match=reason):
        run("--only", "agencies")
    output = run("--status")
    assert "in progress or was interrupted: 1 page is stored" in output
    assert re.search(rf"The last run failed [0-9-]{{10}} [0-9:]{{5}} UTC \([0-9]+ s ago\): {reason}", output)
    run("--only", "agencies")
    assert "failed" not in run("--status")


def test_status_with_unreadable_files(run: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    run("--only", "agencies", "--dry-run")

    def forbidden(*args: Any, **kwargs: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)  # file permissions do not restrict root
    with pytest.raises(CommandError, match=r"A file cannot be read or written: .*Permission denied"):
        run("--status")


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OperationalError("no such table: agencies"), None),
        (ProgrammingError('relation "agencies" does not exist'), UndefinedTable()),
    ],
)
def test_database_without_tables(
    error: Exception, cause: Exception | None, run: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise error from cause

    monkeypatch.setattr("spacedb.mirror.run.estimate_count", fail)
    monkeypatch.setattr("spacedb.mirror.status.MirroredCollection.objects.filter", fail)
    for args in ((), ("--status",)):
        with pytest.raises(CommandError, match=r"The database cannot be used: .*\. Run manage\.py migrate\."):
            run(*args)


def test_database_that_cannot_be_reached(source: FakeSource, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("no such host")

    with monkeypatch.context() as patch:
        patch.setattr("spacedb.mirror.applying.ingest_files", fail)
        with pytest.raises(MirrorError, match=r"cannot be used: no such host\. Check .*\nNothing was written"):
            mirror()
    source.requests.clear()
    mirror()
    assert source.request_paths == []
    assert Agency.objects.count() == 25


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (3600, "1 h"),
        (9000, "2 h 30 min"),
        (86400, "1 d"),
        (180000, "2 d 2 h"),
    ],
)
def test_format_duration(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.vendor_neutral
def test_clock() -> None:
    clock = Clock()
    moment = timezone.now()
    assert moment <= clock.now() <= timezone.now()
    before = clock.monotonic()
    clock.sleep(0.01)
    assert clock.monotonic() - before >= 0.01


# --- /health/ ---------------------------------------------------------------------------------------------------------


def test_health_shows_the_age_of_the_data(client: Client, source: FakeSource, mirror: Mirror, clock: FakeClock) -> None:
    assert client.get("/health/?format=json").json()["MirroredData()"] == "nothing was mirrored"
    clock.time = timezone.now().timestamp() - 3 * 3600
    mirror()
    response = client.get("/health/?format=json")
    assert (response.status_code, response.json()["MirroredData()"]) == (200, "3 h old (agencies)")
    assert "MirroredData(): 3 h old (agencies)\n" in client.get("/health/?format=text").text
    assert "3 h old" in client.get("/health/", headers={"accept": "text/html"}).text
    assert client.post("/health/").status_code == 405
    assert client.head("/health/").status_code == 200


def test_health_without_a_database(client: Client, tmp_path: Path) -> None:
    with database_gone(tmp_path):
        response = client.get("/health/?format=json")
    assert response.status_code == 503
    assert response.json()["MirroredData()"].startswith("Unavailable: The database cannot be reached.")
    assert client.get("/health/").status_code == 200
