"""Throttling: off unless asked for; then every client has its own count, right to the last request in every process."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.authtoken.models import Token

from spacedb.throttling import throttle
from spacedb.throttling.models import Usage
from spacedb.throttling.throttle import RateLimit, Throttle, configured_rate
from tests.conftest import ROOT

LISTING = "/2.3.0/agencies/"
THROTTLE = "/2.3.0/api-throttle/"
START = 1_800_000_000

pytestmark = pytest.mark.django_db


class Clock:
    now = float(START)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(throttle, "clock", clock)
    return clock


@pytest.fixture
def limit(settings: Any) -> Callable[..., None]:
    """Sets what the environment would."""

    def set_rates(anon: str = "", user: str = "", proxies: int = 0) -> None:
        rates = {"anon": anon, "user": user}
        settings.REST_FRAMEWORK = {
            **settings.REST_FRAMEWORK,
            "DEFAULT_THROTTLE_RATES": rates,
            "NUM_PROXIES": proxies,
        }

    return set_rates


def ask(client: Client, path: str = LISTING, token: str = "", address: str = "192.0.2.1", **headers: str) -> Any:
    if token:
        headers["authorization"] = f"Token {token}"
    return client.get(path, headers=headers, REMOTE_ADDR=address)


def told(response: HttpResponse) -> list[Any]:
    assert response.status_code == 200
    return list(json.loads(response.content).values())


def token_of(name: str) -> str:
    return str(Token.objects.create(user=User.objects.create_user(name)).key)


def test_off_by_default(client: Client) -> None:
    token = token_of("Gagarin")
    with CaptureQueriesContext(connection) as queries:
        response = ask(client, "/2.3.0/")
        assert told(ask(client, THROTTLE)) == [2**31 - 1, 3600, 0, 0, "192.0.2.1"]
    assert len(queries) == 0
    assert response["Vary"] == "Accept, origin"
    assert response["Allow"] == "GET"
    assert ask(client, token=token).status_code == 200
    assert told(ask(client, THROTTLE, token=token)) == [2**31 - 1, 3600, 0, 0, "Gagarin"]
    assert not Usage.objects.exists()


def test_the_anonymous_are_limited_by_address(client: Client, clock: Clock, limit: Callable[..., None]) -> None:
    limit(anon="3/hour")
    assert [ask(client).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert ask(client, address="192.0.2.2").status_code == 200
    assert ask(client, address="2001:db8::1").status_code == 200
    token = token_of("Gagarin")
    assert [ask(client, token=token).status_code for _ in range(5)] == [200] * 5
    assert {usage.client for usage in Usage.objects.all()} == {"anon:192.0.2.1", "anon:192.0.2.2", "anon:2001:db8::1"}


def test_users_are_limited_by_token(client: Client, clock: Clock, limit: Callable[..., None]) -> None:
    """From whatever address; and a user who is named like an address is not that address."""
    limit(anon="1/hour", user="2/minute")
    one, other = token_of("Gagarin"), token_of("192.0.2.1")
    addresses = ("192.0.2.1", "192.0.2.2", "192.0.2.3")
    assert [ask(client, token=one, address=address).status_code for address in addresses] == [200, 200, 429]
    assert [ask(client, token=other).status_code for _ in range(3)] == [200, 200, 429]
    assert [ask(client).status_code for _ in range(2)] == [200, 429]
    assert told(ask(client, THROTTLE, token=one)) == [2, 60, 2, 60, "Gagarin"]
    assert told(ask(client, THROTTLE, token=other)) == [2, 60, 2, 60, "192.0.2.1"]
    assert told(ask(client, THROTTLE)) == [1, 3600, 1, 3600, "192.0.2.1"]


def test_a_refusal_says_when_to_come_back(client: Client, clock: Clock, limit: Callable[..., None]) -> None:
    """And that is the moment at which the request is granted: the window rolls, request by request."""
    limit(anon="2/hour")
    ask(client)
    clock.now += 600.25
    ask(client)
    clock.now += 0.5
    refused = ask(client)
    assert refused.status_code == 429
    assert refused.json() == {"detail": "Request was throttled. Expected available in 3000 seconds."}
    assert refused["Retry-After"] == "3000"
    assert refused["Content-Type"] == "application/json"
    clock.now += 2999
    assert ask(client)["Retry-After"] == "1"
    clock.now += 1
    assert ask(client).status_code == 200
    assert ask(client)["Retry-After"] == "600"
    clock.now += 600
    assert [ask(client).status_code for _ in range(2)] == [200, 429]


def test_refused_requests_are_neither_counted_nor_written(
    client: Client, clock: Clock, limit: Callable[..., None]
) -> None:
    limit(anon="1/minute")
    ask(client)
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            assert ask(client)["Retry-After"] == "60"
        assert [query["sql"].partition(" ")[0] for query in queries] == ["SELECT"]


def test_every_endpoint_counts(client: Client, clock: Clock, limit: Callable[..., None]) -> None:
    """In every form, found or not; what is at no endpoint does not."""
    limit(anon="10/hour")
    for path in (LISTING, f"{LISTING}?format=api", f"{LISTING}-1/", "/2.3.0/"):
        ask(client, path)
    client.head(LISTING, REMOTE_ADDR="192.0.2.1")
    assert ask(client, "/2.3.0/nothing/").status_code == 404
    assert told(ask(client, THROTTLE))[2] == 5


def test_the_throttle_endpoint_is_free(client: Client, clock: Clock, limit: Callable[..., None]) -> None:
    limit(anon="2/hour")
    for used in range(3):
        for _ in range(3):
            response = ask(client, THROTTLE)
            assert told(response) == [2, 3600, used, 3600 if used == 2 else 0, "192.0.2.1"]
        ask(client)
        assert ask(client, f"{THROTTLE}?format=api").status_code == 200
    clock.now += 3599.5
    assert told(ask(client, THROTTLE))[2:4] == [2, 1]
    clock.now += 0.5
    assert told(ask(client, THROTTLE))[2:4] == [0, 0]


def test_the_throttle_endpoint_is_as_upstreams(client: Client, reference: Path) -> None:
    official = json.loads((reference / "openapi-2.3.0.json").read_text())["components"]["schemas"]["APIThrottle"]
    body = ask(client, THROTTLE).json()
    types = {"integer": int, "string": str}
    assert [(key, type(value)) for key, value in body.items()] == [
        (key, types[schema["type"]]) for key, schema in official["properties"].items()
    ]
    assert ask(client, "/2.3.0/").json()["api-throttle"] == f"http://testserver{THROTTLE}"
    assert client.post(THROTTLE).status_code == 405
    assert ask(client, THROTTLE)["Allow"] == "GET"


def test_the_throttle_endpoint_has_a_page(client: Client) -> None:
    page = ask(client, THROTTLE, accept="text/html").content.decode()
    assert "<h1>API Throttle</h1>" in page
    assert "<h4>GET</h4>" in page
    assert "&quot;current_use&quot;: 0" in page


@pytest.mark.parametrize("anon", ["", "5/hour"])
def test_an_unknown_token_is_refused(client: Client, limit: Callable[..., None], anon: str) -> None:
    limit(anon=anon)
    for path in (LISTING, THROTTLE):
        refused = ask(client, path, token="unknown")
        assert refused.status_code == 401
        assert refused.json() == {"detail": "Invalid token."}
        assert refused["WWW-Authenticate"] == "Token"


def test_the_token_of_an_inactive_user_is_refused(client: Client) -> None:
    token = token_of("Gagarin")
    User.objects.update(is_active=False)
    assert ask(client, token=token).status_code == 401


@pytest.mark.parametrize(
    ("proxies", "ident"), [(0, "192.0.2.1"), (1, "198.51.100.2"), (2, "198.51.100.1"), (9, "203.0.113.9")]
)
def test_the_address_behind_proxies(client: Client, limit: Callable[..., None], proxies: int, ident: str) -> None:
    """What a client itself says in that header counts for nothing, unless there are fewer proxies than we were told."""
    limit(anon="1/hour", proxies=proxies)
    forwarded = {"x-forwarded-for": "203.0.113.9, 198.51.100.1, 198.51.100.2"}
    assert ask(client, THROTTLE, **forwarded).json()["ident"] == ident
    assert ask(client, **{"x-forwarded-for": "x" * 5000}).status_code == 200


def test_clients_who_stay_away_are_forgotten(client: Client, clock: Clock, limit: Callable[..., None]) -> None:
    limit(anon="5/minute")
    ask(client, address="192.0.2.1")
    clock.now += 30
    ask(client, address="192.0.2.2")
    clock.now += 30
    ask(client, address="192.0.2.3")
    assert {usage.client for usage in Usage.objects.all()} == {"anon:192.0.2.2", "anon:192.0.2.3"}


def test_a_row_stays_small(clock: Clock, limit: Callable[..., None]) -> None:
    """However high the limit: then moments are a thousandth of the window apart."""
    limit(anon="1000000/hour")
    allowance = RateLimit("anon", "192.0.2.1")
    for _ in range(3):
        clock.now += 3.6
        allowance.take()
        clock.now += 0.1
        allowance.take()
    moments = json.loads(Usage.objects.get().moments)
    assert [number for _, number in moments] == [2, 2, 2]
    clock.now = moments[0][0] / 1000 + 3600
    assert allowance.now() == (4, 0)


def test_lowered_limits_hold_at_once(client: Client, clock: Clock, limit: Callable[..., None]) -> None:
    limit(anon="4/hour")
    for _ in range(4):
        ask(client)
        clock.now += 10
    limit(anon="2/hour")
    assert told(ask(client, THROTTLE)) == [2, 3600, 4, 3580, "192.0.2.1"]
    limit(anon="1/minute")
    assert told(ask(client, THROTTLE)) == [1, 60, 4, 50, "192.0.2.1"]


@pytest.mark.parametrize(
    ("text", "rate"),
    [("15/hour", (15, 3600)), ("1/s", (1, 1)), ("2/sec", (2, 1)), ("60/min", (60, 60)), ("9/day", (9, 86400))],
)
def test_rates(limit: Callable[..., None], text: str, rate: Any) -> None:
    limit(anon=text)
    assert configured_rate("anon") == rate
    assert configured_rate("user") is None


@pytest.mark.parametrize("text", ["15", "0/hour", "-1/hour", "15/week", "15/hours!", "1.5/hour", "many/hour"])
def test_what_is_no_rate(limit: Callable[..., None], text: str) -> None:
    limit(user=text)
    with pytest.raises(ImproperlyConfigured, match=f"THROTTLE_USER={re.escape(text)} is not a rate"):
        configured_rate("user")


def printed(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    call_command("token", *args)
    return capsys.readouterr().out.strip()


def test_token_command(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    token = printed(capsys, "Gagarin")
    assert ask(client, THROTTLE, token=token).json()["ident"] == "Gagarin"
    assert printed(capsys, "Gagarin") == token
    user = User.objects.get()
    assert not user.has_usable_password()
    assert not user.is_staff

    renewed = printed(capsys, "Gagarin", "--renew")
    assert ask(client, token=token).status_code == 401
    assert ask(client, token=renewed).status_code == 200

    assert printed(capsys, "Gagarin", "--revoke") == ""
    assert ask(client, token=renewed).status_code == 401


@pytest.mark.parametrize("args", [["Yuri Gagarin"], [""], ["x" * 200], ["Gagarin", "--revoke"]])
def test_token_command_refuses(args: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("token", *args)
    assert not User.objects.exists()


def test_rest_frameworks_own_token_command(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    User.objects.create_user("Gagarin")
    call_command("drf_create_token", "Gagarin")
    assert Token.objects.get().key in capsys.readouterr().out


def test_tokens_in_the_admin(admin_client: Client, client: Client) -> None:
    user = User.objects.create_user("Gagarin")
    add = reverse("admin:authtoken_tokenproxy_add")
    assert admin_client.get(add).status_code == 200
    assert admin_client.post(add, {"user": user.pk}).status_code == 302
    token = Token.objects.get()
    assert token.key in admin_client.get(reverse("admin:authtoken_tokenproxy_changelist")).content.decode()
    assert ask(client, token=token.key).status_code == 200
    admin_client.post(reverse("admin:authtoken_tokenproxy_delete", args=[user.pk]), {"post": "yes"})
    assert ask(client, token=token.key).status_code == 401


def database_url(directory: Path) -> str:
    """The database that this test runs on, as other processes can reach it: on SQLite a copy, for it is in memory."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(directory / "copy.sqlite3")) as copy:
            connection.connection.backup(copy)
        return f"sqlite:///{directory / 'copy.sqlite3'}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))


