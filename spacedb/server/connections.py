"""Connections of clients: buffers for what was received and what is still to be sent, and the framing of requests."""

import re
import socket
from collections import deque
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import orjson
from django.conf import settings
from django.utils.html import escape
from gunicorn import http

MAX_HEAD = 64 * 1024
"""Maximum size of the request line and the headers, in bytes. Gunicorn limits the size of each line."""

MAX_BODY = 2_621_440
"""Maximum size of a request body, in bytes: Django's default of `DATA_UPLOAD_MAX_MEMORY_SIZE`."""

RETRY_AFTER = 5
"""Seconds after which a client may repeat a request that was rejected because the server is busy."""

END_OF_HEAD = b"\r\n\r\n"

CHUNK = 64 * 1024
"""Maximum number of bytes to receive at once."""


class BadRequest(Exception):
    """A request that is rejected before it is complete."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class BufferedSocket:
    """A socket as gunicorn uses it in a thread. Reading returns one complete request, and writing fills a buffer."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.head = b""
        """The request line and the headers of the current request; empty until they are complete."""
        self.request = b""
        """What gunicorn has not read of the current request."""
        self.unsent: deque[memoryview] = deque()

    def recv(self, size: int) -> bytes:
        """Return the next bytes of the request, or no bytes at its end."""
        data, self.request = self.request[:size], self.request[size:]
        return data

    def sendall(self, data: bytes) -> None:
        """Add data to the buffer."""
        if data:
            self.unsent.append(memoryview(data))

    def flush(self) -> None:
        """Send as much of the buffer as the client accepts without waiting. Raises `OSError` if it has hung up."""
        while self.unsent:
            try:
                sent = self.sock.sendmsg([*self.unsent][:16])
            except (BlockingIOError, InterruptedError):
                return
            while sent:
                data = self.unsent.popleft()
                if sent < len(data):
                    self.unsent.appendleft(data[sent:])
                sent -= min(sent, len(data))

    def has_hung_up(self) -> bool:
        """Whether the client has closed its side of the connection."""
        try:
            return not self.sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            return True

    def setblocking(self, flag: bool) -> None:
        """Do nothing: the event loop requires that the socket does not block."""

    def fileno(self) -> int:
        return self.sock.fileno()


class Connection:
    """A connection of a client, with the attributes that gunicorn's `ThreadWorker.handle()` uses."""

    initialized = data_ready = True
    is_http2 = False

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any) -> None:
        sock.setblocking(False)
        self.sock = BufferedSocket(sock)
        self.client = client
        self.server = server
        self.parser = http.get_parser(cfg, self.sock, client)
        self.received = bytearray()
        self.deadline = 0.0
        """The monotonic time in seconds at which the event loop stops waiting for the client."""
        self.keepalive = False
        """Whether the client may send another request after the current response."""
        self.sent_continue = False

    def init(self) -> None:
        """Do nothing: the parser exists already."""

    @property
    def buffered(self) -> int:
        """The number of bytes in both buffers."""
        return len(self.received) + sum(map(len, self.sock.unsent))

    def receive(self) -> bool:
        """Receive what the client has sent, and return whether its request is complete.

        Raises `BadRequest` if the request is rejected, `EOFError` if the client has hung up, `OSError` if the
        connection is broken.
        """
        try:
            data = self.sock.sock.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return False
        if not data:
            raise EOFError
        self.received += data
        return self.take_request()

    def take_request(self) -> bool:
        """Move the first request from `received` to the socket that gunicorn reads; return False if it is incomplete.

        Raises `BadRequest` if the request is rejected.
        """
        head = self.sock.head = _complete_head(self.received)
        if not head:
            return False
        length = len(head) + _body_length(head)
        if len(self.received) < length:
            self._send_continue()
            return False
        self.sent_continue = False
        self.sock.request = bytes(self.received[:length])
        del self.received[:length]
        return True

    def _send_continue(self) -> None:
        """Let a client that waits for `100 Continue` send the body."""
        if not self.sent_continue and (header(self.sock.head, "Expect") or "").lower() == "100-continue":
            self.sock.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.sent_continue = True

    def discard(self) -> None:
        """Discard what the client sends after the response. Raises `EOFError` if it has hung up."""
        if not self.sock.sock.recv(CHUNK):
            raise EOFError

    def close(self) -> None:
        self.sock.sock.close()


def _complete_head(received: bytearray) -> bytes:
    """Return the request line and the headers, or no bytes if they are incomplete."""
    end = received.find(END_OF_HEAD)
    if end >= 0:
        return bytes(received[: end + len(END_OF_HEAD)])
    line_end = received.find(b"\n")
    if line_end >= 0 and received[line_end - 1 : line_end] != b"\r":
        raise BadRequest(HTTPStatus.BAD_REQUEST, "Lines of the request must end with CR LF.")
    if len(received) > MAX_HEAD:
        if line_end < 0:
            raise BadRequest(HTTPStatus.REQUEST_URI_TOO_LONG, f"The URL is longer than {MAX_HEAD} bytes.")
        detail = f"The headers are longer than {MAX_HEAD} bytes."
        raise BadRequest(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail)
    return b""


def _body_length(head: bytes) -> int:
    """Return the length of the body in bytes. Gunicorn rejects a `Content-Length` that is not a number."""
    if header(head, "Transfer-Encoding") is not None:
        detail = "A request body needs a Content-Length. Transfer-Encoding is not supported."
        raise BadRequest(HTTPStatus.LENGTH_REQUIRED, detail)
    text = header(head, "Content-Length") or ""
    length = int(text) if re.fullmatch(r"[0-9]{1,18}", text) else 0
    if length > MAX_BODY:
        raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The request body is longer than {MAX_BODY} bytes.")
    return length


def header(head: bytes, name: str) -> str | None:
    """Return the first value of a header, None if the request does not have it."""
    match = _header_pattern(name).search(head)
    return match[1].decode("latin-1").strip() if match else None


@lru_cache
def _header_pattern(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"\r\n" + re.escape(name).encode() + rb":([^\r\n]*)", re.IGNORECASE)


def error_response(status: HTTPStatus, detail: str, head: bytes) -> bytes:
    """Return a response that closes the connection: a page if the client accepts HTML, otherwise JSON."""
    if "text/html" in (header(head, "Accept") or ""):
        content_type = "text/html; charset=utf-8"
        title = f"<title>{status.phrase}</title><h1>{status.phrase}</h1>"
        body = f'<!doctype html><html lang="en">{title}<p>{escape(detail)}'.encode()
    else:
        content_type, body = "application/json", orjson.dumps({"detail": detail})
    fields = {
        "Content-Type": content_type,
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Connection": "close",
    }
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        fields["Retry-After"] = str(RETRY_AFTER)
    if settings.CORS_ALLOW_ALL_ORIGINS:
        fields["Access-Control-Allow-Origin"] = "*"
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in fields.items())]
    is_head = head.startswith(b"HEAD ")
    return "\r\n".join([*lines, "", ""]).encode() + (b"" if is_head else body)
