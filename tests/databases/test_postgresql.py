"""The time limit and read-only transactions of PostgreSQL."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import OperationalError, connection
from django.test import Client
from rest_framework.settings import api_settings

from agencies.models import Agency
from spacedb.databases import deadline
from spacedb.databases.config import database_config
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


def test_responses_are_read_without_jit() -> None:
    def jit() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW jit")
            return str(cursor.fetchone()[0])

    execute("SET jit = on")
    with snapshot.snapshot():
        assert jit() == "off"
    assert jit() == "on", "for the transaction only"


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_the_end_of_a_transaction_has_no_limit(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request whose time is over rolls back. A server under load may take longer to do that."""
    connection.ensure_connection()
    monkeypatch.setattr(connection.connection, end, lambda: connection.connection.execute("SELECT pg_sleep(0.5)"))
    with time_limit(0.01):
        getattr(connection, end)()


def prepared_statements() -> list[tuple[str, int]]:
    """The prepared statements of the connection, with the number of executions for which none was planned."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans FROM pg_prepared_statements WHERE from_sql IS FALSE")
        rows: list[tuple[str, int]] = cursor.fetchall()
        return rows


def test_statements_of_plans_are_prepared(client: Client, persistent_connection: None) -> None:
    executions = 4
    for number in range(executions):
        Agency.objects.create(name=f"agency {number}")  # the next response is not from a cache
        assert client.get("/2.3.0/agencies/").status_code == 200
    [(statement, planned_once)] = [each for each in prepared_statements() if 'FROM "agencies_agency"' in each[0]]
    assert "$1" in statement
    assert planned_once == executions


def test_errors_keep_prepared_statements(client: Client, persistent_connection: None) -> None:
    """Psycopg discards them in a rollback."""
    assert client.get("/2.3.0/agencies/").status_code == 200
    before = {statement for statement, _ in prepared_statements()}
    assert client.get("/2.3.0/agencies/999/").status_code == 404
    assert client.get("/2.3.0/agencies/?id=x").status_code == 400
    assert before <= {statement for statement, _ in prepared_statements()}


def test_columns_of_a_prepared_statement_change(client: Client, persistent_connection: None) -> None:
    """A migration while the server runs."""

    def get() -> int:
        Agency.objects.create(name="agency")
        return client.get("/2.3.0/agencies/").status_code

    assert [get(), get(), get()] == [200, 200, 200]
    with connection.copy().cursor() as other:
        other.execute("ALTER TABLE agencies_agency ALTER name TYPE varchar(999)")
        assert [get(), get()] == [503, 200]
        other.execute("ALTER TABLE agencies_agency ALTER name TYPE varchar(200)")
        other.connection.close()


def test_poolers_that_do_not_support_prepared_statements(
    client: Client, persistent_connection: None, caplog: pytest.LogCaptureFixture
) -> None:
    """Each transaction may get another connection to the server."""

    def get() -> Any:
        Agency.objects.create(name="agency")
        return client.get("/2.3.0/agencies/")

    assert [get().status_code for _ in range(3)] == [200] * 3
    connection.connection.pgconn.exec_(b"DEALLOCATE ALL")
    response = get()
    assert (response.status_code, response.json()) == (503, {"detail": Problem.NOT_PREPARED.value})
    assert "Add ?prepare_threshold=none to DATABASE_URL" in caplog.text


def test_prepared_statements_can_be_disabled() -> None:
    assert database_config("postgres://localhost/x")["OPTIONS"]["prepare_threshold"] == 0
    assert database_config("postgres://localhost/x?prepare_threshold=none")["OPTIONS"]["prepare_threshold"] is None
    with pytest.raises(ValueError, match="a whole number or none as prepare_threshold"):
        database_config("postgres://localhost/x?prepare_threshold=x")
