"""The gunicorn worker: slow, greedy and malformed requests do not delay others."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.gunicorn import Address, gunicorn
from tests.server.clients import APPLICATION, ENVIRONMENT, TIME_LIMIT, TIMEOUT, fetch, receive, receive_all, send
from tests.waiting import wait_until

pytestmark = pytest.mark.vendor_neutral


@pytest.fixture(scope="module")
def address() -> Iterator[Address]:
    with gunicorn(APPLICATION, WEB_CONCURRENCY="1", **ENVIRONMENT) as (address, _):
        yield address


class Gate:
    """A gate in the application. Requests with its `gate` parameter wait there until it is opened."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parameter = urlencode({"gate": folder})

    def count(self) -> int:
        """The number of requests that have reached the gate."""
        return len([*self.folder.iterdir()])

    def open(self) -> None:
        (self.folder / "open").touch()


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    gate = Gate(tmp_path)
    yield gate
    gate.open()


def wait_until_received(address: Address) -> None:
    """Wait until the worker has received what was sent before.

    In one batch of events, a new connection may come before data of another one, but not in two batches.
    """
    for _ in range(2):
        assert fetch(address, "/health")[0] == 200


def wait_until_sending(address: Address) -> None:
    """Wait until the event loop of the worker sends all responses, whose time limits begin then.

    Their first bytes come from the threads before.
    """
    wait_until(lambda: fetch(address, "/running")[1] == b"1")


def advance(address: Address, seconds: float) -> None:
    """Advance the clock of the worker."""
    wait_until_received(address)
    assert fetch(address, f"/health?advance={seconds}")[0] == 200


SLOW = {
    "headers": b"GET /bytes/1 HTTP/1.1\r\nHost: localhost\r\n",
    "bodies": b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n",
}


@pytest.mark.parametrize("kind", ["headers", "bodies"])
def test_slow_clients_occupy_no_thread(address: Address, kind: str) -> None:
    """There are more of them than threads, and all others are served. The server then closes their connections."""
    slow = [send(address, SLOW[kind]) for _ in range(9)]
    assert_others_are_served(address)
    advance(address, TIME_LIMIT + 1)
    for connection in slow:
        with connection:
            assert receive_all(connection).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("kind", ["bytes", "file"])
def test_slow_readers_occupy_no_thread(address: Address, kind: str) -> None:
    slow = [slow_reader(address, 7_000_000, kind) for _ in range(9)]
    wait_until_sending(address)
    assert_others_are_served(address)
    advance(address, TIME_LIMIT + 1)
    assert_others_are_served(address)  # meanwhile the server has looked at the clock
    for connection in slow:
        assert is_cut(connection, 7_000_000)


def test_slow_readers_do_not_fill_the_memory(address: Address) -> None:
    """The server closes some of their connections before the time limit."""
    slow = [slow_reader(address, 30_000_000) for _ in range(9)]
    wait_until_sending(address)
    advance(address, 1)
    assert 3 <= [is_cut(connection, 30_000_000) for connection in slow].count(True) < 9


def assert_others_are_served(address: Address) -> None:
    for path in ("/bytes/1", "/health", "/admin", "/bytes/1?search=a"):
        assert fetch(address, path)[0] == 200


def slow_reader(address: Address, length: int, kind: str = "bytes") -> socket.socket:
    """Request this number of bytes, and read one of them. The small buffer holds few of the others."""
    connection = socket.socket()
    connection.settimeout(TIMEOUT)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    connection.connect(address)
    connection.sendall(f"GET /{kind}/{length} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert len(connection.recv(1)) == 1
    return connection


def is_cut(connection: socket.socket, length: int) -> bool:
    """Whether the server closes the connection before it has sent this number of bytes."""
    received = 0
    with connection:
        try:
            while data := connection.recv(65536):
                received += len(data)
        except ConnectionResetError:
            return True
    return received < length


def test_dribbling_does_not_extend_the_time_limit(address: Address) -> None:
    with send(address, SLOW["headers"]) as connection:
        for _ in range(2):
            advance(address, 0.6 * TIME_LIMIT)
            connection.sendall(b"X-A: b\r\n")
        assert receive_all(connection).startswith(b"HTTP/1.1 408 ")


def test_more_connections_than_allowed_replace_the_oldest(address: Address) -> None:
    idle = [send(address, SLOW["headers"]) for _ in range(600)]
    try:
        assert fetch(address, "/bytes/1")[0] == 200
    finally:
        for connection in idle:
            connection.close()


def test_the_body_reaches_the_application(address: Address) -> None:
    body = os.urandom(1_000_000)
    assert fetch(address, "/admin/echo", "POST", body=body) == (200, body)
    with send(address, b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n") as http:
        assert http.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        http.sendall(b"hello")
        assert receive(http)[1] == b"hello"


@pytest.mark.parametrize("length", ["34 ", "34\t", " 34"])
def test_a_body_is_not_another_request(address: Address, length: str) -> None:
    body = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
    request = f"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n".encode()
    assert len(body) >= 34
    with send(address, request + body) as connection:
        assert receive_all(connection).count(b"HTTP/1.1 ") == 1


def test_an_error_does_not_depend_on_the_request_before(address: Address) -> None:
    with send(address, b"HEAD /bytes/1 HTTP/1.1\r\nHost: a\r\n\r\n") as connection:
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 OK")
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert receive(connection)[1].startswith(b'{"detail"')


def test_a_connection_that_is_closed_in_favor_of_another_is_not_read(address: Address) -> None:
    """The worker is stopped meanwhile, so that it sees both events at once."""
    pid = int(receive(send(address, b"GET /bytes/1 HTTP/1.1\r\nHost: a\r\n\r\n"))[0].headers["X-Pid"])
    idle = [send(address, SLOW["headers"]) for _ in range(510)]
    fetch(address, "/bytes/1")
    os.kill(pid, signal.SIGSTOP)
    try:
        new = send(address, b"GET /bytes/1 HTTP/1.1\r\nHost: a\r\n\r\n")
        for connection in idle[-499:]:
            connection.sendall(b"X-A: b\r\n")
    finally:
        os.kill(pid, signal.SIGCONT)
    assert receive(new)[0].headers["X-Pid"] == str(pid)
    for connection in (*idle, new):
        connection.close()


def test_pipelined_requests_get_their_responses_in_order(address: Address) -> None:
    request = "GET /bytes/{} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with send(address, "".join(map(request.format, range(1, 30))).encode()) as connection:
        file = connection.makefile("rb")
        for number in range(1, 30):
            headers = iter(lambda: file.readline().strip(), b"")
            assert f"X-Path: /bytes/{number}?".encode() in list(headers)
            assert len(file.read(number)) == number


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET / HTTP/1.1\n\n", 400),
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999999999\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999\r\n\r\n", 413),
        (b"GET /" + 9000 * b"a" + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET /" + 99_000 * b"a", 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n\r\n", 417),
        (b"GET / HTTP/1.1\r\nHost: a\r\nA: " + 9000 * b"a" + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + 20_000 * b"a: b\r\n", 431),
        (b"GET /fail HTTP/1.1\r\nHost: a\r\n\r\n", 500),
    ],
)
def test_errors_are_json(address: Address, request_bytes: bytes, status: int) -> None:
    with send(address, request_bytes) as connection:
        response, body = receive(connection)
        assert response.status == status
        assert response.headers["Content-Type"] == "application/json"
        assert json.loads(body).keys() == {"detail"}
        assert receive_all(connection) == b""


