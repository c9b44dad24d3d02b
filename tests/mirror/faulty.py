"""A real HTTP server on loopback that speaks enough of 2.3.0 to be mirrored, and misbehaves where it is told to."""

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

ROOT = "/2.3.0/"

Fault: TypeAlias = Callable[["Handler"], bool]
"""Does something instead of answering, and says whether it did."""


def agency(pk: int, name: str = "") -> dict[str, Any]:
    """As little as `agencies` can say of one."""
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
class Catalogue:
    """What the server has, its limit, and what was asked of it."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    limit: int = 2**31 - 1
    window: float = 3600
    clock: Callable[[], float] = time.time
    validators: bool = False
    faults: list[Fault] = field(default_factory=list)
    """The first of them deals with the next request of a page; then the second, and so on; then all is well."""
    always: Fault | None = None
    before: Callable[[str, int], None] = lambda name, offset: None
    """Called before each page is made: the moment for a row to move."""
    asked: list[tuple[float, str]] = field(default_factory=list)
    """Requests that count, by their moment."""
    throttled: int = 0
    headers: list[dict[str, str]] = field(default_factory=list)
    delay: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def requests(self) -> list[str]:
        return [request for _, request in self.asked]

    def used(self) -> list[float]:
        now = self.clock()
        return [moment for moment, _ in self.asked if moment > now - self.window]

    def allowance(self) -> dict[str, Any]:
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
        self.before(name, offset)
        rows = self.rows.get(name, [])
        following = None
        if offset + limit < len(rows):
            following = f"{base}{ROOT}{name}/?{urlencode(sorted((query | {'offset': str(offset + limit)}).items()))}"
        return {"count": len(rows), "next": following, "previous": None, "results": rows[offset : offset + limit]}


class Handler(BaseHTTPRequestHandler):
    """One request: of the throttle, for free; or of a page, counted, and perhaps dealt with by a fault."""

    catalogue: Catalogue
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        name = parts.path.removeprefix(ROOT).strip("/")
        catalogue = self.catalogue
        if name == "api-throttle":
            self.json(catalogue.allowance())
            return
        with catalogue.lock:
            catalogue.asked.append((catalogue.clock(), self.path))
            catalogue.headers.append(dict(self.headers))
            if len(catalogue.used()) > catalogue.limit:
                catalogue.throttled += 1
                self.answer(429, b"{}")
                return
            fault = catalogue.faults.pop(0) if catalogue.faults else catalogue.always
        time.sleep(catalogue.delay)
        if fault is None or not fault(self):
            query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
            self.page(catalogue.page(name, query, f"http://{self.headers['host']}"))

    def page(self, page: dict[str, Any]) -> None:
        body = json.dumps(page).encode()
        etag = f'"{hash(body)}"'
        if self.catalogue.validators and self.headers.get("if-none-match") == etag:
            self.answer(304, b"", {"ETag": etag})
        else:
            self.answer(200, body, {"ETag": etag} if self.catalogue.validators else {})

    def json(self, told: Any) -> None:
        self.answer(200, json.dumps(told).encode())

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        headers = {"Content-Type": "application/json"} | (headers or {})
        packed = "gzip" in self.headers.get("accept-encoding", "") and "Content-Encoding" not in headers
        body = gzip.compress(body, 1) if packed else body
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header, value)
        if packed:
            self.send_header("Content-Encoding", "gzip")
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 304:
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are what some tests are about."""


@contextmanager
def served(catalogue: Catalogue, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """The root of a server with this catalogue."""
    server = _Server(("127.0.0.1", 0), type("Bound", (Handler,), {"catalogue": catalogue}))
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


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
"""The head of an answer, up to what tells how long it is."""


# --- Faults -----------------------------------------------------------------------------------------------------------


def status(code: int, body: bytes = b"{}", headers: dict[str, str] | None = None) -> Fault:
    def fault(handler: Handler) -> bool:
        handler.answer(code, body, headers)
        return True

    return fault


def raw(head: bytes, *chunks: bytes, pause: float = 0.0) -> Fault:
    """These bytes, with a pause before each chunk, and then the connection is cut."""

    def fault(handler: Handler) -> bool:
        handler.wfile.write(head)
        for chunk in chunks:
            time.sleep(pause)
            handler.wfile.write(chunk)
        handler.close_connection = True
        return True

    return fault


def well(handler: Handler) -> bool:
    """No fault."""
    return False
