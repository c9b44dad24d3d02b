"""Load: `wrk` where it is installed, else the generator below; and single requests, timed one by one."""

import re
import shutil
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from statistics import quantiles
from urllib.parse import urlsplit

CONNECTIONS = 8
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


class LoadError(Exception):
    """A server did not answer as it should have."""


@dataclass(frozen=True)
class Load:
    """What a server did under load."""

    requests: int
    seconds: float
    p50: float
    p99: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """One connection that is kept alive, with no more in it than a load generator needs."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        name, _, port = self.host.partition(":")
        self.socket = socket.create_connection((name, int(port)), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def get(self, url: str, headers: dict[str, str] | None = None) -> Reply:
        at = urlsplit(url)
        lines = [f"GET {at.path}{f'?{at.query}' if at.query else ''} HTTP/1.1", f"Host: {self.host}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        status = int(self.file.readline().split()[1])
        found: dict[str, str] = {}
        while line := self.file.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            found[name.lower()] = value.strip()
        return Reply(status, found, self._body(status, found))

    def _body(self, status: int, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") != "chunked":
            return self.file.read(0 if status == 304 else int(headers.get("content-length", 0)))
        body = b""
        while size := int(self.file.readline(), 16):
            body += self.file.read(size)
            self.file.readline()
        self.file.readline()
        return body

    def close(self) -> None:
        self.file.close()
        self.socket.close()


def get(url: str, headers: dict[str, str] | None = None) -> Reply:
    connection = Connection(url)
    try:
        return connection.get(url, headers)
    finally:
        connection.close()


def timed(url: str) -> float:
    """Seconds from the request to the last byte of the answer, on a connection that is there already."""
    connection = Connection(url)
    try:
        start = time.perf_counter()
        reply = connection.get(url)
        seconds = time.perf_counter() - start
    finally:
        connection.close()
    if reply.status != 200:
        raise LoadError(f"{url} answered {reply.status}")
    return seconds


def load(url: str, seconds: float, headers: dict[str, str] | None = None, *, expect: int = 200) -> Load:
    """As many requests as the server answers in this time, over a few connections."""
    reply = get(url, headers)
    if reply.status != expect:
        raise LoadError(f"{url} answered {reply.status}, not {expect}")
    return (_wrk if shutil.which("wrk") else _threads)(url, seconds, headers or {})


def _wrk(url: str, seconds: float, headers: dict[str, str]) -> Load:
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "60s", "--latency"]
    told = subprocess.run([*command, *given, url], check=True, capture_output=True, text=True).stdout
    if wrong := re.search(r"Non-2xx or 3xx responses: \d+|Socket errors: connect [1-9].*", told):
        raise LoadError(f"{url}: {wrong[0]}")
    requests = re.search(r"(\d+) requests in ([\d.]+)(m?s|m),", told)
    times = dict(re.findall(r"^ +(50|99)% +(\S+) *$", told, re.MULTILINE))
    if requests is None or not times:
        raise LoadError(f"wrk said what is not understood here: {told}")
    if not int(requests[1]):
        raise LoadError(f"{url} answered nothing within {seconds:.0f} seconds")
    return Load(int(requests[1]), _seconds(requests[2] + requests[3]), _seconds(times["50"]), _seconds(times["99"]))


def _seconds(text: str) -> float:
    number = re.match(r"([\d.]+)(\D+)", text)
    assert number
    return float(number[1]) * UNITS[number[2]]


def _threads(url: str, seconds: float, headers: dict[str, str]) -> Load:
    """Slower than `wrk` by far, and alike for all that are compared."""
    times: list[float] = []
    start = time.perf_counter()

    def ask() -> None:
        connection = Connection(url)
        while (before := time.perf_counter()) < start + seconds:
            connection.get(url, headers)
            times.append(time.perf_counter() - before)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = quantiles(times, n=100) if len(times) > 1 else times * 99
    return Load(len(times), time.perf_counter() - start, cuts[49], cuts[98])
