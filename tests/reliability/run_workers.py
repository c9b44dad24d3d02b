"""Workers that are killed, and reloads, under load."""

import os
import signal
import time
from collections.abc import Callable

from benchmarks.processes import Server
from tests.reliability.clients import HEADER, sending, simple
from tests.reliability.report import print_table
from tests.reliability.servers import installation, serve, workers

CLIENTS = 4
KILLS, RELOADS = 20, 10


def run(seed: int, count: int = KILLS) -> list[str]:
    """Kill `count` workers with SIGKILL, and reload half as often with SIGHUP."""
    with installation("workers") as site, serve(site) as server:
        with sending(server, simple, clients=CLIENTS, pause=0.005) as of_kills:
            time.sleep(3)
            until_replaced = [_kill(server, number) for number in range(count)]
        with sending(server, simple, clients=CLIENTS, pause=0.005) as of_reloads:
            time.sleep(1)
            until_reloaded = [_reload(server) for _ in range(count // 2)]
    print_table(
        [f"Under the load of {CLIENTS} clients", *HEADER, "Longest time until all workers run"],
        [
            [f"{count} kills of a worker (SIGKILL)", *of_kills.cells(), f"{max(until_replaced):.1f} s"],
            [f"{count // 2} reloads (SIGHUP)", *of_reloads.cells(), f"{max(until_reloaded):.1f} s"],
        ],
    )
    print(f"Outcomes during kills: {dict(of_kills.outcomes)}; during reloads: {dict(of_reloads.outcomes)}")
    failures = []
    if of_kills.failed > count * CLIENTS:
        failures.append(f"{of_kills.failed} requests failed because of {count} kills: {of_kills.outcomes}")
    if of_reloads.failed:
        failures.append(f"{of_reloads.failed} requests failed during reloads: {of_reloads.outcomes}")
    return failures


def _kill(server: Server, number: int) -> float:
    """Kill a worker. Return the seconds until another process runs, which then gets some time to load its code."""
    before = workers(server)
    killed = before[number % len(before)]
    os.kill(killed, signal.SIGKILL)
    seconds = _wait(lambda: len(workers(server)) >= len(before) and killed not in workers(server))
    time.sleep(3)
    return seconds


def _reload(server: Server) -> float:
    """Reload. Return the seconds until all workers have been replaced; these then get some time to load their code."""
    before = workers(server)
    os.kill(server.process.pid, signal.SIGHUP)
    seconds = _wait(lambda: len(workers(server)) == len(before) and not set(before) & set(workers(server)))
    time.sleep(3)
    return seconds


def _wait(condition: Callable[[], bool], seconds: float = 60) -> float:
    start = time.monotonic()
    while not condition():
        if time.monotonic() > start + seconds:
            raise TimeoutError(f"the workers were not replaced within {seconds} s")
        time.sleep(0.02)
    return time.monotonic() - start
