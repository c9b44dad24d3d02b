"""Mirror processes that are killed, interrupted or terminated, and requests during a run: no partial data, ever."""

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.installation import Installation, create_installation
from tests.mirror.fake_source import FakeSource, agency, hold_until, no_fault, serve
from tests.waiting import TIMEOUT, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

AGENCIES, STATUSES = 500, 30
MODES = {"full": ("--only", "agencies", "config/spacecraft_statuses"), "incremental": ("--budget", "1000/day")}
KILLS = [(0, 0.0), (3, 0.0), (1000, 0.5)]
"""The number of requests of a run before it is killed, and then the fraction of the time that applying takes."""
EMPTY = ("", 0, 0)

both_modes = pytest.mark.parametrize("mode", MODES)


@pytest.fixture
def installation(tmp_path: Path, template: Installation) -> Iterator[Installation]:
    with create_installation(tmp_path / "installation", "mirror_test", template) as copy:
        yield copy


def rows(name: str = "Agency") -> dict[str, list[dict[str, Any]]]:
    statuses = [{"id": pk, "name": f"{name} {pk}"} for pk in range(1, STATUSES + 1)]
    return {
        "config/spacecraft_statuses": statuses,
        "agencies": [agency(pk, f"{name} {pk}") for pk in range(1, AGENCIES + 1)],
    }


def state(installation: Installation) -> tuple[str, int, int]:
    """The first letters of all names, and the numbers of agencies and statuses."""
    queries = (
        "SELECT count(*) FROM agencies_agency",
        "SELECT count(*) FROM spacecraft_spacecraftstatus",
        "SELECT DISTINCT substr(name, 1, 3) FROM agencies_agency",
        "SELECT DISTINCT substr(name, 1, 3) FROM spacecraft_spacecraftstatus",
    )
    (agencies,), (statuses,), *names = ([row[0] for row in installation.query(query)] for query in queries)
    return "+".join(sorted({name for column in names for name in column})), agencies, statuses


def mirror_command(url: str, mode: str = "full") -> tuple[str, ...]:
    return "mirror", "--from", url, *MODES[mode]


def make_old(installation: Installation) -> None:
    """Change the state of the mirror as if the last run had been three days ago, so that everything is due."""
    then = dt.datetime.now(dt.UTC) - dt.timedelta(days=3)
    installation.write(
        f"UPDATE mirror_mirroredcollection SET started_at = '{then}', finished_at = '{then}', "
        "changes_read_at = NULL, parts_read_at = '{}'"
    )
    installation.write(f"UPDATE mirror_mirrorrun SET finished_at = '{then}'")


@both_modes
def test_kills_at_any_moment(mode: str, installation: Installation) -> None:
    """After each kill all or none of the run is applied, and no stored page is requested again."""
    source = FakeSource(rows("G00"), delay=0.01)
    generation, before, kills = 1, ("G00", AGENCIES, STATUSES), 0
    with serve(source) as url:
        command = mirror_command(url, mode)
        if mode == "incremental":
            installation.run("mirror", "--from", url)
            make_old(installation)
            source.requests.clear()
        installation.run(*command)
        pages, seconds = len(source.requests), time.time() - source.requests[-1][0]
        assert state(installation) == before
        source.rows = rows("G01")
        make_old(installation)
        source.requests.clear()
        for requests, fraction in KILLS:
            process = installation.start(*command)
            _wait_for_requests(source, requests, pages, installation, process)
            time.sleep(seconds * fraction)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            installation.wait_until_unused()
            kills += 1
            # A page that was being sent during a kill was not stored, so it is requested twice.
            assert len(source.requests) <= pages + kills
            current, complete = state(installation), (f"G{generation:02}", AGENCIES, STATUSES)
            assert current in (before, complete)
            if current == complete:
                if _stored_pages(installation):  # it was killed after the commit, and before it deleted them
                    installation.run(*command)
                    # make_old() would make the state older than pages of parts, and these would be applied again.
                    for parts in (installation.folder / "mirror").glob("*/parts"):
                        shutil.rmtree(parts)
                generation, before, kills = generation + 1, complete, 0
                source.rows = rows(f"G{generation:02}")
                make_old(installation)
                source.requests.clear()
        installation.run(*command)
        assert state(installation) == (f"G{generation:02}", AGENCIES, STATUSES)
        assert pages <= len(source.requests) <= pages + kills


def _stored_pages(installation: Installation) -> int:
    """The number of pages that no run has applied yet."""
    folders = (installation.folder / "mirror").glob("*/*")
    in_progress = [folder for folder in folders if folder.name in ("only", "parts", "rotation")]
    return sum(1 for folder in in_progress for _ in folder.rglob("*.json"))


