"""Checks of the responses to random requests."""

import gzip
import io
import json
from http.client import HTTPException, HTTPResponse
from typing import Any

import brotli
from typing_extensions import override

from tests.reliability.fuzz_requests import Case

OF_API = {200, 304, 400, 401, 404, 405, 406, 412}
STATUSES: dict[str, set[int]] = {
    "list": OF_API,
    "detail": OF_API,
    "page": {200, 304, 400, 401, 404, 405, 406, 412},
    "admin": {200, 301, 302, 304, 400, 403, 404, 405},
    "static": {200, 206, 304, 400, 404, 405, 406, 416},
}
"""The documented statuses of each kind of path. `any` means all of them and those of the HTTP server."""
STATUSES["any"] = set().union(*STATUSES.values(), {408, 411, 413, 414, 417, 431})
STATUSES["malformed"] = STATUSES["any"] | {503}
"""These clients close their sending side, so that the server stops their queries as if they had hung up."""


class _Buffer(io.BytesIO):
    """Received bytes that several responses are read from, each of which would close them."""

    def makefile(self, mode: str) -> "_Buffer":
        return self

    @override
    def close(self) -> None:
        pass


CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
"""What a client that waits for it receives before it sends the body. It is not yet the response."""


def problem(case: Case, received: bytes) -> str | None:
    """Return what is wrong with the responses, or None."""
    received = received.replace(CONTINUE, b"")
    buffer: Any = _Buffer(received)
    end = len(received)
    count = 0
    for method in case.methods:
        if buffer.tell() == end:
            break
        response = HTTPResponse(buffer, method=method)
        try:
            response.begin()
            body = response.read()
        except (HTTPException, ValueError) as error:
            return f"invalid response: {error!r}"
        count += 1
        if found := _problem_of(case, response, body):
            return found
    if case.is_well_formed and count < len(case.methods) and not _closes(received):
        return f"{count} of {len(case.methods)} responses"
    return None


def _closes(received: bytes) -> bool:
    """Whether the server rejected a request, after which it need not respond to further ones."""
    return b"connection: close" in received.lower()


def _problem_of(case: Case, response: HTTPResponse, body: bytes) -> str | None:
    if response.status not in STATUSES[case.kind]:
        return f"status {response.status} of a path of the kind {case.kind}"
    if response.getheader("X-Injected"):
        return "a header was injected"
    if not body or "json" not in (response.getheader("Content-Type") or ""):
        return None
    try:
        json.loads(_decoded(body, response.getheader("Content-Encoding")))
    except (ValueError, OSError, brotli.error) as error:
        return f"invalid JSON: {error}"
    return None


def _decoded(body: bytes, encoding: str | None) -> bytes:
    match encoding:
        case "gzip":
            return gzip.decompress(body)
        case "br":
            return bytes(brotli.decompress(body))
        case None:
            return body
        case _:
            raise ValueError(f"unexpected Content-Encoding {encoding}")
