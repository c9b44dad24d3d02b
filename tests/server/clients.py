"""Requests to a gunicorn server with the application of `tests.server.wsgi`."""

import socket
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse

from tests.gunicorn import Address

TIMEOUT = 120
"""Seconds to wait for a response. A loaded machine needs far longer than an idle one."""

APPLICATION = "tests.server.wsgi"
TIME_LIMIT = 100_000
"""The time limit of connections in seconds, which is only reached by the clock of the worker: see `advance()`."""

ENVIRONMENT = {
    "TIME_LIMIT": str(TIME_LIMIT),
    "LOAD_GATE": "/dev/null/none",
    "BROKEN": "/dev/null/none",
    "GUNICORN_CMD_ARGS": "--graceful-timeout=600 --timeout=600",
}


def fetch(address: Address, path: str, method: str = "GET", **options: object) -> tuple[int, bytes]:
    with closing(HTTPConnection(*address, timeout=TIMEOUT)) as http:
        http.request(method, path, **options)  # type: ignore[arg-type]
        response = http.getresponse()
        return response.status, response.read()


def send(address: Address, data: bytes) -> socket.socket:
    connection = socket.create_connection(address, timeout=TIMEOUT)
    connection.sendall(data)
    return connection


def receive(connection: socket.socket) -> tuple[HTTPResponse, bytes]:
    response = HTTPResponse(connection)
    response.begin()
    return response, response.read()


def receive_all(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65536), b""))
