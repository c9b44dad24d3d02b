"""New workers: their first request, and a reload under load."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles

from benchmarks.figures import Report, Row, Target
from benchmarks.load import LoadError, time_request
from benchmarks.measuring import Bench, Singles
from benchmarks.parts.paths import NO_RESPONSE_CACHE, SPACECRAFT
from benchmarks.processes import PROC, Server

CLIENTS = 4
NO_PROC = Report(notes=["New workers were not measured, as this system has no /proc."])


def new_worker(bench: Bench) -> Report:
    """Compare the first request of a worker with the second one, for another page."""
    if not PROC.is_dir():
        return NO_PROC
    environment = {"WEB_CONCURRENCY": "1", **NO_RESPONSE_CACHE}
    with bench.contenders[1].spacedb("new-worker", **environment) as server:
        first = Singles("spacecraft, first request of a worker, response cache off", server, SPACECRAFT)
        second = Singles(
            "spacecraft, second request of a worker, response cache off", server, f"{SPACECRAFT}&offset=100"
        )
        for number in range(bench.rounds):
            bench.show_progress(f"new worker, round {number}")
            server.wait_until_idle()
            first.send()
            second.send()
            _reload(server)
            bench.reference.send()
    ratio = first.median / second.median
    return Report([first.row(), second.row()], [Target("first request of a worker against the second", ratio, 2, True)])


def reload(bench: Bench) -> Report:
    """Measure the longest wait of clients while SIGHUP replaces all workers."""
    if not PROC.is_dir():
        return NO_PROC
    times, longest, stop = list[float](), list[float](), threading.Event()

    with bench.contenders[1].spacedb("reload") as server, ThreadPoolExecutor(CLIENTS) as pool:

        def send() -> list[float]:
            sent = []
            while not stop.wait(0.005):
                sent.append(time_request(server.address + SPACECRAFT))
            return sent

        for number in range(bench.rounds):
            bench.show_progress(f"reload, round {number}")
            server.wait_until_idle()
            stop.clear()
            clients = [pool.submit(send) for _ in range(CLIENTS)]
            try:
                time.sleep(1)
                _reload(server)
                time.sleep(2)  # new workers load their code
            finally:
                stop.set()
            sent = [seconds for client in clients for seconds in client.result()]
            times += sent
            longest.append(max(sent))
    rows = [
        Row("spacecraft, warm, during a reload", p50=median(times), p99=quantiles(times, n=100)[98]),
        Row("spacecraft, warm, longest wait during a reload", p50=median(longest)),
    ]
    return Report(rows, [Target("longest wait during a reload", median(longest), 1, at_most=True, unit=" s")])


def _reload(server: Server) -> None:
    """Send SIGHUP, and wait until all workers have been replaced."""
    before = server.pids()[1:]
    os.kill(server.process.pid, signal.SIGHUP)
    for _ in range(600):
        time.sleep(0.1)
        workers = server.pids()[1:]
        if len(workers) >= len(before) and not set(before) & set(workers):
            return
    raise LoadError("The workers were not replaced within a minute.")
