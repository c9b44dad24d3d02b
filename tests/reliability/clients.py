"""Clients: one that measures (`Probe`), and several that put the server under load (`Load`)."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from benchmarks.processes import Server

TIMEOUT = 30
"""Seconds after which a request has failed."""


def fetch(
    server: Server,
    path: str,
    headers: dict[str, str] | None = None,
    *,
    method: str = "GET",
    body: str | None = None,
    timeout: float = TIMEOUT,
) -> int | str:
    """Send a request over a new connection. Return the status, or the name of the error."""
    host, _, port = server.address.removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=timeout)
    try:
        connection.request(method, path, body, headers={"Connection": "close", **(headers or {})})
        response = connection.getresponse()
        response.read()
        return response.status
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()


@dataclass
class Measurement:
    """The latencies in seconds of requests, and their outcomes: statuses or names of errors."""

    latencies: list[float] = field(default_factory=list)
    outcomes: Counter[int | str] = field(default_factory=Counter)

    def record(self, server: Server, path: str) -> int | str:
        start = time.monotonic()
        outcome = fetch(server, path)
        self.latencies.append(time.monotonic() - start)
        self.outcomes[outcome] += 1
        return outcome

    @property
    def failed(self) -> int:
        return self.outcomes.total() - self.outcomes[200]

    @property
    def median(self) -> float:
        return median(self.latencies)

    def cells(self) -> list[str]:
        """The number of requests, that of the failed ones, the median and the worst latency."""
        return [
            str(len(self.latencies)),
            str(self.failed),
            f"{self.median * 1000:.1f} ms",
            f"{max(self.latencies) * 1000:.0f} ms",
        ]


HEADER = ("Requests", "Failed", "Median", "Worst")


@contextmanager
def sending(
    server: Server, path: Callable[[int], str], *, clients: int = 1, pause: float = 0.05
) -> Iterator[Measurement]:
    """Send requests until the end of the block, with a pause in seconds before each.

    `path` returns the path of the request with a number.
    """
    measurement, stop = Measurement(), threading.Event()

    def run(first: int) -> None:
        number = first
        while not stop.wait(pause):
            measurement.record(server, path(number))
            number += clients

    threads = [threading.Thread(target=run, args=(first,)) for first in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield measurement
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def measure(server: Server, path: Callable[[int], str], seconds: float) -> Measurement:
    """Send requests one after the other for some seconds."""
    with sending(server, path) as measurement:
        time.sleep(seconds)
    return measurement


def simple(number: int) -> str:
    """A cheap request of an app; every tenth is the same, so that some responses are cached."""
    return f"/2.3.0/agencies/?limit=1&offset={number % 10}"


def health(number: int) -> str:
    return "/health/"
