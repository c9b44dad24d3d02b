"""Requests that take longer than the time limit are stopped with the status 503. Commands have no limit."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from spacedb.databases.deadline import IS_DISCONNECTED, is_over, time_limit, with_time_limit
from spacedb.databases.errors import Problem
from spacedb.revision import current, snapshot

LIST = "/2.3.0/agencies/"

ENDLESS = "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t WHERE n < 0"

QUICK = "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 100000) SELECT count(*) FROM t"
"""Takes some hundredths of a second."""

pytestmark = pytest.mark.django_db(transaction=True)


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.fetchall()


@pytest.fixture
def extra_queries(monkeypatch: pytest.MonkeyPatch, persistent_connection: None) -> Callable[..., None]:
    """Return a function that makes each request execute these queries first."""

    def add(*queries: str) -> None:
        def current_revision(using: str) -> Any:
            for sql in queries:
                execute(sql)
            return current.current_revision(using)

        monkeypatch.setattr(snapshot, "current_revision", current_revision)

    return add


@pytest.mark.parametrize("queries", [[ENDLESS], [QUICK] * 1000], ids=["one slow query", "many quick queries"])
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_slow_requests(
    client: Client,
    extra_queries: Callable[..., None],
    queries: list[str],
    accept: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    connection.ensure_connection()
    opened = connection.connection
    extra_queries(*queries)
    with time_limit(0.5):
        response = client.get(LIST, headers={"accept": accept})
    assert response.status_code == 503
    assert Problem.TOO_SLOW.value in response.text
    assert "retry-after" not in response
    assert caplog.text.count("request stopped") == 1
    assert "unavailable" not in caplog.text
    extra_queries()
    with time_limit(600):
        assert client.get(LIST).status_code == 200
    assert connection.connection is opened


def test_the_limit_ends_with_the_request(client: Client, extra_queries: Callable[..., None]) -> None:
    """The connection is shared with code that has no limit."""
    with time_limit(0.2):
        assert client.get(LIST).status_code in (200, 503)
    time.sleep(0.2)
    execute(QUICK)
    with snapshot.snapshot():
        execute(QUICK)


def test_requests_of_disconnected_clients(client: Client, extra_queries: Callable[..., None]) -> None:
    """The hook of the server stops the query that is running."""
    begin = time.monotonic()
    extra_queries(ENDLESS)
    with time_limit(0, lambda: time.monotonic() > begin + 0.3):
        assert client.get(LIST).status_code == 503


def test_wsgi_application() -> None:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        return [str(is_over()).encode()]

    assert not is_over()
    for seconds, method, environ, over in [
        (60, "GET", {}, b"False"),
        (0, "GET", {}, b"False"),
        (1e-9, "GET", {}, b"True"),
        (1e-9, "POST", {}, b"False"),
        (0, "HEAD", {IS_DISCONNECTED: lambda: True}, b"True"),
    ]:
        limited = with_time_limit(application, seconds)
        assert limited({"REQUEST_METHOD": method, **environ}, lambda *args: lambda data: None) == [over]
    assert not is_over()
