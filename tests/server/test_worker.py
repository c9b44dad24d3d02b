"""The gunicorn worker: slow, greedy and malformed requests do not delay others."""

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse

import pytest

from spacedb.server.requests import request_shape
from tests.gunicorn import Address, gunicorn

pytestmark = pytest.mark.vendor_neutral

TIMEOUT = 60
"""Seconds to wait for a response. A loaded machine needs far longer than an idle one."""

APPLICATION = "tests.server.wsgi"


@pytest.fixture(scope="module")
def address() -> Iterator[Address]:
    with gunicorn(APPLICATION, WEB_CONCURRENCY="1") as (address, _):
        yield address


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


SLOW = {
    "headers": b"GET /bytes/1 HTTP/1.1\r\nHost: localhost\r\n",
    "bodies": b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n",
    "readers": b"GET /bytes/30000000 HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


@pytest.mark.parametrize("kind", SLOW)
def test_slow_clients_occupy_no_thread(address: Address, kind: str) -> None:
    """There are more of them than threads, and all others are served. The server then closes their connections."""
    slow = [send(address, SLOW[kind]) for _ in range(20)]
    try:
        for path in ("/bytes/1", "/health", "/admin", "/bytes/1?search=a"):
            assert fetch(address, path)[0] == 200
        time.sleep(2.5 if kind == "readers" else 0)
        for connection in slow:
            received = receive_all(connection)
            if kind == "readers":
                assert len(received) < 30_000_000
            else:
                assert received.startswith(b"HTTP/1.1 408 ")
    except ConnectionResetError:
        assert kind == "readers"
    finally:
        for connection in slow:
            connection.close()


def test_dribbling_does_not_extend_the_time_limit(address: Address) -> None:
    with send(address, SLOW["headers"]) as connection:
        begin = time.monotonic()
        connection.settimeout(0.1)
        received = b""
        while not received:
            assert time.monotonic() < begin + TIMEOUT
            connection.sendall(b"X-A: b\r\n")
            try:
                received = connection.recv(1000)
            except TimeoutError:
                continue
    assert received.startswith(b"HTTP/1.1 408 ")


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


def test_expensive_requests_leave_threads_to_others(address: Address) -> None:
    """A shape is expensive after a request that took long. Values of most parameters do not matter."""
    assert fetch(address, "/compute/0.3?x=1")[0] == 200
    with ThreadPoolExecutor(10) as clients:
        expensive = [clients.submit(fetch, address, f"/compute/0.5?x={number}") for number in range(4)]
        assert {fetch(address, "/bytes/1")[0] for _ in range(3)} == {200}
        assert not all(future.done() for future in expensive)
        assert {future.result()[0] for future in expensive} == {200}


def test_expensive_requests_of_one_client_are_limited(address: Address) -> None:
    with ThreadPoolExecutor(20) as clients:
        responses = list(clients.map(lambda _: fetch(address, "/compute/0.2?search=a"), range(20)))
    statuses = [status for status, _ in responses]
    assert set(statuses) == {200, 429}
    assert statuses.count(200) >= 4  # one is running, and three are waiting
    assert json.loads(next(body for status, body in responses if status == 429)).keys() == {"detail"}


def test_requests_of_clients_that_hung_up_are_not_handled(address: Address) -> None:
    with ThreadPoolExecutor(1) as clients:
        running = clients.submit(fetch, address, "/sleep/1?search=a")
        time.sleep(0.3)
        for _ in range(10):
            send(address, b"GET /sleep/10?search=a HTTP/1.1\r\nHost: a\r\n\r\n").close()
        assert running.result()[0] == 200
    assert fetch(address, "/sleep/0?search=a")[0] == 200  # 100 seconds later, if they had been handled


def test_a_reload_drops_no_request() -> None:
    failures: list[object] = []
    with gunicorn(APPLICATION, WEB_CONCURRENCY="2") as (address, server):
        stop = threading.Event()

        def send_requests() -> None:
            while not stop.is_set():
                try:
                    status, _ = fetch(address, "/bytes/1000")
                except OSError as error:
                    failures.append(error)
                else:
                    if status != 200:
                        failures.append(status)

        threads = [threading.Thread(target=send_requests) for _ in range(4)]
        for thread in threads:
            thread.start()
        server.send_signal(signal.SIGHUP)
        time.sleep(3)
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []


def test_a_stopping_server_finishes_its_requests() -> None:
    with gunicorn(APPLICATION, WEB_CONCURRENCY="1") as (address, server), ThreadPoolExecutor(1) as clients:
        assert fetch(address, "/bytes/1")[0] == 200  # the worker has started
        running = clients.submit(fetch, address, "/sleep/1")
        time.sleep(0.5)
        idle = socket.create_connection(address, timeout=TIMEOUT)
        server.terminate()
        assert running.result()[0] == 200
        server.wait(timeout=TIMEOUT)
        idle.close()


@pytest.mark.parametrize(
    ("target", "other"),
    [
        ("/2.3.0/launches/?limit=100&mode=detailed", "/2.3.0/%6caunches/?limit=%20100&mode=detailed"),
        ("/2.3.0/launches/?limit=100&mode=detailed", "/api/ll/2.3.0//launches/?mode=detailed&limit=1_00"),
        ("/2.3.0/launches/1/?format=api", "/2.3.0/launches/2.api"),
        ("/2.3.0/launches/?search=a,b&x=1", "/2.3.0/launches/?y=2&search=c%20d"),
    ],
)
def test_the_shape_does_not_depend_on_the_spelling(target: str, other: str) -> None:
    first, second = (request_shape(f"GET {url} HTTP/1.1\r\n\r\n".encode()) for url in (target, other))
    assert first == second
