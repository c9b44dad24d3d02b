"""The time limit and read-only transactions of PostgreSQL."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import OperationalError, connection
from django.test import Client
from rest_framework.settings import api_settings

from spacedb.databases import deadline
from spacedb.databases.deadline import time_limit
from spacedb.databases.errors import Problem, problem_of
from spacedb.revision import snapshot
from spacedb.throttling.throttle import Throttle

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="tests PostgreSQL"),
    pytest.mark.django_db(transaction=True),
]


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_read_only_database(client: Client, persistent_connection: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "anon", "1/hour")
    User.objects.create_superuser("editor", password="secret")
    login = ("/admin/login/", {"username": "editor", "password": "secret"})
    execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    assert client.get("/2.3.0/agencies/").status_code == 200, "not counted for the rate limit"
    execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    response = client.post(*login)
    assert (response.status_code, response.json()) == (503, {"detail": Problem.READ_ONLY.value})
    assert client.post(*login).status_code == 302, "the connection was opened again"
    request: Any = SimpleNamespace(user=AnonymousUser(), headers={}, META={"REMOTE_ADDR": "192.0.2.1"})
    assert [Throttle().allow_request(request, None) for _ in range(2)] == [True, False]


def test_statement_timeout_is_set_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is at most a little longer than the remaining time."""
    now = 0.0
    with monkeypatch.context() as fake_clock:
        fake_clock.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: now))
        with time_limit(10), snapshot.snapshot():
            limits = []
            for _ in range(2):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout'")
                    limits.append(cursor.fetchone()[0])
                now += 1.2
    assert 8_000 < limits[0] <= 10_000
    assert limits[1] <= limits[0] - 1_200
    with pytest.raises(OperationalError) as error, time_limit(0.1), snapshot.snapshot():
        execute("SELECT pg_sleep(60)")
    assert problem_of(error.value) is Problem.TOO_SLOW
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_the_end_of_a_transaction_has_no_limit(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request whose time is over rolls back. A server under load may take longer to do that."""
    connection.ensure_connection()
    monkeypatch.setattr(connection.connection, end, lambda: connection.connection.execute("SELECT pg_sleep(0.5)"))
    with time_limit(0.01):
        getattr(connection, end)()
