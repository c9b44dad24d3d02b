"""Mirror processes that are killed, interrupted or terminated, and requests during a run: no partial data, ever."""

import json
import os
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
PAGES = 6 + 1
KILLS = [(0, 0.0), (3, 0.0), (PAGES, 0.5)]
"""The number of requests of a run before it is killed, and then the fraction of the time that applying takes."""
EMPTY = ("", 0, 0)


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


def mirror_command(url: str) -> tuple[str, ...]:
    return "mirror", "--from", url, "--only", "agencies", "config/spacecraft_statuses"


def test_kills_at_any_moment(installation: Installation) -> None:
    """After each kill all or none of the run is applied, and no stored page is requested again."""
    source = FakeSource(rows("G00"), delay=0.03)
    generation, before, kills = 1, ("G00", AGENCIES, STATUSES), 0
    with serve(source) as url:
        seconds = _run_and_measure_applying(source, installation, url)
        assert state(installation) == before
        source.rows = rows("G01")
        source.requests.clear()
        for requests, fraction in KILLS:
            process = installation.start(*mirror_command(url))
            _wait_for_requests(source, requests, installation, process)
            time.sleep(seconds * fraction)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            kills += 1
            # A page that was being sent during a kill was not stored, so it is requested twice.
            assert len(source.requests) <= PAGES + kills
            current, complete = state(installation), (f"G{generation:02}", AGENCIES, STATUSES)
            assert current in (before, complete)
            if current == complete:
                generation, before, kills = generation + 1, complete, 0
                source.rows = rows(f"G{generation:02}")
                source.requests.clear()
        installation.run(*mirror_command(url))
        assert state(installation) == (f"G{generation:02}", AGENCIES, STATUSES)
        assert len(source.requests) <= PAGES + kills


def _run_and_measure_applying(source: FakeSource, installation: Installation, url: str) -> float:
    """The seconds from the last request of a run to its end."""
    process = installation.start(*mirror_command(url))
    wait_until(lambda: len(source.requests) == PAGES, process)
    before = time.monotonic()
    output, _ = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0, output
    return time.monotonic() - before


def _wait_for_requests(
    source: FakeSource, count: int, installation: Installation, process: subprocess.Popen[str]
) -> None:
    """Wait until the run has started and has sent this number of requests, or as many as it needs."""
    stored = len(list((installation.folder / "mirror").glob("*/pages/**/*.json"))) if source.requests else 0
    target = len(source.requests) + min(count, PAGES - stored)
    started = source.throttle_requests + (count > 0)
    while process.poll() is None and (source.throttle_requests < started or len(source.requests) < target):
        time.sleep(0.005)


@pytest.mark.vendor_neutral
@pytest.mark.usefixtures("default_sigint")
@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 130, "Interrupted"), (signal.SIGTERM, 143, "Terminated")]
)
def test_signals_end_a_run_cleanly(number: signal.Signals, code: int, word: str, installation: Installation) -> None:
    is_over = threading.Event()
    source = FakeSource(rows(), faults=[no_fault, no_fault, hold_until(is_over)])
    with serve(source) as url:
        process = installation.start(*mirror_command(url))
        wait_until(lambda: len(source.requests) == 3, process)
        process.send_signal(number)
        output, _ = process.communicate(timeout=TIMEOUT)
        is_over.set()
        assert process.returncode == code
        assert f"{word}. The stored pages are preserved, and the next run resumes from them." in output
        assert "Traceback" not in output
        assert state(installation) == EMPTY
        status = installation.run("mirror", "--status", "--from", url)
        assert "A run is in progress or was interrupted: 2 pages are stored" in status


@pytest.mark.vendor_neutral
def test_output_is_not_read_to_its_end(installation: Installation) -> None:
    """`manage.py mirror --plan | head -1` ends without a message."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "manage.py", "mirror", "--plan"]
    with os.fdopen(writer, "wb") as pipe:
        process = subprocess.run(
            command,
            cwd=ROOT,
            env=installation.environment,
            stdout=pipe,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT,
            check=False,
        )
    assert (process.returncode, process.stderr) == (128 + signal.SIGPIPE, b"")


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
