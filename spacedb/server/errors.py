"""Error responses of the server itself, to requests that do not reach the application."""

from http import HTTPStatus

import orjson
from django.conf import settings
from django.utils.html import escape

from spacedb.server.requests import accepts_html

RETRY_AFTER = 5
"""Seconds after which a client may repeat a request that was rejected because the server is busy."""


def error_response(status: HTTPStatus, detail: str, head: bytes) -> bytes:
    """Return a response that closes the connection: a page if the client accepts HTML, otherwise JSON."""
    if accepts_html(head):
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
