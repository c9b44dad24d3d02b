"""The IP addresses of clients, in rate limits and in logs."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import structlog
from django.http import HttpRequest
from rest_framework.throttling import BaseThrottle

MAX_LENGTH = 100
"""An IP address has at most 45 characters, but a misconfigured proxy may pass on anything that the client sends."""


def client_address(environ: Mapping[str, Any]) -> str:
    """The IP address of the client, given the WSGI environment of its request.

    It is that of the connection, or the one that the first of TRUSTED_PROXIES proxies appended to `X-Forwarded-For`.
    """
    headers = {"x-forwarded-for": environ.get("HTTP_X_FORWARDED_FOR")}
    request: Any = SimpleNamespace(META=environ, headers=headers)
    return (BaseThrottle().get_ident(request) or "")[:MAX_LENGTH]


def log_client_address(sender: object, request: HttpRequest, **kwargs: Any) -> None:
    """Add the address to the log lines of a request: a receiver of django-structlog's signal."""
    structlog.contextvars.bind_contextvars(ip=client_address(request.META))
