"""Rate limits: off by default, one count per client, exact across processes."""

import json
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from spacedb.throttling import throttle
from spacedb.throttling.models import RequestHistory
from spacedb.throttling.throttle import RateLimit, Throttle, configured_rate
from tests.database_copies import shared_url
from tests.gunicorn import gunicorn
from tests.throttling.conftest import Clock
from tests.throttling.requests import LISTING, THROTTLE, get, token_of, values_of

DAY = 24 * 60 * 60

pytestmark = pytest.mark.django_db


def test_off_by_default(client: Client) -> None:
    token = token_of("Gagarin")
    with CaptureQueriesContext(connection) as queries:
        response = get(client, "/2.3.0/")
        assert values_of(get(client, THROTTLE)) == [2**31 - 1, 3600, 0, 0, "192.0.2.1"]
    assert len(queries) == 0
    assert response["Vary"] == "Accept"
    assert response["Allow"] == "GET"
    assert get(client, token=token).status_code == 200
    assert values_of(get(client, THROTTLE, token=token)) == [2**31 - 1, 3600, 0, 0, "Gagarin"]
    assert not RequestHistory.objects.exists()


def test_anonymous_clients_are_limited_by_address(client: Client, clock: Clock, limit: Callable[..., None]) -> None:
    limit(anon="3/hour")
    assert [get(client).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert get(client, address="192.0.2.2").status_code == 200
    ipv6 = ("2001:db8::1", "2001:db8::2", "2001:db8::ffff:0:0:1", "2001:db8::4")
    assert [get(client, address=address).status_code for address in ipv6] == [200, 200, 200, 429]
    token = token_of("Gagarin")
    assert [get(client, token=token).status_code for _ in range(5)] == [200] * 5
    assert {row.client for row in RequestHistory.objects.all()} == {
        "anon:192.0.2.1",
        "anon:192.0.2.2",
        "anon:2001:db8::/64",
    }


def test_users_are_limited_by_token(client: Client, clock: Clock, limit: Callable[..., None]) -> None:
    """The address does not matter, and a user named like an address does not share its limit."""
    limit(anon="1/hour", user="2/minute")
    token, other_token = token_of("Gagarin"), token_of("192.0.2.1")
    addresses = ("192.0.2.1", "192.0.2.2", "192.0.2.3")
    assert [get(client, token=token, address=address).status_code for address in addresses] == [200, 200, 429]
    assert [get(client, token=other_token).status_code for _ in range(3)] == [200, 200, 429]
    assert [get(client).status_code for _ in range(2)] == [200, 429]
    assert values_of(get(client, THROTTLE, token=token)) == [2, 60, 2, 60, "Gagarin"]
    assert values_of(get(client, THROTTLE, token=other_token)) == [2, 60, 2, 60, "192.0.2.1"]
    assert values_of(get(client, THROTTLE)) == [1, 3600, 1, 3600, "192.0.2.1"]


def test_rejections_have_retry_after(client: Client, clock: Clock, limit: Callable[..., None]) -> None:
    """At that time the request is allowed. The window is rolling."""
    limit(anon="2/hour")
    get(client)
    clock.now += 600.25
    get(client)
    clock.now += 0.5
    rejected = get(client)
    assert rejected.status_code == 429
    assert rejected.json() == {"detail": "Request was throttled. Expected available in 3000 seconds."}
    assert rejected["Retry-After"] == "3000"
    assert rejected["Content-Type"] == "application/json"
    clock.now += 2999
    assert get(client)["Retry-After"] == "1"
    clock.now += 1
    assert get(client).status_code == 200
    assert get(client)["Retry-After"] == "600"
    clock.now += 600
    assert [get(client).status_code for _ in range(2)] == [200, 429]


def test_rejected_requests_are_not_counted_and_write_nothing(
    client: Client, clock: Clock, limit: Callable[..., None]
) -> None:
    limit(anon="1/minute")
    get(client)
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            assert get(client)["Retry-After"] == "60"
        assert [query["sql"].partition(" ")[0] for query in queries] == ["SELECT"]


def test_every_endpoint_counts(client: Client, clock: Clock, limit: Callable[..., None]) -> None:
    """In every representation, even with status 404. URLs without an endpoint do not count."""
    limit(anon="10/hour")
    for path in (LISTING, f"{LISTING}?format=api", f"{LISTING}-1/", "/2.3.0/"):
        get(client, path)
    client.head(LISTING, REMOTE_ADDR="192.0.2.1")
    assert get(client, "/2.3.0/nothing/").status_code == 404
    assert values_of(get(client, THROTTLE))[2] == 5


def test_the_throttle_endpoint_does_not_count(client: Client, clock: Clock, limit: Callable[..., None]) -> None:
    limit(anon="2/hour")
    for used in range(3):
        for _ in range(3):
            response = get(client, THROTTLE)
            assert values_of(response) == [2, 3600, used, 3600 if used == 2 else 0, "192.0.2.1"]
        get(client)
        assert get(client, f"{THROTTLE}?format=api").status_code == 200
    clock.now += 3599.5
    assert values_of(get(client, THROTTLE))[2:4] == [2, 1]
    clock.now += 0.5
    assert values_of(get(client, THROTTLE))[2:4] == [0, 0]


def test_the_throttle_endpoint_matches_launch_library(client: Client, reference: Path) -> None:
    document = json.loads((reference / "live" / "openapi-2.3.0.json").read_text())
    official = document["components"]["schemas"]["APIThrottle"]
    body = get(client, THROTTLE).json()
    types = {"integer": int, "string": str}
    assert [(key, type(value)) for key, value in body.items()] == [
        (key, types[schema["type"]]) for key, schema in official["properties"].items()
    ]
    assert get(client, "/2.3.0/").json()["api-throttle"] == f"http://testserver{THROTTLE}"
    assert client.post(THROTTLE).status_code == 405
    assert get(client, THROTTLE)["Allow"] == "GET"


def test_the_throttle_endpoint_is_browsable(client: Client) -> None:
    page = get(client, THROTTLE, accept="text/html").content.decode()
    assert "<h1>API Throttle</h1>" in page
    assert "<h3>GET</h3>" in page
    assert "<dt>Current use</dt><dd>0</dd>" in page


INVALID_TOKENS = ("Token unknown", "Token", "Token a b", "Token \xff")


@pytest.mark.parametrize("anon", ["", "2/hour"])
def test_an_unknown_token_is_ignored(client: Client, limit: Callable[..., None], anon: str) -> None:
    """Apps send their token of Launch Library. Such requests are limited by address."""
    limit(anon=anon)
    responses = [get(client, authorization=value) for value in INVALID_TOKENS]
    assert [response.status_code for response in responses] == [200, 200, *([429, 429] if anon else [200, 200])]
    assert get(client, THROTTLE, token="unknown").json()["ident"] == "192.0.2.1"


def test_an_unknown_token_is_rejected_if_the_settings_say_so(client: Client, settings: Any) -> None:
    settings.UNKNOWN_TOKENS = "reject"
    for path in (LISTING, THROTTLE):
        rejected = get(client, path, token="unknown")
        assert rejected.status_code == 401
        assert rejected.json() == {"detail": "Invalid token."}
        assert rejected["WWW-Authenticate"] == "Token"
    assert [get(client, authorization=value).status_code for value in INVALID_TOKENS] == [401] * 4
    assert get(client, token=token_of("Gagarin")).status_code == 200


def test_rejected_tokens_count(client: Client, clock: Clock, limit: Callable[..., None], settings: Any) -> None:
    """They count as anonymous requests of their address, on every endpoint."""
    settings.UNKNOWN_TOKENS = "reject"
    limit(anon="4/hour", user="4/hour")
    token = token_of("Gagarin")
    paths = (LISTING, THROTTLE, f"{LISTING}?format=api", LISTING, LISTING, THROTTLE)
    responses = [get(client, path, token="unknown") for path in paths]
    assert [response.status_code for response in responses] == [401, 401, 401, 401, 429, 429]
    assert [response.headers.get("Retry-After") for response in responses[3:]] == [None, "3600", "3600"]
    assert [response["RateLimit"] for response in responses[2:5]] == [
        f'"anon";r={available};t=3600' for available in (1, 0, 0)
    ]
    assert get(client).status_code == 429
    assert get(client, token=token).status_code == 200


def test_expired_rows_are_deleted(client: Client, clock: Clock, limit: Callable[..., None]) -> None:
    limit(anon="5/minute")
    get(client, address="192.0.2.1")
    clock.now += 30
    get(client, address="192.0.2.2")
    clock.now += 30
    get(client, address="192.0.2.3")
    assert {row.client for row in RequestHistory.objects.all()} == {"anon:192.0.2.2", "anon:192.0.2.3"}


def test_the_number_of_rows_is_limited(
    client: Client, clock: Clock, limit: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clients whose requests are the oldest are forgotten, but no users."""
    monkeypatch.setattr(throttle, "MAX_CLIENTS", 5)
    monkeypatch.setattr(throttle, "COUNT_EVERY", 1)
    limit(anon="1/hour", user="5/minute")
    get(client, token=token_of("Gagarin"))
    for number in range(10):
        clock.now += 1
        assert get(client, address=f"192.0.2.{number}").status_code == 200
    remembered = {"user:Gagarin", *(f"anon:192.0.2.{number}" for number in range(6, 10))}
    assert {row.client for row in RequestHistory.objects.all()} == remembered
    assert get(client, address="192.0.2.6").status_code == 429
    assert get(client, address="192.0.2.1").status_code == 200


def test_a_request_deletes_few_rows(
    client: Client, clock: Clock, limit: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are found by the index."""
    monkeypatch.setattr(throttle, "MAX_DELETED", 3)
    limit(anon="1/hour")
    RequestHistory.objects.bulk_create(RequestHistory(client=f"anon:{n}", expires=n) for n in range(5))
    with CaptureQueriesContext(connection) as queries:
        get(client)
        [select] = [query["sql"] for query in queries if "ORDER BY" in query["sql"] and "expires" in query["sql"]]
    assert RequestHistory.objects.count() == 3
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {select}")
            assert [step for *_, step in cursor if not step.startswith("SEARCH")] == []
    get(client, address="192.0.2.2")
    assert RequestHistory.objects.count() == 2


def test_invented_addresses_share_one_row(client: Client, limit: Callable[..., None]) -> None:
    """A proxy may pass on anything that clients send."""
    limit(anon="3/hour", proxies=1)
    statuses = [get(client, **{"x-forwarded-for": f"{n}{'x' * 5000}"}).status_code for n in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert [row.client for row in RequestHistory.objects.all()] == ["anon:invalid"]
    assert get(client, **{"x-forwarded-for": "192.0.2.9"}).status_code == 200


def test_a_row_stays_small(clock: Clock, limit: Callable[..., None]) -> None:
    """With a high limit, timestamps are rounded to a thousandth of the window."""
    limit(anon="1000000/hour")
    rate_limit = RateLimit("anon", "192.0.2.1")
    for _ in range(3):
        clock.now += 3.6
        rate_limit.consume()
        clock.now += 0.1
        rate_limit.consume()
    timestamps = json.loads(RequestHistory.objects.get().timestamps)
    assert [number for _, number in timestamps] == [2, 2, 2]
    clock.now = timestamps[0][0] / 1000 + 3600
    assert (usage := rate_limit.usage())
    assert (usage.used, usage.wait) == (4, 0)


def test_lowered_limits_apply_immediately(client: Client, clock: Clock, limit: Callable[..., None]) -> None:
    limit(anon="4/hour")
    for _ in range(4):
        get(client)
        clock.now += 10
    limit(anon="2/hour")
    assert values_of(get(client, THROTTLE)) == [2, 3600, 4, 3580, "192.0.2.1"]
    limit(anon="1/minute")
    assert values_of(get(client, THROTTLE)) == [1, 60, 4, 50, "192.0.2.1"]


@pytest.mark.parametrize(
    ("text", "rate"),
    [("15/hour", (15, 3600)), ("1/s", (1, 1)), ("2/sec", (2, 1)), ("60/min", (60, 60)), ("9/day", (9, 86400))],
)
def test_rates(limit: Callable[..., None], text: str, rate: Any) -> None:
    limit(anon=text)
    assert configured_rate("anon") == rate
    assert configured_rate("user") is None


@pytest.mark.parametrize("text", ["15", "0/hour", "-1/hour", "15/week", "15/hours!", "1.5/hour", "many/hour"])
def test_invalid_rates(limit: Callable[..., None], text: str) -> None:
    limit(user=text)
    with pytest.raises(ImproperlyConfigured, match=f"THROTTLE_USER={re.escape(text)} is not a rate"):
        configured_rate("user")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_counts_are_exact_across_processes(tmp_path: Path) -> None:
    """Times are compared with the duration of the test, which depends on the load of the machine."""
    begin = time.monotonic()
    with gunicorn("tests.wsgi", WEB_CONCURRENCY="3", DATABASE_URL=shared_url(tmp_path), THROTTLE_ANON="40/day") as (
        address,
        _,
    ):

        def fetch(path: str = LISTING) -> tuple[int, dict[str, str], Any]:
            with closing(HTTPConnection(*address, timeout=120)) as http:
                http.request("GET", path)
                response = http.getresponse()
                return response.status, dict(response.getheaders()), json.load(response)

        with ThreadPoolExecutor(20) as clients:
            responses = list(clients.map(lambda _: fetch(), range(60)))
        assert Counter(status for status, _, _ in responses) == {200: 40, 429: 20}
        limit, window, used, wait, ident = fetch(THROTTLE)[2].values()
        assert (limit, window, used, ident) == (40, DAY, 40, "127.0.0.1")
        waits = [int(headers["Retry-After"]) for status, headers, _ in responses if status == 429]
        elapsed = time.monotonic() - begin
        assert all(DAY - elapsed <= seconds <= DAY for seconds in (*waits, wait))


@pytest.mark.django_db(transaction=True)
def test_counting_does_not_wait_for_a_long_write(
    clock: Clock, limit: Callable[..., None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """While another process writes to SQLite for a long time, requests soon pass without being counted."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no such lock")
    limit(anon="1/hour")
    request: Any = SimpleNamespace(user=AnonymousUser(), headers={}, META={"REMOTE_ADDR": "192.0.2.1"})
    file, original = tmp_path / "usage.sqlite3", connection.connection
    connection.connection = None
    try:
        with patch.dict(connection.settings_dict, {"NAME": str(file)}):
            with connection.schema_editor() as editor:
                editor.create_model(RequestHistory)
            statements: list[str] = []
            connection.connection.set_trace_callback(statements.append)
            with closing(sqlite3.connect(file)) as other:
                other.execute("BEGIN IMMEDIATE")
                assert [Throttle().allow_request(request, None) for _ in range(2)] == [True, True]
                assert throttle.LOCK_TIMEOUT < 1
                assert f"PRAGMA busy_timeout = {throttle.LOCK_TIMEOUT * 1000:.0f}" in statements
                assert "Request not counted for the rate limit: database is locked" in caplog.text
                other.rollback()
            assert [Throttle().allow_request(request, None) for _ in range(2)] == [True, False]
            connection.close()
    finally:
        connection.connection = original
