"""Sends random requests to a running server: `fuzz(server, log, seed, count)`."""

import json
import socket
import time
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import Server
from spacedb.rest.versions import versions
from tests.endpoints import endpoints, single_objects
from tests.reliability.fuzz_requests import Case, Site, create_case
from tests.reliability.fuzz_responses import problem
from tests.reliability.servers import workers

CLIENTS = 4
TIMEOUT = 30
"""Seconds after which a request counts as not responded to."""
MAX_RESPONSE = 64 * 2**20

ADMIN_PATHS = (
    "/admin/",
    "/admin/login/",
    "/admin/logout/",
    "/admin/jsi18n/",
    "/admin/password_change/",
    "/admin/flights/launch/",
    "/admin/flights/launch/add/",
    "/admin/spacecraft/spacecraft/1/change/",
    "/admin/autocomplete/",
)
STATIC_PATHS = (
    "/static/admin/css/base.css",
    "/static/admin/img/icon-yes.svg",
    "/static/nothing.css",
    "/static/",
    "/static/../manage.py",
    "/static/%2e%2e/%2e%2e/manage.py",
    "/static/admin/css/",
    "/favicon.ico",
    "/robots.txt",
)
PAGE_PATHS = (
    "/",
    "/search/?q=dragon",
    "/explore/",
    "/explore/stations/4/",
    "/docs/",
    "/docs/reference/endpoints/",
    "/docs/nothing/",
    "/docs/../../README/",
    "/health/",
)
PAGES_OF_VERSION = ("", "schema/", "swagger/", "redoc/", "api-throttle/")


@dataclass
class Result:
    """The outcome of a run: responses by status, and a description of each failure."""

    requests: int = 0
    seconds: float = 0
    statuses: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def find_site(server: Server) -> Site:
    """Read the ids of some objects of each list, for the paths of their detail pages."""
    lists = sorted(endpoints())
    details = list[str]()
    for path in lists:
        with urllib.request.urlopen(
            f"{server.address}{path}?limit=1&mode=list&format=json", timeout=TIMEOUT
        ) as response:
            details += [f"{path}{row['id']}/" for row in json.load(response)["results"] if "id" in row]
    pages = [*PAGE_PATHS, *(f"/{number}/{page}" for number in versions() for page in PAGES_OF_VERSION)]
    paths = {
        "list": [*lists, *sorted(single_objects())],
        "detail": details,
        "page": pages,
        "admin": list(ADMIN_PATHS),
        "static": list(STATIC_PATHS),
    }
    return Site(
        server.address.removeprefix("http://"), paths, {path: endpoints()[path].filter_names() for path in lists}
    )


def fuzz(server: Server, log: Path, *, seed: int, count: int) -> Result:
    """Send this number of requests, and check the responses, the log and the workers."""
    site, before, start = find_site(server), workers(server), time.monotonic()
    result = Result()

    def run(first: int) -> list[tuple[int, Case, bytes]]:
        return [
            outcome
            for number in range(first, count, CLIENTS)
            for outcome in [_send(create_case(seed, number, site), number, site)]
            if outcome
        ]

    def _send(case: Case, number: int, site: Site) -> tuple[int, Case, bytes] | None:
        received = exchange(site.host, case)
        result.requests += 1
        result.statuses[received[9:12].decode("latin-1") if received else "none"] += 1
        return (number, case, received) if problem(case, received) else None

    with ThreadPoolExecutor(CLIENTS) as pool:
        for outcomes in pool.map(run, range(CLIENTS)):
            for number, case, received in outcomes:
                result.failures.append(_describe(seed, number, case, received))
    result.seconds = time.monotonic() - start
    result.failures += _check_server(server, log, before)
    return result


def exchange(host: str, case: Case) -> bytes:
    """Send the bytes of a case over a connection of its own, and return all that is received."""
    name, _, port = host.partition(":")
    chunks = list[bytes]()
    with socket.create_connection((name, int(port)), timeout=TIMEOUT) as connection:
        try:
            connection.sendall(case.data)
            if not case.is_well_formed:
                connection.shutdown(socket.SHUT_WR)
        except OSError:
            chunks.clear()  # the server has closed the connection already, perhaps after an early response
        try:
            while chunk := connection.recv(65536):
                chunks.append(chunk)
        except ConnectionResetError:
            pass  # it closed the connection before it has read the whole request
        except TimeoutError:
            chunks.append(b"\nno end of the response")
    return b"".join(chunks)


def _describe(seed: int, number: int, case: Case, received: bytes) -> str:
    return (
        f"{problem(case, received)}\n  seed {seed}, request {number}: {case.data[:2000]!r}\n"
        f"  response: {received[:600]!r}"
    )


def _check_server(server: Server, log: Path, before: list[int]) -> list[str]:
    """Return what is wrong with the server after the requests."""
    failures, text = list[str](), log.read_text(errors="replace")
    if "Traceback" in text:
        position = text.index("Traceback")
        failures.append(
            f"the log contains {text.count('Traceback')} tracebacks: {text[max(0, position - 500) : position + 3000]}"
        )
    if "WORKER TIMEOUT" in text:
        failures.append("a worker was restarted because of a timeout")
    if workers(server) != before:
        failures.append(f"workers were restarted: {before} before, {workers(server)} after")
    try:
        with urllib.request.urlopen(f"{server.address}/health/", timeout=TIMEOUT) as response:
            response.read()
    except OSError as error:
        failures.append(f"the server does not respond: {error}")
    return failures
