"""The Host header: which hosts are allowed, and the response to others."""

import logging
import socket
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from spacedb.rest import hosts
from spacedb.rest.hosts import is_own_address, is_private_host
from tests.conftest import ROOT

LIST = "/2.3.0/agencies/"

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_neutral]

PRIVATE = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    "10.0.2.2",
    "192.168.1.20:8000",
    "172.17.0.1",
    "169.254.1.1",
    "100.64.0.7",
    "[fe80::1]:8000",
    "[fd00::2]",
    "0.0.0.0",
    "server",
    "spacedb:8000",
    "laptop.local",
    "host.docker.internal:8000",
    "app.localhost",
    "nas.lan",
    "NAS.LAN",
]
PUBLIC = ["evil.example", "ll.thespacedevs.com", "8.8.8.8", "[2606:4700::1111]", "local.example", "10.0.2.2.example"]
INVALID = ["a b", "", "a/b", "[::1", "\xff", "x" * 5000 + "!", "a_b!"]


@pytest.fixture
def development(settings: Any) -> None:
    """The settings without ALLOWED_HOSTS and HTTPS."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.ALLOW_ONLY_PRIVATE_HOSTS = True


@pytest.mark.parametrize("host", PRIVATE)
def test_private_hosts_are_allowed_by_default(client: Client, development: None, host: str) -> None:
    response = client.get("/", headers={"host": host, "accept": "application/json"})
    assert response.json()["docs"] == f"http://{host}/docs/"


def test_the_name_of_this_machine_is_private(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_private_host("build7.example")
    monkeypatch.setattr(socket, "gethostname", lambda: "Build7.example")
    assert is_private_host("build7.example")


def test_addresses_of_this_machine_are_private(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_own_address(ip_address("127.0.0.1"))
    assert not is_own_address(ip_address("8.8.8.8"))
    assert not is_own_address(ip_address("2606:4700::1111"))
    monkeypatch.setattr(hosts, "is_own_address", lambda address: str(address) == "8.8.8.8")
    assert is_private_host("8.8.8.8")
    assert not is_private_host("8.8.4.4")


@pytest.mark.parametrize("host", PUBLIC)
def test_other_hosts_are_rejected_by_default(client: Client, development: None, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", [host for host in PRIVATE[3:] if not host.endswith("localhost")] + PUBLIC)
def test_only_listed_hosts_are_allowed_in_production(client: Client, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("path", ["/", LIST, "/health/", "/admin/", "/static/pages/site.css", "/nothing/"])
@pytest.mark.parametrize("host", ["evil.example:8000", *INVALID])
def test_the_response_names_the_setting(
    client: Client, caplog: pytest.LogCaptureFixture, settings: Any, path: str, host: str
) -> None:
    settings.SECURE_SSL_REDIRECT = True  # this, too, needs the host
    with caplog.at_level(logging.INFO):
        response = client.get(path, headers={"host": host, "origin": "https://app.example"})
    assert (response.status_code, response["content-type"]) == (400, "application/json")
    assert response.json().keys() == {"detail"}
    assert "ALLOWED_HOSTS" in response.json()["detail"]
    assert len(response.content) < 1000
    assert response["access-control-allow-origin"] == "*"
    [record] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert record.exc_info is None
    assert "host not allowed" in record.getMessage()
    assert "\n" not in record.getMessage()


def test_the_response_names_the_host(client: Client) -> None:
    response = client.get(LIST, headers={"host": "evil.example:8000"})
    assert response.json()["detail"] == (
        'This server does not respond to the host name "evil.example". Add it to the setting ALLOWED_HOSTS.'
    )


@pytest.mark.parametrize("host", [host for host in INVALID if host])
def test_invalid_hosts_are_not_to_be_added_to_the_setting(client: Client, host: str) -> None:
    """Not even if the invalid character comes after the part that the response contains."""
    assert "is not a valid host name" in client.get(LIST, headers={"host": host}).json()["detail"]


@pytest.mark.parametrize(
    ("environment", "only_private"),
    [
        ({}, True),
        ({"HTTPS": "true"}, False),
        ({"ALLOWED_HOSTS": "spacedb.example"}, False),
        ({"ALLOWED_HOSTS": "*"}, False),
    ],
)
def test_settings(tmp_path: Path, environment: dict[str, str], only_private: bool) -> None:
    """Private hosts are allowed unless the settings list hosts, or a proxy terminates TLS."""
    code = "from spacedb import settings; print(settings.ALLOW_ONLY_PRIVATE_HOSTS, settings.ALLOWED_HOSTS)"
    env = {"DATA_DIR": str(tmp_path), "ENV_FILE": "/dev/null", "PATH": "/usr/bin:/bin", **environment}
    output = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, env=env, text=True)
    listed = [environment["ALLOWED_HOSTS"]] if "ALLOWED_HOSTS" in environment else []
    allowed = ["*"] if only_private else [*listed, "localhost", "127.0.0.1", "[::1]"]
    assert output.strip() == f"{only_private} {allowed}"
