"""Slow clients: 200 connections that send or read very slowly, while others send requests."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from benchmarks.processes import Server
from tests.reliability.clients import HEADER, health, sending, simple
from tests.reliability.report import print_table
from tests.reliability.servers import installation, serve

CONNECTIONS = 200
SECONDS = 30

LARGE = "/2.3.0/launches/?limit=100&mode=detailed"
HOST = b"Host: 127.0.0.1\r\n"

KINDS = {
    "none": b"",
    "slow headers": b"GET / HTTP/1.1\r\n" + HOST,
    "slow bodies": b"POST /admin/login/ HTTP/1.1\r\n" + HOST + b"Content-Length: 100000\r\n\r\n",
    "slow readers": f"GET {LARGE} HTTP/1.1\r\n".encode() + HOST + b"\r\n",
    "idle": b"",
}
"""What each connection sends first. Then it sends or reads one byte per second."""


@contextmanager
def slow_clients(server: Server, kind: str, count: int) -> Iterator[None]:
    """Open connections, and send or read a byte per second on each, until the end of the block."""
    host, _, port = server.address.removeprefix("http://").partition(":")
    stop, sockets = Event(), list[socket.socket]()

    def connect() -> socket.socket:
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.settimeout(1)
        connection.connect((host, int(port)))
        connection.sendall(KINDS[kind])
        connection.setblocking(False)
        return connection

    def run() -> None:
        while not stop.wait(1):
            for number, connection in enumerate(sockets):
                if not _continue(connection, kind):  # the server has closed it, so a new one takes its place
                    connection.close()
                    with suppress(OSError):
                        sockets[number] = connect()

    for _ in range(count):
        with suppress(OSError):
            sockets.append(connect())
    thread = Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        for connection in sockets:
            connection.close()


def _continue(connection: socket.socket, kind: str) -> bool:
    """Send or read a byte. Return whether the connection is open."""
    try:
        match kind:
            case "idle":
                return True
            case "slow readers":
                return bool(connection.recv(1))
            case _:
                return bool(connection.send(b"x"))
    except BlockingIOError:
        return True
    except OSError:
        return False


def run(seed: int, count: int = SECONDS) -> list[str]:
    """Probe the server for `count` seconds with each kind of slow clients."""
    rows, failures = list[list[object]](), list[str]()
    with installation("slow") as site, serve(site) as server:
        for kind in KINDS:
            with (
                slow_clients(server, kind, 0 if kind == "none" else CONNECTIONS),
                sending(server, health) as of_health,
                sending(server, simple) as of_list,
            ):
                time.sleep(count)
            for name, measurement in (("/health/", of_health), ("list", of_list)):
                rows.append([kind, name, *measurement.cells()])
                if measurement.failed:
                    failures.append(f"{kind}: {measurement.failed} requests to {name} failed: {measurement.outcomes}")
    print_table([f"{CONNECTIONS} clients", "Requests to", *HEADER], rows)
    return failures
