"""A fake source: an HTTP server on loopback that implements enough of version 2.3.0 to be mirrored, and can fail."""

import gzip
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlencode, urlsplit

from typing_extensions import override

ROOT = "/2.3.0/"

Fault: TypeAlias = Callable[["Handler"], bool]
"""Sends something else than the page. Returns False if it has sent nothing, so that the page is sent after all."""


def agency(pk: int, name: str = "") -> dict[str, Any]:
    """The smallest valid representation of an agency."""
    url = f"https://ll.thespacedevs.com/2.3.0/agencies/{pk}/"
    return {
        "response_mode": "list",
        "id": pk,
        "url": url,
        "name": name or f"Agency {pk}",
        "abbrev": f"A{pk}",
        "type": None,
    }


@dataclass
class FakeSource:
    """The objects of the source by endpoint, its rate limit, its faults, and a record of the requests."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    single_objects: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {"dashboard/starship": {"response_mode": "detailed", "notices": []}}
    )
    """The objects of endpoints without a list."""
    limit: int = 2**31 - 1
    window: float = 3600
    clock: Callable[[], float] = time.time
    has_validators: bool = False
    faults: list[Fault] = field(default_factory=list)
    """Each handles one of the next requests. After the last one, `default_fault` handles all requests."""
    default_fault: Fault | None = None
    before_page: Callable[[str, int], None] = lambda name, offset: None
    """Called with the endpoint and the offset before a page is created. It can change `rows`."""
    requests: list[tuple[float, str]] = field(default_factory=list)
    """Time and path of each counted request."""
    throttle_requests: int = 0
    """The number of requests to `api-throttle`."""
    throttled: int = 0
    """The number of requests that exceeded the limit."""
    headers: list[dict[str, str]] = field(default_factory=list)
    """The headers of each counted request."""
    delay: float = 0.0
    """Seconds before each response."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def request_paths(self) -> list[str]:
        return [path for _, path in self.requests]

    def used(self) -> list[float]:
        """The times of the requests in the current window."""
        now = self.clock()
        return [moment for moment, _ in self.requests if moment > now - self.window]

    def rate_limit(self) -> dict[str, Any]:
        """The response of `api-throttle`."""
        used = self.used()
        wait = 0.0 if len(used) < self.limit else used[-self.limit] + self.window - self.clock()
        return {
            "your_request_limit": self.limit,
            "limit_frequency_secs": int(self.window),
            "current_use": len(used),
            "next_use_secs": max(0, int(wait) + (wait > int(wait))),
            "ident": "127.0.0.1",
        }

    def page(self, name: str, query: dict[str, str], base: str) -> dict[str, Any]:
        limit, offset = int(query.get("limit", 10)), int(query.get("offset", 0))
        self.before_page(name, offset)
        if name in self.single_objects:
            return self.single_objects[name]
        rows = self.rows.get(name, [])
        next_url = None
        if offset + limit < len(rows):
            next_url = f"{base}{ROOT}{name}/?{urlencode(sorted((query | {'offset': str(offset + limit)}).items()))}"
        return {"count": len(rows), "next": next_url, "previous": None, "results": rows[offset : offset + limit]}


class Handler(BaseHTTPRequestHandler):
    """Handles `api-throttle`, which is not counted, and pages, which are counted and can be replaced by faults."""

    source: FakeSource
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else the body waits for the acknowledgment of the headers, 40 ms for each response

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        name = parts.path.removeprefix(ROOT).strip("/")
        source = self.source
        if name == "api-throttle":
            source.throttle_requests += 1
            self.send_json(source.rate_limit())
            return
        with source.lock:
            source.requests.append((source.clock(), self.path))
            source.headers.append(dict(self.headers))
            if len(source.used()) > source.limit:
                source.throttled += 1
                self.send(429, b"{}")
                return
            fault = source.faults.pop(0) if source.faults else source.default_fault
        time.sleep(source.delay)
        if fault is None or not fault(self):
            query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
            self.send_page(source.page(name, query, f"http://{self.headers['host']}"))

    def send_page(self, page: dict[str, Any]) -> None:
        body = json.dumps(page).encode()
        etag = f'"{hash(body)}"'
        if self.source.has_validators and self.headers.get("if-none-match") == etag:
            self.send(304, b"", {"ETag": etag})
        else:
            self.send(200, body, {"ETag": etag} if self.source.has_validators else {})

    def send_json(self, document: Any) -> None:
        self.send(200, json.dumps(document).encode())

    def send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        headers = {"Content-Type": "application/json"} | (headers or {})
        is_compressed = "gzip" in self.headers.get("accept-encoding", "") and "Content-Encoding" not in headers
        body = gzip.compress(body, 1) if is_compressed else body
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header, value)
        if is_compressed:
            self.send_header("Content-Encoding", "gzip")
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 304:
            self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore errors: some tests close connections."""


@contextmanager
def serve(source: FakeSource, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Run a server of this source. Yields its root URL."""
    server = _Server(("127.0.0.1", 0), type("BoundHandler", (Handler,), {"source": source}))
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}{ROOT}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


OK_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
"""The beginning of a response, to be continued by a header of its length."""


# --- Faults -----------------------------------------------------------------------------------------------------------


def respond(status: int, body: bytes = b"{}", headers: dict[str, str] | None = None) -> Fault:
    """Send this response."""

    def fault(handler: Handler) -> bool:
        handler.send(status, body, headers)
        return True

    return fault


def send_raw(head: bytes, *chunks: bytes, pause: float = 0.0) -> Fault:
    """Send these bytes, with a pause in seconds before each chunk, and close the connection."""

    def fault(handler: Handler) -> bool:
        handler.wfile.write(head)
        for chunk in chunks:
            time.sleep(pause)
            handler.wfile.write(chunk)
        handler.close_connection = True
        return True

    return fault


def send_raw_until(event: threading.Event, head: bytes) -> Fault:
    """Send these bytes, and close the connection after the event is set."""

    def fault(handler: Handler) -> bool:
        handler.wfile.write(head)
        event.wait()
        handler.close_connection = True
        return True

    return fault


def hold_until(event: threading.Event) -> Fault:
    """Send the page after the event is set."""

    def fault(handler: Handler) -> bool:
        event.wait()
        return False

    return fault


def no_fault(handler: Handler) -> bool:
    """Send the page."""
    return False


TRANSIENT: dict[str, Fault] = {
    "408": respond(408),
    "429": respond(429),
    "429 with Retry-After": respond(429, headers={"Retry-After": "40"}),
    "500": respond(500, b"<h1>Server Error</h1>", headers={"Content-Type": "text/html"}),
    "502": respond(502),
    "503 with Retry-After": respond(503, headers={"Retry-After": "7"}),
    "closed within the body": send_raw(OK_HEAD + b"Content-Length: 100000\r\n\r\n", b'{"count": 25, "res'),
    "closed before the headers": send_raw(b""),
    "closed within the headers": send_raw(b"HTTP/1.1 200 OK\r\nContent-"),
    "not HTTP": send_raw(b"220 mail.example ESMTP\r\n"),
    "truncated JSON": send_raw(OK_HEAD + b"Connection: close\r\n\r\n", b'{"count": 25, "results": [{"id'),
    "invalid JSON": respond(200, b"{'count': 25}"),
    "HTML": respond(200, b"<html>Please wait</html>", headers={"Content-Type": "text/html"}),
    "bad gzip": respond(200, b"this is not gzip", headers={"Content-Encoding": "gzip"}),
    "empty body": respond(200, b""),
}
"""Responses after which a request is sent again."""
