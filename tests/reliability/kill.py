"""Kills processes that write the database at random moments. Each time, it must have its old or its new state."""

import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

from benchmarks.processes import ROOT
from tests.installation import Installation
from tests.mirror.fake_source import FakeSource, agency, serve
from tests.reliability.save_in_admin import DONE, READY
from tests.reliability.servers import FIXTURES
from tests.reliability.states import Content, States, digest, revision, volatile_columns
from tests.waiting import TIMEOUT

OLD, NEW, PARTLY = "old", "new", "partly migrated, completed by the next run"


@dataclass(frozen=True)
class Operation:
    """A command that writes the database.

    `prepare` writes the old state into a database that was only migrated; None means a database without tables. It may
    change the source of the mirror. If `is_ready_first` is true, the command prints one line before it writes and one
    afterwards. If `is_resumed` is true, it may be interrupted between its steps, and the next run completes it.
    `completed_tables` have their new content after another run.
    """

    name: str
    command: Callable[[str], tuple[str, ...]]
    prepare: Callable[[Installation, "RunningSource"], object] | None
    is_ready_first: bool = False
    is_resumed: bool = False
    completed_tables: tuple[str, ...] = ()


class RunningSource(NamedTuple):
    """The source of the mirror, and its URL."""

    source: FakeSource
    url: str


@dataclass
class Kills:
    """The states of the database after kills, and a description of each that is not allowed."""

    seconds: float = 0
    states: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def _manage(*arguments: str) -> tuple[str, ...]:
    return sys.executable, "manage.py", *arguments


def _load(site: Installation, running: RunningSource) -> None:
    site.run("ingest", FIXTURES, "--verbosity", "0")


def _generate_uncounted(site: Installation, running: RunningSource) -> None:
    site.run("generate", "--spacecraft", "300", "--flights", "450", "--seed", "1", "--verbosity", "0")
    _run_python(
        site,
        # Totals of spacecraft that are in space change all the time, turnaround times do not.
        "from flights.models import SpacecraftFlight; SpacecraftFlight.objects.update(turn_around_time=None)",
    )


def _load_with_editor(site: Installation, running: RunningSource) -> None:
    _load(site, running)
    _run_python(
        site,
        "from django.contrib.auth.models import User;"
        "User.objects.create(username='editor', is_staff=True, is_superuser=True)",
    )


def _mirror_before_changes(site: Installation, running: RunningSource) -> None:
    """Run the mirror, and then make the copy of agencies and launches old, and change them at the source."""
    source, url = running
    source.rows = {"agencies": [agency(pk) for pk in range(1, 501)], "launches": _launches("Launch", 1)}
    site.run("mirror", "--from", url)
    _run_python(
        site,
        "import datetime as dt; from django.db.models import F; from spacedb.mirror.models import *;"
        "rows = MirroredCollection.objects.filter(name__in=('agencies', 'launches', 'events'));"
        "rows.update(started_at=F('started_at') - dt.timedelta(days=3));"
        # The budget allows more requests the longer the last run is ago.
        "MirrorRun.objects.update(finished_at=F('finished_at') - dt.timedelta(days=3))",
    )
    source.rows = {
        "agencies": [agency(pk, f"Changed {pk}") for pk in range(1, 501)],
        "launches": _launches("Changed", 2),
    }


def _launches(name: str, hour: int) -> list[dict[str, Any]]:
    pks = [f"00000000-0000-4000-8000-{number:012}" for number in range(1, 91)]
    launch = {"net": "2026-01-01T00:00:00Z", "last_updated": f"2026-01-01T{hour:02}:00:00Z"}
    return [{"id": pk, "url": f"https://x/2.3.0/launches/{pk}/", "name": f"{name} {pk}"} | launch for pk in pks]


def _run_python(site: Installation, code: str) -> None:
    site.run("shell", "--verbosity", "0", "--command", code)


OPERATIONS = (
    Operation("ingest", lambda url: _manage("ingest", FIXTURES), lambda site, running: None),
    Operation("recount", lambda url: _manage("recount"), _generate_uncounted),
    Operation("admin", lambda url: (sys.executable, "-m", "tests.reliability.save_in_admin"), _load_with_editor, True),
    Operation("mirror", lambda url: _manage("mirror", "--from", url, "--only", "agencies"), _load),
    Operation(
        "incremental mirror",
        lambda url: _manage("mirror", "--from", url, "--budget", "1000/day"),
        _mirror_before_changes,
        completed_tables=("agencies_agency", "flights_launch"),
    ),
    Operation("migrate", lambda url: _manage("migrate", "--no-input"), None, is_resumed=True),
)


