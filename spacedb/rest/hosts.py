"""The `Host` header: requests for a host that the settings do not allow get a JSON response with the reason."""

import ipaddress
import logging
import socket
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import split_domain_port

from spacedb.throttling.clients import client_address

logger = logging.getLogger(__name__)

PRIVATE_DOMAINS = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
"""Domains that cannot be registered (RFC 6761, 6762 and 8375; ICANN for `.internal`), and `.lan` of many routers."""

MAX_LOGGED_LENGTH = 100


def is_private_host(name: str) -> bool:
    """Whether a host is this machine, or belongs to a private network.

    These are the name and the IP addresses of this machine, IP addresses that are not reachable from the internet,
    names without a dot (such as a service of Docker Compose), and names below `PRIVATE_DOMAINS`. Pages of a foreign
    domain cannot have such a name, so allowing them does not enable DNS rebinding.
    """
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return "." not in name or name.endswith(PRIVATE_DOMAINS) or name == socket.gethostname().lower()
    return not address.is_global or is_own_address(address)


def is_own_address(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether a network interface of this machine has the address: others cannot be bound."""
    try:
        with socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True


class HostMiddleware:
    """Responds with the status 400 if the `Host` header is invalid or not allowed, and logs one line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            name, _ = split_domain_port(request.get_host())
        except DisallowedHost:
            return self._reject(request)
        if settings.ALLOW_ONLY_PRIVATE_HOSTS and not is_private_host(name):
            return self._reject(request)
        return self.get_response(request)

    def _reject(self, request: HttpRequest) -> HttpResponse:
        received = request.META.get("HTTP_HOST", request.META["SERVER_NAME"])
        host, name = (text[:MAX_LOGGED_LENGTH] for text in (received, split_domain_port(received)[0]))
        logger.warning("host not allowed: %r, requested by %s", host, client_address(request.META))
        if name:
            detail = f'This server does not respond to the host name "{name}". Add it to the setting ALLOWED_HOSTS.'
        else:
            detail = f'"{host}" is not a valid host name. The setting ALLOWED_HOSTS lists those of this server.'
        return JsonResponse({"detail": detail}, status=400)