@contextmanager
def gunicorn(**environment: str) -> Iterator[tuple[str, int]]:
    """A server of three processes; its address."""
    command = [sys.executable, "-m", "gunicorn", "spacedb.wsgi:application"]
    told = os.environ | {"HOST": "127.0.0.1", "PORT": "0", "WEB_CONCURRENCY": "3"} | environment
    with subprocess.Popen(command, cwd=ROOT, env=told, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr
            listening = next(line for line in server.stderr if "Listening at" in line)
            yield "127.0.0.1", int(listening.rpartition(":")[2].split()[0])
        finally:
            server.terminate()
            server.communicate(timeout=30)


@pytest.mark.django_db(transaction=True)
def test_counts_are_right_across_processes(tmp_path: Path) -> None:
    with gunicorn(DATABASE_URL=database_url(tmp_path), THROTTLE_ANON="40/hour") as address:

        def get(path: str = LISTING) -> tuple[int, dict[str, str], Any]:
            with closing(HTTPConnection(*address, timeout=30)) as http:
                http.request("GET", path)
                response = http.getresponse()
                return response.status, dict(response.getheaders()), json.load(response)

        with ThreadPoolExecutor(20) as clients:
            answers = list(clients.map(lambda _: get(), range(60)))
        assert Counter(status for status, _, _ in answers) == {200: 40, 429: 20}
        assert all(3590 <= int(headers["Retry-After"]) <= 3600 for status, headers, _ in answers if status == 429)
        limit, window, used, wait, ident = get(THROTTLE)[2].values()
        assert (limit, window, used, ident) == (40, 3600, 40, "127.0.0.1")
        assert 3590 <= wait <= 3600


@pytest.mark.django_db(transaction=True)
def test_counting_does_not_wait_for_a_long_write(
    clock: Clock, limit: Callable[..., None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """SQLite lets one write at a time: while a mirror is put in place, requests pass, soon and uncounted."""
    if connection.vendor != "sqlite":
        pytest.skip("on PostgreSQL nobody waits")
    limit(anon="1/hour")
    request: Any = SimpleNamespace(user=AnonymousUser(), headers={}, META={"REMOTE_ADDR": "192.0.2.1"})
    file, kept = tmp_path / "usage.sqlite3", connection.connection
    connection.connection = None
    try:
        with patch.dict(connection.settings_dict, {"NAME": str(file)}):
            with connection.schema_editor() as editor:
                editor.create_model(Usage)
            with closing(sqlite3.connect(file)) as other:
                other.execute("BEGIN IMMEDIATE")
                begin = time.monotonic()
                assert [Throttle().allow_request(request, None) for _ in range(2)] == [True, True]
                assert time.monotonic() - begin < 10  # either waits a quarter of a second, where a writer waits twenty
                assert "request not counted: database is locked" in caplog.text
                other.rollback()
            assert [Throttle().allow_request(request, None) for _ in range(2)] == [True, False]
            connection.close()
    finally:
        connection.connection = kept
