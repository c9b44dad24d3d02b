"""Greedy clients: 20 that send the most expensive requests, while another one sends simple ones."""

import socket
import threading
import time
from random import Random

from benchmarks.data import SIZES, prepare
from benchmarks.processes import Server
from tests.reliability.clients import HEADER, Measurement, measure, sending, simple
from tests.reliability.report import print_table
from tests.reliability.servers import installation, serve

CLIENTS = 20
SECONDS = 30
WORDS = (
    "a",
    "e",
    "i",
    "o",
    "n",
    "r",
    "s",
    "t",
    "l",
    "synthetic",
    "space",
    "craft",
    "1",
    "2",
    "3",
    "crew",
    "cargo",
    "#",
)
LISTS = ("launches", "spacecraft_flights", "payloads", "launchers", "docking_events", "events")
GROWTH = 5
"""How much the median of simple requests may grow."""


def expensive(number: int) -> str:
    """A search of 20 terms, or a page of 100 detailed objects; never the same twice."""
    random = Random(number)
    terms = "+".join([*random.choices(WORDS, k=19), str(number)]).replace("#", "%23")
    path = f"/2.3.0/{random.choice(LISTS)}/?limit=100&mode=detailed&nothing={number}"
    if random.random() < 0.5:
        return f"{path}&search={terms}"
    return f"{path}&offset={random.randrange(SIZES[100][1])}&ordering=-id"


def run(seed: int, count: int = SECONDS) -> list[str]:
    """Measure simple requests for `count` seconds: alone, beside greedy clients, and after these have hung up."""
    rows, failures = list[list[object]](), list[str]()
    with installation("greedy", "check") as site:
        prepare(site.database_url, 100)
        with serve(site) as server:
            measure(server, simple, 5)  # so that all workers have loaded their code
            alone = measure(server, simple, count)
            with sending(server, expensive, clients=CLIENTS, pause=0):
                time.sleep(2)
                beside = measure(server, simple, count)
            used, beside_hung_up = _hang_up(server, count)
            for name, measurement in (
                ("alone", alone),
                ("beside 20 greedy clients", beside),
                ("beside 20 that hang up after a second", beside_hung_up),
            ):
                growth = measurement.median / alone.median
                rows.append([name, *measurement.cells(), f"{growth:.1f} x"])
                if measurement.failed:
                    failures.append(f"{name}: {measurement.failed} requests failed: {measurement.outcomes}")
                if growth > GROWTH:
                    failures.append(f"{name}: the median of simple requests has grown by {growth:.1f}")
    print_table(["Simple requests", *HEADER, "Median against alone"], rows)
    print(f"CPU time from 5 seconds after the last of these clients has hung up: {used:.1f} s in 10 s")
    if used > 1:
        failures.append(f"the server used {used:.1f} s of CPU time for clients that have hung up")
    return failures


def _hang_up(server: Server, seconds: float) -> tuple[float, Measurement]:
    """Send expensive requests and hang up after a second, again and again. Return the CPU time that is used later."""
    host, _, port = server.address.removeprefix("http://").partition(":")
    stop = threading.Event()

    def send(first: int) -> None:
        number = first
        while not stop.is_set():
            with socket.create_connection((host, int(port)), timeout=30) as connection:
                connection.sendall(f"GET {expensive(number)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
                stop.wait(1)
            number += CLIENTS

    threads = [threading.Thread(target=send, args=(10**6 + number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    measurement = measure(server, simple, seconds)
    stop.set()
    for thread in threads:
        thread.join()
    time.sleep(5)
    before = server.cpu() or 0
    time.sleep(10)
    return (server.cpu() or 0) - before, measurement
