"""A mirror that is killed, and readers while it is applied: nobody ever sees half of anything."""

import json
import random
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.mirror.faulty import Catalogue, agency, served
from tests.mirror.site import Site, site

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = 20
AGENCIES, STATUSES = 1500, 30
PAGES = 16 + 1


@pytest.fixture(scope="module")
def blank(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with django_db_blocker.unblock(), site(tmp_path_factory.mktemp("sites") / "blank", "site_blank") as made:
        yield made


@pytest.fixture
def copy(tmp_path: Path, blank: Site) -> Iterator[Site]:
    with site(tmp_path / "copy", "site_copy", blank) as made:
        yield made


def rows(name: str = "Agency") -> dict[str, list[dict[str, Any]]]:
    statuses = [{"id": pk, "name": f"{name} {pk}"} for pk in range(1, STATUSES + 1)]
    return {
        "config/spacecraft_statuses": statuses,
        "agencies": [agency(pk, f"{name} {pk}") for pk in range(1, AGENCIES + 1)],
    }


def state(made: Site) -> tuple[str, int, int]:
    """What all names begin with, how many agencies and statuses there are; asked past all of our own code."""
    queries = (
        "SELECT count(*) FROM agencies_agency",
        "SELECT count(*) FROM spacecraft_spacecraftstatus",
        "SELECT DISTINCT substr(name, 1, 3) FROM agencies_agency",
        "SELECT DISTINCT substr(name, 1, 3) FROM spacecraft_spacecraftstatus",
    )
    if connection.vendor == "sqlite":
        import sqlite3

        database: Any = sqlite3.connect(made.folder / "spacedb.sqlite3")
    else:
        import psycopg

        database = psycopg.connect(made.database)
    try:
        (agencies,), (statuses,), *names = ([row[0] for row in database.execute(query)] for query in queries)
        return "+".join(sorted({name for found in names for name in found})), agencies, statuses
    finally:
        database.close()


NOTHING = ("", 0, 0)


def mirror(url: str) -> tuple[str, ...]:
    return "mirror", "--from", url, "--only", "agencies", "config/spacecraft_statuses"


def test_killed_at_twenty_moments(copy: Site) -> None:
    """All or nothing, each time; and no page is asked for that is here already."""
    chance, generation = random.Random(1), 0
    catalogue = Catalogue(rows("G00"), delay=0.03)
    before, kills = NOTHING, 0
    with served(catalogue) as url:
        for _ in range(KILLS):
            process = copy.start(*mirror(url))
            _wait_for_requests(catalogue, chance.choice([0, 1, 2, 5, PAGES, PAGES]), process)
            time.sleep(chance.random() * 0.8)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            kills += 1
            # Of a page that was on its way as the mirror was killed nothing was kept, so it is asked for twice.
            assert len(catalogue.asked) <= PAGES + kills
            found, complete = state(copy), (f"G{generation:02}", AGENCIES, STATUSES)
            assert found in (before, complete)
            if found == complete:
                generation, before, kills = generation + 1, complete, 0
                catalogue.rows = rows(f"G{generation:02}")
                catalogue.asked.clear()
        copy.run(*mirror(url))
        assert state(copy) == (f"G{generation:02}", AGENCIES, STATUSES)
        assert len(catalogue.asked) <= PAGES + kills


def _wait_for_requests(catalogue: Catalogue, wanted: int, process: subprocess.Popen[str]) -> None:
    """Until there were so many more, or there will be none."""
    before, last, moment = len(catalogue.asked), 0, time.monotonic()
    while process.poll() is None and len(catalogue.asked) - before < wanted:
        if len(catalogue.asked) != last:
            last, moment = len(catalogue.asked), time.monotonic()
        if time.monotonic() - moment > (1 if last > before else 6):
            return
        time.sleep(0.005)


@pytest.mark.parametrize(
    ("sent", "code", "word"), [(signal.SIGINT, 130, "Interrupted"), (signal.SIGTERM, 143, "Stopped")]
)
def test_interrupted_politely(sent: signal.Signals, code: int, word: str, copy: Site) -> None:
    catalogue = Catalogue(rows(), delay=0.2)
    with served(catalogue) as url:
        process = copy.start(*mirror(url))
        while len(catalogue.asked) < 3:
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.01)
        process.send_signal(sent)
        out, _ = process.communicate(timeout=60)
        assert process.returncode == code
        assert f"{word}. What has come is kept; the next run goes on from there." in out
        assert "Traceback" not in out
        assert state(copy) == NOTHING
        told = copy.run("mirror", "--status", "--from", url)
        assert "A pass is under way, or was interrupted: 2 pages are here" in told


def test_a_service_ends_cleanly_on_sigterm(copy: Site) -> None:
    catalogue = Catalogue(rows())
    with served(catalogue) as url:
        process = copy.start(*mirror(url), "--every", "6h")
        deadline = time.monotonic() + 90
        while state(copy) == NOTHING:
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < deadline
            time.sleep(0.1)
        time.sleep(1)
        process.terminate()
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "totals recounted" in out
    assert "The next pass begins in" in out


def test_readers_see_all_of_the_old_or_all_of_the_new(copy: Site) -> None:
    """Under load, while a mirror replaces every object and adds some."""
    catalogue = Catalogue(rows("Old"))
    stop, seen, wrong = threading.Event(), [], []

    def read(host: str) -> None:
        while not stop.is_set():
            with urllib.request.urlopen(f"http://{host}/2.3.0/agencies/?mode=list&limit=100", timeout=60) as answer:
                page = json.load(answer)
            told = page["count"], *{one["name"].split()[0] for one in page["results"]}
            if told not in ((AGENCIES, "Old"), (AGENCIES + 7, "New")):
                wrong.append(told)
            seen.append(told[1])

    with served(catalogue) as url:
        copy.run(*mirror(url))
        with copy.served() as host:
            readers = [threading.Thread(target=read, args=(host,)) for _ in range(4)]
            for reader in readers:
                reader.start()
            new = rows("New")
            new["agencies"] += [agency(pk, f"New {pk}") for pk in range(AGENCIES + 1, AGENCIES + 8)]
            catalogue.rows = new
            copy.run(*mirror(url))
            time.sleep(1)
            stop.set()
            for reader in readers:
                reader.join()
    assert wrong == []
    assert seen[0] == "Old"
    assert seen[-1] == "New"
    assert len(seen) > 20