def _wait_for_requests(
    source: FakeSource, count: int, pages: int, installation: Installation, process: subprocess.Popen[str]
) -> None:
    """Wait until the run has started and has sent this number of requests, or as many as it needs."""
    stored = _stored_pages(installation) if source.requests else 0
    target = len(source.requests) + min(count, pages - stored)
    started = source.throttle_requests + (count > 0)
    while process.poll() is None and (source.throttle_requests < started or len(source.requests) < target):
        time.sleep(0.005)


@both_modes
@pytest.mark.vendor_neutral
@pytest.mark.usefixtures("default_sigint")
@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 130, "Interrupted"), (signal.SIGTERM, 143, "Terminated")]
)
def test_signals_end_a_run_cleanly(
    number: signal.Signals, code: int, word: str, mode: str, installation: Installation
) -> None:
    is_over, before = threading.Event(), EMPTY
    source = FakeSource(rows("Old"))
    with serve(source) as url:
        if mode == "incremental":
            installation.run("mirror", "--from", url)
            make_old(installation)
            source.requests.clear()
            before = ("Old", AGENCIES, STATUSES)
        source.rows, source.faults = rows("New"), [no_fault, no_fault, hold_until(is_over)]
        process = installation.start(*mirror_command(url, mode))
        wait_until(lambda: len(source.requests) == 3, process)
        process.send_signal(number)
        output, _ = process.communicate(timeout=TIMEOUT)
        is_over.set()
        assert process.returncode == code
        assert f"{word}. The stored pages are preserved, and the same command resumes from them." in output
        assert "Traceback" not in output
        assert state(installation) == before
        status = installation.run("mirror", "--status", "--from", url)
        assert "A run is in progress or was interrupted: 2 pages are stored" in status
        first = source.request_paths[:2]
        installation.run(*mirror_command(url, mode))
        assert state(installation) == ("New", AGENCIES, STATUSES)
        assert [path for path in source.request_paths if path in first] == first


@pytest.mark.vendor_neutral
def test_output_is_not_read_to_its_end(installation: Installation) -> None:
    """`manage.py mirror --plan | head -1` ends without a message."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        process = installation.run_into(pipe, "mirror", "--plan")
    assert (process.returncode, process.stderr) == (128 + signal.SIGPIPE, b"")


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_output_is_closed(installation: Installation, closed: str) -> None:
    """The command ends as with an output: Python has no stream for a closed one."""
    command = f'"$PYTHON" manage.py mirror --plan {closed}'
    environment = installation.environment | {"PYTHON": sys.executable}
    process = subprocess.run(["sh", "-c", command], env=environment, cwd=ROOT, stderr=subprocess.PIPE, check=False)
    assert (process.returncode, process.stderr) == (0, b"")


def test_sigterm_ends_a_service_cleanly(installation: Installation) -> None:
    source = FakeSource(rows())
    with serve(source) as url:
        process = installation.start(*mirror_command(url), "--every", "6h")
        assert process.stdout
        lines = list[str]()
        for line in process.stdout:
            lines.append(line)
            if "The next run starts in" in line:
                break
        process.terminate()
        output, _ = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0, [*lines, output]
    assert "The next run starts in" in lines[-1]
    assert any("totals recounted" in line for line in lines)
    assert state(installation) == ("Age", AGENCIES, STATUSES)


def test_requests_return_old_or_new_data_completely(installation: Installation) -> None:
    """While clients send requests, a run updates all objects and creates some."""
    source = FakeSource(rows("Old"))
    stop, names, unexpected = threading.Event(), list[str](), list[Any]()

    def send_requests(host: str) -> None:
        while not stop.is_set():
            with urllib.request.urlopen(f"http://{host}/2.3.0/agencies/?mode=list&limit=100", timeout=TIMEOUT) as reply:
                page = json.load(reply)
            content = page["count"], *{row["name"].split()[0] for row in page["results"]}
            if content not in ((AGENCIES, "Old"), (AGENCIES + 7, "New")):
                unexpected.append(content)
            names.append(content[1])
            stop.wait(0.02)  # leaves the processor to the run

    with serve(source) as url:
        installation.run(*mirror_command(url))
        with installation.serve(workers=2) as host:
            clients = [threading.Thread(target=send_requests, args=(host,)) for _ in range(4)]
            for client in clients:
                client.start()
            new = rows("New")
            new["agencies"] += [agency(pk, f"New {pk}") for pk in range(AGENCIES + 1, AGENCIES + 8)]
            source.rows = new
            wait_until(lambda: len(names) > 10)
            before = len(names)
            installation.run(*mirror_command(url))
            after = len(names)
            wait_until(lambda: len(names) > after + 10)
            stop.set()
            for client in clients:
                client.join()
    assert unexpected == []
    assert before < after
    assert names[0] == "Old"
    assert names[-1] == "New"