def test_errors_are_pages_in_browsers(address: Address) -> None:
    request = b"GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html,*/*;q=0.8\r\nExpect: magic\r\n\r\n"
    with send(address, request) as connection:
        response, body = receive(connection)
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"<h1>Expectation Failed</h1>" in body


def test_expensive_requests_leave_threads_to_others(address: Address, gate: Gate) -> None:
    """A shape is expensive after a request that took long. Values of most parameters do not matter."""
    assert fetch(address, "/compute/shape?seconds=0.3")[0] == 200
    with ThreadPoolExecutor(4) as clients:
        expensive = [
            clients.submit(fetch, address, f"/compute/shape?{gate.parameter}&x={number}") for number in range(4)
        ]
        wait_until(gate.count)
        assert {fetch(address, "/bytes/1")[0] for _ in range(3)} == {200}
        assert gate.count() == 1
        gate.open()
        assert {future.result()[0] for future in expensive} == {200}


def test_expensive_requests_of_one_client_are_limited(address: Address, gate: Gate) -> None:
    """One is running, and three are waiting."""
    with ThreadPoolExecutor(20) as clients:
        requests = [clients.submit(fetch, address, f"/compute/limit?{gate.parameter}&search=a") for _ in range(20)]
        wait_until(lambda: [request.done() for request in requests].count(True) == 16)
        gate.open()
        responses = [request.result() for request in requests]
    assert [status for status, _ in responses].count(200) == 4
    rejected = [body for status, body in responses if status == 429]
    assert len(rejected) == 16
    assert json.loads(rejected[0]).keys() == {"detail"}


def test_requests_of_clients_that_hung_up_are_not_handled(address: Address, gate: Gate) -> None:
    path = f"/compute/disconnected?{gate.parameter}&search=a"
    with ThreadPoolExecutor(1) as clients:
        running = clients.submit(fetch, address, path)
        wait_until(gate.count)
        for _ in range(3):
            send(address, f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()).close()
        wait_until_received(address)
        gate.open()
        assert running.result()[0] == 200
    # Until they are dropped, the client has too many requests.
    wait_until(lambda: fetch(address, "/compute/disconnected?search=a")[0] == 200)
    assert gate.count() == 1 + len(["open"])


@pytest.mark.slow
def test_a_stopping_server_finishes_its_requests(gate: Gate) -> None:
    """It closes connections without a request meanwhile."""
    with (
        gunicorn(APPLICATION, WEB_CONCURRENCY="1", **ENVIRONMENT) as (address, server),
        ThreadPoolExecutor(1) as clients,
    ):
        running = clients.submit(fetch, address, f"/compute?{gate.parameter}")
        wait_until(gate.count)
        with socket.create_connection(address, timeout=TIMEOUT) as idle:
            wait_until_received(address)
            server.terminate()
            assert idle.recv(1) == b""
        assert not running.done()
        gate.open()
        assert running.result()[0] == 200
        server.wait(timeout=TIMEOUT)


def test_files_are_sent_completely_and_in_order(address: Address) -> None:
    requests = [("file", 3_000_000), ("bytes", 3), ("file", 0), ("bytes", 4)]
    lines = [f"GET /{kind}/{length} HTTP/1.1\r\nHost: a\r\n\r\n" for kind, length in requests]
    with send(address, "".join(lines).encode()) as connection:
        file = connection.makefile("rb")
        for _, length in requests:
            headers = list(iter(lambda: file.readline().strip(), b""))
            assert f"Content-Length: {length}".encode() in headers
            assert file.read(length) == bytes(length)
