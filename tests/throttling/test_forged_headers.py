"""No header of a client changes the URL, the scheme or the client of a request, unless the settings trust proxies."""

import json
import socket
from pathlib import Path

import pytest

from agencies.models import Agency
from tests.database_copies import shared_url
from tests.gunicorn import gunicorn

LISTING = "/2.3.0/agencies/?limit=1"

FORGED = (
    # The first three are variables of WSGI; gunicorn takes them from requests from the same machine by default.
    "SCRIPT_NAME: /2.3.0",
    "SCRIPT_NAME: /elsewhere",
    "PATH_INFO: /elsewhere/",
    "REMOTE_USER: admin",
    "REMOTE_ADDR: 203.0.113.9",
    "QUERY_STRING: limit=2",
    "HTTP_HOST: evil.example",
    "wsgi.url_scheme: https",
    "Script-Name: /elsewhere",
    "Path-Info: /elsewhere/",
    "Remote-User: admin",
    "Remote-Addr: 203.0.113.9",
    "X-Forwarded-For: 203.0.113.9",
    "X_Forwarded_For: 203.0.113.9",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Protocol: ssl",
    "X-Forwarded-SSL: on",
    "X-Forwarded-Host: evil.example",
    "X-Forwarded-Port: 81",
    "X-Forwarded-Prefix: /elsewhere",
    "X-Script-Name: /elsewhere",
    "X-Original-URL: /elsewhere/",
    "X-Rewrite-URL: /elsewhere/",
    "X-HTTP-Method-Override: DELETE",
    "X-Real-IP: 203.0.113.9",
    "Forwarded: for=203.0.113.9;host=evil.example;proto=https",
)


def send(address: tuple[str, int], path: str, *lines: str) -> tuple[int, bytes]:
    """Send a request with exactly these header lines, and return the status and the body of the response."""
    request = [f"GET {path} HTTP/1.1", f"Host: {address[0]}:{address[1]}", "Connection: close", *lines, "", ""]
    with socket.create_connection(address, timeout=120) as connection:
        connection.sendall("\r\n".join(request).encode())
        with connection.makefile("rb") as file:
            head, _, body = file.read().partition(b"\r\n\r\n")
    return int(head.split()[1]), body


@pytest.fixture
def two_agencies(transactional_db: None) -> None:
    for name in ("a", "b"):
        Agency.objects.create(name=name)


@pytest.mark.slow
@pytest.mark.vendor_neutral
def test_forged_headers_change_nothing(two_agencies: None, tmp_path: Path) -> None:
    environment = {"DATABASE_URL": shared_url(tmp_path), "WEB_CONCURRENCY": "1", "CACHE_SIZE": "0"}
    with gunicorn("tests.wsgi", **environment) as (address, _):
        status, body = send(address, LISTING)
        assert status == 200
        assert json.loads(body)["next"].startswith(f"http://127.0.0.1:{address[1]}/2.3.0/agencies/?limit=1&")
        for header in (*FORGED, "\r\n".join(FORGED)):
            assert send(address, LISTING, header) == (status, body), header
            ident = json.loads(send(address, "/2.3.0/api-throttle/", header)[1])["ident"]
            assert ident == "127.0.0.1", header


@pytest.mark.slow
@pytest.mark.vendor_neutral
def test_headers_of_trusted_proxies(two_agencies: None, tmp_path: Path) -> None:
    """Only those that the settings name are trusted."""
    trust = {"HTTPS": "true", "TRUSTED_PROXIES": "1", "ALLOWED_HOSTS": "127.0.0.1"}
    environment = {"DATABASE_URL": shared_url(tmp_path), "WEB_CONCURRENCY": "1", "LOG_LEVEL": "INFO"}
    forged = [header for header in FORGED if not header.startswith(("X-Forwarded-For", "X-Forwarded-Proto:"))]
    with gunicorn("tests.wsgi", **environment, **trust) as (address, _):
        assert send(address, LISTING)[0] == 301
        own = ("X-Forwarded-For: 198.51.100.7, 2001:db8::1", "X-Forwarded-Proto: https")
        status, body = send(address, LISTING, *own, *forged)
        assert status == 200
        assert json.loads(body)["next"].startswith(f"https://127.0.0.1:{address[1]}/2.3.0/agencies/?limit=1&")
        ident = json.loads(send(address, "/2.3.0/api-throttle/", *own, *forged)[1])["ident"]
        assert ident == "2001:db8::/64"
