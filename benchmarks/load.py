"""Load generation with `wrk`, or with threads if it is not installed, and timing of single requests."""

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
    """A server did not respond as expected."""


@dataclass(frozen=True)
class Load:
    """The result of a load test: completed requests, duration, and percentiles of the latency in seconds."""

    requests: int
    seconds: float
    p50: float
    p99: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


@dataclass(frozen=True)
class Response:
    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """A persistent HTTP/1.1 connection with the little that a load generator needs."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        name, _, port = self.host.partition(":")
        self.socket = socket.create_connection((name, int(port)), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def get(self, url: str, headers: dict[str, str] | None = None) -> Response:
        parts = urlsplit(url)
        lines = [f"GET {parts.path}{f'?{parts.query}' if parts.query else ''} HTTP/1.1", f"Host: {self.host}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        status = int(self.file.readline().split()[1])
        response_headers: dict[str, str] = {}
        while line := self.file.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            response_headers[name.lower()] = value.strip()
        return Response(status, response_headers, self._read_body(status, response_headers))

    def _read_body(self, status: int, headers: dict[str, str]) -> bytes:
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


def get(url: str, headers: dict[str, str] | None = None) -> Response:
    connection = Connection(url)
    try:
        return connection.get(url, headers)
    finally:
        connection.close()


def time_request(url: str, headers: dict[str, str] | None = None) -> float:
    """Return the seconds from the request to the last byte of the response, without connecting."""
    connection = Connection(url)
    try:
        start = time.perf_counter()
        response = connection.get(url, headers)
        seconds = time.perf_counter() - start
    finally:
        connection.close()
    if response.status != 200:
        raise LoadError(f"{url} returned status {response.status}")
    return seconds


def load(url: str, seconds: float, headers: dict[str, str] | None = None, *, expect: int = 200) -> Load:
    """Send requests over several connections for the given time in seconds."""
    response = get(url, headers)
    if response.status != expect:
        raise LoadError(f"{url} returned status {response.status}, not {expect}")
    return (_wrk if shutil.which("wrk") else _threads)(url, seconds, headers or {})


def _wrk(url: str, seconds: float, headers: dict[str, str]) -> Load:
    header_options = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "60s", "--latency"]
    output = subprocess.run([*command, *header_options, url], check=True, capture_output=True, text=True).stdout
    if error := re.search(r"Non-2xx or 3xx responses: \d+|Socket errors: connect [1-9].*", output):
        raise LoadError(f"{url}: {error[0]}")
    requests = re.search(r"(\d+) requests in ([\d.]+)(m?s|m),", output)
    times = dict(re.findall(r"^ +(50|99)% +(\S+) *$", output, re.MULTILINE))
    if requests is None or not times:
        raise LoadError(f"Cannot parse the output of wrk: {output}")
    if not int(requests[1]):
        raise LoadError(f"{url} did not respond within {seconds:.0f} seconds")
    return Load(
        int(requests[1]),
        _parse_seconds(requests[2] + requests[3]),
        _parse_seconds(times["50"]),
        _parse_seconds(times["99"]),
    )


def _parse_seconds(text: str) -> float:
    number = re.match(r"([\d.]+)(\D+)", text)
    assert number
    return float(number[1]) * UNITS[number[2]]


def _threads(url: str, seconds: float, headers: dict[str, str]) -> Load:
    """Generate load with threads. It is much slower than `wrk`, but equally so for all contenders."""
    times: list[float] = []
    start = time.perf_counter()

    def send_requests() -> None:
        connection = Connection(url)
        while (before := time.perf_counter()) < start + seconds:
            connection.get(url, headers)
            times.append(time.perf_counter() - before)
        connection.close()

    threads = [threading.Thread(target=send_requests) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    percentiles = quantiles(times, n=100) if len(times) > 1 else times * 99
    return Load(len(times), time.perf_counter() - start, percentiles[49], percentiles[98])
