"""The mirror as whoever runs it sees it: as a service, on a terminal, in its status, at `/health/`."""

import asyncio
import logging
import os
import re
import signal
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError
from django.test import Client
from django.utils import timezone
from rich.console import Console

import spacedb
from agencies.models import Agency
from spacedb.mirror.applying import Outcome
from spacedb.mirror.client import Client as SourceClient
from spacedb.mirror.clock import Clock, duration
from spacedb.mirror.collections import collections
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.reports import report
from spacedb.mirror.service import CHORE_EVERY, Job
from tests.conftest import ROOT
from tests.database_gone import database_gone
from tests.mirror.conftest import Heard, Turned
from tests.mirror.faulty import Catalogue, Fault, agency, served, status, well

pytestmark = pytest.mark.django_db(transaction=True)

Make = Callable[..., Job]


# --- As a service -----------------------------------------------------------------------------------------------------


class Enough(Exception):
    pass


def test_every_six_hours_with_recounts_in_between(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    done: list[float] = []
    began = clock.now()

    def chore() -> None:
        done.append(clock.now() - began)
        if len(done) == 17:
            raise Enough

    catalogue.faults = [status(404)]
    with pytest.raises(Enough):
        job().forever(6 * 3600, clock, heard, chore)
    assert "404" in heard.failed[0]
    passes = sorted({moment - began for moment, _ in catalogue.asked})
    assert passes == [0, 900, 900 + 6 * 3600, 900 + 12 * 3600]
    assert done[:9] == [0, 900, *(900 + hour * CHORE_EVERY for hour in range(1, 7)), 900 + 6 * CHORE_EVERY]
    assert "The next pass begins in 6 h." in heard.said


def test_recounts_go_on_while_a_pass_waits_for_its_budget(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    done: list[float] = []

    def chore() -> None:
        done.append(clock.now())
        if len(done) == 3:
            raise Enough

    catalogue.limit = 2
    catalogue.rows["agencies"] = [agency(pk) for pk in range(1, 2000)]
    with pytest.raises(Enough):
        job().forever(3600, clock, heard, chore)
    assert not Agency.objects.exists()


# --- The command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(source: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    settings.MIRROR_SPOOL = tmp_path / "spool"

    def command(*args: str, **options: Any) -> str:
        out = StringIO()
        call_command("mirror", "--from", source, *args, stdout=out, **options)
        return out.getvalue()

    return command


def test_command(run: Callable[..., str], catalogue: Catalogue, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "spacedb.mirror")
    assert run("--only", "agencies", "/config/countries/") == "Objects: 250 created, 0 updated, 0 unchanged.\n"
    assert {request.split("?")[0] for request in catalogue.requests} == {"/2.3.0/agencies/", "/2.3.0/config/countries/"}
    assert "agencies: page 2 of about 4, 100 objects, about 0 s to go" in caplog.text
    assert catalogue.headers[0]["User-Agent"] == "spacedb/0.1.0 (mirror)"


def test_command_says_whom_to_turn_to(run: Callable[..., str], catalogue: Catalogue, settings: Any) -> None:
    settings.MIRROR_CONTACT = "https://spacedb.example/about"
    settings.MIRROR_TOKEN = "from-the-settings\n"  # as a file of secrets may end
    run("--only", "agencies")
    assert catalogue.headers[0]["User-Agent"] == "spacedb/0.1.0 (mirror; https://spacedb.example/about)"
    assert catalogue.headers[0]["Authorization"] == "Token from-the-settings"


def test_command_reads_nothing(run: Callable[..., str], catalogue: Catalogue) -> None:
    catalogue.rows["agencies"].clear()
    assert run("--only", "agencies") == "Objects: 0 created, 0 updated, 0 unchanged.\n"


def test_the_version_is_the_projects() -> None:
    assert f'version = "{spacedb.__version__}"' in (ROOT / "pyproject.toml").read_text()


def test_command_reads_everything(run: Callable[..., str], catalogue: Catalogue) -> None:
    assert "250 created" in run(verbosity=1)
    assert len({request.split("?")[0] for request in catalogue.requests}) == len(collections())


def test_command_is_quiet(run: Callable[..., str], capfd: pytest.CaptureFixture[str]) -> None:
    assert run("--only", "agencies", verbosity=0) == ""


def test_command_restart(run: Callable[..., str], catalogue: Catalogue) -> None:
    catalogue.faults = [lambda handler: False, status(404)]
    with pytest.raises(CommandError, match="404") as failed:
        run("--only", "agencies")
    assert failed.value.returncode == 1
    run("--only", "agencies", "--restart")
    assert len([request for request in catalogue.requests if "offset" not in request]) == 2


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_gets_through_a_library_that_loses_cancellations(
    number: signal.Signals, code: int, run: Callable[..., str], catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, before = SourceClient._exchange, signal.getsignal(number)

    async def deaf(client: SourceClient, address: str, headers: dict[str, str]) -> Any:
        if len(catalogue.requests) == 1:
            try:
                os.kill(os.getpid(), number)
                await asyncio.sleep(0.2)
            except asyncio.CancelledError:
                pass
        return await real(client, address, headers)

    monkeypatch.setattr(SourceClient, "_exchange", deaf)
    with pytest.raises(SystemExit) as stopped:
        run("--only", "agencies")
    assert stopped.value.code == code
    assert len(catalogue.requests) == 1
    assert signal.getsignal(number) is before


def test_a_bar_on_a_terminal(catalogue: Catalogue, job: Make, clock: Turned) -> None:
    """With pages, objects, what is left in this hour and the time it will take."""
    catalogue.limit, out = 15, StringIO()
    catalogue.rows["agencies"] = [agency(pk) for pk in range(1, 1801)]
    catalogue.faults = [status(500)]
    with report(Console(file=out, force_terminal=True, width=120)) as bar:
        job().once(clock, bar)
        bar.fail("It was too much.")
    told = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out.getvalue())
    for part in ("agencies", "19/19", "1800 objects", "requests left", "to go", "waiting", "trying again", "Applying"):
        assert part in told, part
    assert "It was too much." in told


def test_lines_without_a_terminal(
    catalogue: Catalogue, job: Make, clock: Turned, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "spacedb.mirror")
    catalogue.limit = 3
    with report(Console(file=StringIO())) as lines:
        job().once(clock, lines)
    assert "Waiting 30 min until the source may be asked again" in caplog.text
    assert "agencies: page 2 of about 3, 199 objects, 0 requests left now, about 1 h to go" in caplog.text


def test_command_once_or_for_ever(run: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match="what would change is told once"):
        run("--every", "1h", "--dry-run")


@pytest.mark.parametrize("every", ["", "0s", "6", "h", "6 h", "1w", "1h30", "367d", "9999999d", "²h"])
def test_command_wants_a_duration(every: str, run: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match="is not a duration such as 6h"):
        run("--every", every)


@pytest.mark.parametrize(
    ("told", "seconds"), [("90s", 90), ("15m", 900), ("6h", 21600), ("1h30m", 5400), ("366d", 31622400)]
)
def test_command_takes_a_duration(told: str, seconds: float, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    every: list[float] = []
    monkeypatch.setattr(Job, "forever", lambda job, seconds, *args: every.append(seconds))
    monkeypatch.setattr(Job, "once", lambda *args: Outcome(None))
    call_command("mirror", "--every", told)
    assert every == [seconds]


@pytest.mark.parametrize("percent", ["-1", "101", "half", "50.5", ""])
def test_command_wants_a_percentage(percent: str, run: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match="is not a number from 0 to 100"):
        run("--prune", "--max-delete", percent)


def test_command_prunes(run: Callable[..., str], catalogue: Catalogue) -> None:
    run("--only", "agencies")
    del catalogue.rows["agencies"][100:]
    run("--only", "agencies")
    out = run("--only", "agencies", "--prune")
    assert "No longer at the source, agencies: 101, 102" in out
    assert "agencies: 150 of 250 are more than --max-delete allows: all stay.\n0 objects were removed." in out
    assert "They stay here; --prune removes them." in run("--only", "agencies")
    assert "150 objects were removed." in run("--only", "agencies", "--prune", "--max-delete", "60")
    assert Agency.objects.count() == 100


def test_command_wants_to_know_what_a_percentage_is_for(run: Callable[..., str], catalogue: Catalogue) -> None:
    with pytest.raises(CommandError, match="--max-delete without --prune: nothing would be removed"):
        run("--max-delete", "0")
    assert catalogue.requests == []


def test_command_names_what_there_is(run: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match=r"There is no moons\. There are: agencies, astronauts, "):
        run("--only", "moons", "agencies")


def test_status(run: Callable[..., str], catalogue: Catalogue) -> None:
    assert "nothing has been mirrored from it yet" in run("--status")
    run("--only", "agencies")
    told = run("--status")
    assert "read to the end" in told
    assert "  agencies      250 objects, read " in told
    assert "  250 objects in all." in told
    assert "under way" not in told
    run("--only", "agencies", "--dry-run")
    assert "A pass is under way, or was interrupted: 3 pages are here, the last came " in run("--status")


def test_status_of_a_source_that_was_replaced(run: Callable[..., str], catalogue: Catalogue) -> None:
    run("--only", "agencies")
    with served(catalogue) as url:
        run("--only", "agencies", "--from", url)
    told = run("--status")
    assert "nothing here is from it any longer; another source, or another database, has come since." in told
    assert "nothing has been mirrored" not in told


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (status(200, b"[]"), r"\S+/refused/agencies/00001\.json: is not a page of a list"),
        (status(404), r"http://\S+/agencies/\S+: 404 Not Found"),
    ],
)
def test_status_after_a_failure(fault: Fault, reason: str, run: Callable[..., str], catalogue: Catalogue) -> None:
    catalogue.faults = [well, fault]
    with pytest.raises(CommandError, match=reason):
        run("--only", "agencies")
    told = run("--status")
    assert "under way, or was interrupted: 1 pages are here" in told
    assert re.search(rf"The last pass failed, [0-9-]{{10}} [0-9:]{{5}} UTC \([0-9]+ s ago\): {reason}", told)
    run("--only", "agencies")
    assert "failed" not in run("--status")


def test_status_of_files_that_cannot_be_read(run: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    run("--only", "agencies", "--dry-run")

    def forbidden(*args: Any, **more: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)  # whoever is root may read everything
    with pytest.raises(CommandError, match=r"A file cannot be read or written: .*Permission denied"):
        run("--status")


@pytest.mark.parametrize(
    "error", [OperationalError("no such table: agencies"), ProgrammingError('relation "agencies" does not exist')]
)
def test_a_database_without_tables(error: Exception, run: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    def lacks(*args: Any, **more: Any) -> None:
        raise error

    monkeypatch.setattr("spacedb.mirror.run.Mirror._count", lacks)
    monkeypatch.setattr("spacedb.mirror.status.MirroredCollection.objects.filter", lacks)
    for args in ((), ("--status",)):
        with pytest.raises(CommandError, match=r"The database cannot be used: .*\n  Run manage\.py migrate\."):
            run(*args)


def test_a_database_that_is_gone(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: Any) -> None:
        raise OperationalError("no such host")

    with monkeypatch.context() as patch:
        patch.setattr("spacedb.mirror.applying.ingest_files", gone)
        with pytest.raises(MirrorError, match=r"The database cannot be used: no such host\nNothing was written"):
            job().once(clock, heard)
    catalogue.asked.clear()
    job().once(clock, heard)
    assert catalogue.requests == []
    assert Agency.objects.count() == 250


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
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_the_clock() -> None:
    clock = Clock()
    assert abs((clock.moment() - timezone.now()).total_seconds()) < 5
    began = clock.now()
    clock.sleep(0.01)
    assert 0.01 <= clock.now() - began < 5


# --- /health/ ---------------------------------------------------------------------------------------------------------


def test_health_tells_the_age_of_the_data(
    client: Client, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    assert client.get("/health/?format=json").json()["MirroredData()"] == "nothing was mirrored"
    clock.time = timezone.now().timestamp() - 3 * 3600
    job().once(clock, heard)
    response = client.get("/health/?format=json")
    assert (response.status_code, response.json()["MirroredData()"]) == (200, "3 h old")
    assert "MirroredData(): 3 h old\n" in client.get("/health/?format=text").text
    assert "3 h old" in client.get("/health/", headers={"accept": "text/html"}).text
    assert client.post("/health/").status_code == 405
    assert client.head("/health/").status_code == 200


def test_health_without_a_database(client: Client, tmp_path: Path) -> None:
    with database_gone(tmp_path):
        response = client.get("/health/?format=json")
    assert response.status_code == 503
    assert response.json()["MirroredData()"].endswith("the database cannot be reached")
    assert client.get("/health/").status_code == 200
