"""The IP addresses of clients, in rate limits and in logs."""

import ipaddress
import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import structlog
from django.http import HttpRequest
from rest_framework.throttling import BaseThrottle

INVALID = "invalid"
"""Stands for whatever is not an IP address. All such clients share one rate limit."""

IPV6_PREFIX_LENGTH = 64
"""Providers assign at least so large a network to each customer, who can use any address in it."""

PORT = re.compile(r"\[(?P<ipv6>[^]]*)](?::\d+)?|(?P<ipv4>[\d.]+):\d+")


def client_address(environ: Mapping[str, Any]) -> str:
    """The IP address of the client for logs, given the WSGI environment of its request; or `INVALID`.

    It is that of the connection, or the one that the first of TRUSTED_PROXIES proxies appended to `X-Forwarded-For`.
    """
    return str(_address(environ) or INVALID)


def client_network(environ: Mapping[str, Any]) -> str:
    """The client for rate limits: its IPv4 address, the /64 network of its IPv6 address, or `INVALID`."""
    address = _address(environ)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(address), IPV6_PREFIX_LENGTH), strict=False))
    return str(address or INVALID)


def _address(environ: Mapping[str, Any]) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    headers = {"x-forwarded-for": environ.get("HTTP_X_FORWARDED_FOR")}
    request: Any = SimpleNamespace(META=environ, headers=headers)
    return parse_address(BaseThrottle().get_ident(request) or "")


def parse_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Parse an IP address, and drop what proxies may add: a port, brackets, a zone id, the IPv6 prefix of IPv4.

    None if the text is not an address.
    """
    if with_port := PORT.fullmatch(text):
        text = with_port["ipv6"] or with_port["ipv4"] or ""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def log_client_address(sender: object, request: HttpRequest, **kwargs: Any) -> None:
    """Add the address to the log lines of a request: a receiver of django-structlog's signal."""
    structlog.contextvars.bind_contextvars(ip=client_address(request.META))