@contextmanager
def fake_source() -> Iterator[RunningSource]:
    """Run a source with agencies that change those of the starter catalogue."""
    source = FakeSource({"agencies": [agency(pk, f"Changed {pk}") for pk in range(1, 501)]})
    with serve(source) as url:
        yield RunningSource(source, url)


def kill_at_random_moments(operation: Operation, site: Installation, *, count: int, seed: int) -> Kills:
    """Run and kill the command `count` times, each time from the old state."""
    states, random, result = States(site), Random(f"{seed} {operation.name}"), Kills()
    old_name = None
    try:
        with fake_source() as running:
            if operation.prepare:
                operation.prepare(site, running)
                states.save("old")
                old_name = "old"
            command = operation.command(running.url)
            old = states.read() if operation.prepare else {}
            first, new = _run_completely(site, states, old_name, command, operation)
            second, again = _run_completely(site, states, old_name, command, operation)
            duration = min(first, second)
            omit = volatile_columns(new, again)
            digests = {digest(new, omit): NEW, digest(old, omit): OLD}
            assert digest(again, omit) in digests
            assert len(digests) == 2, "the command changes nothing"
            result.seconds = duration
            for _ in range(count):
                _reset(site, states, old_name)
                moment = duration * random.uniform(0 if operation.is_ready_first else 0.3, 1.02)
                _run_and_kill(site, command, operation, moment)
                content = states.read()
                state = digests.get(digest(content, omit))
                if state is None and operation.is_resumed:
                    _run(site, command)
                    is_complete = digest(_without_ids(states.read()), omit) == digest(_without_ids(new), omit)
                    state = PARTLY if is_complete else None
                elif state and (revision(content) == revision(old)) != (state == OLD):
                    state = None
                elif operation.completed_tables:
                    _run(site, command)
                    state = state if _has_tables(states.read(), new, operation.completed_tables, omit) else None
                result.states[state or "other"] += 1
                if state is None:
                    result.failures.append(f"{operation.name}, seed {seed}: another state after {moment:.3f} s")
    finally:
        if old_name:
            states.delete(old_name)
    return result


def _has_tables(content: Content, new: Content, tables: tuple[str, ...], omit: set[tuple[str, str]]) -> bool:
    return all(digest({name: content[name]}, omit) == digest({name: new[name]}, omit) for name in tables)


def _without_ids(content: Content) -> Content:
    """A database that was migrated by two runs, without the ids that differ: sequences may have gaps."""
    types, permissions = content["django_content_type"], content["auth_permission"]
    names = zip(types["id"], types["app_label"], types["model"], strict=True)
    name_of = {pk: f"{app_label} {model}" for pk, app_label, model in names}
    tables = content | {
        "auth_permission": permissions | {"content_type_id": [name_of[pk] for pk in permissions["content_type_id"]]}
    }
    for table in ("django_migrations", "django_content_type", "auth_permission"):
        tables[table] = {column: values for column, values in tables[table].items() if column != "id"}
    return tables


def _reset(site: Installation, states: States, name: str | None) -> None:
    states.restore(name)
    shutil.rmtree(site.folder / "mirror", ignore_errors=True)


def _start(site: Installation, command: tuple[str, ...]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command, cwd=ROOT, env=site.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _wait_for_line(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdout
    lines = list[str]()
    for line in process.stdout:
        if line.strip() == text:
            return
        lines.append(line)
    raise AssertionError("".join(lines))


def _run(site: Installation, command: tuple[str, ...]) -> None:
    process = _start(site, command)
    output, _ = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0, output


def _run_completely(
    site: Installation, states: States, old: str | None, command: tuple[str, ...], operation: Operation
) -> tuple[float, Content]:
    """Run the command from the old state. Return its duration after the line `ready` in seconds, and the new state."""
    _reset(site, states, old)
    process = _start(site, command)
    if operation.is_ready_first:
        _wait_for_line(process, READY)
    start = time.monotonic()
    if operation.is_ready_first:
        _wait_for_line(process, DONE)
        seconds = time.monotonic() - start
        output, _ = process.communicate(timeout=TIMEOUT)
    else:
        output, _ = process.communicate(timeout=TIMEOUT)
        seconds = time.monotonic() - start
    assert process.returncode == 0, output
    return seconds, states.read()


def _run_and_kill(site: Installation, command: tuple[str, ...], operation: Operation, moment: float) -> None:
    process = _start(site, command)
    if operation.is_ready_first:
        _wait_for_line(process, READY)
    try:
        process.communicate(timeout=moment)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
