"""Persistent connections to a SQLite file that is replaced, and to replicas that become unavailable."""

import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import OperationalError, connection, connections
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.utils import ConnectionHandler
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency
from spacedb.caching import response_cache
from spacedb.databases.config import SQLITE, database_config
from spacedb.databases.deadline import time_limit
from spacedb.databases.errors import Problem
from spacedb.revision import connections as revision_connections
from spacedb.revision.current import current_revision
from spacedb.revision.replicas import _breaker
from spacedb.revision.snapshot import ReplicaRouter

LIST = "/2.3.0/agencies/"


def test_connections_to_a_replaced_file_are_closed(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data.sqlite3"

    def write(text: str) -> None:
        file = sqlite3.connect(path)
        file.execute("CREATE TABLE notes (text)")
        file.execute("INSERT INTO notes VALUES (?)", [text])
        file.commit()
        file.close()

    def read() -> Any:
        revision_connections.close_replaced(None)
        with persistent.cursor() as cursor:
            cursor.execute("SELECT text FROM notes")
            return cursor.fetchone()[0]

    handler = ConnectionHandler({"default": {"ENGINE": SQLITE, "NAME": str(path)}})
    monkeypatch.setattr(revision_connections, "connections", handler)
    persistent: Any = handler["default"]
    write("one")
    assert read() == "one"
    first = persistent.connection
    assert read() == "one"
    assert persistent.connection is first
    path.rename(tmp_path / "away")
    write("two")
    assert read() == "two"
    path.unlink()
    revision_connections.close_replaced(None)
    assert persistent.connection is None
    persistent.close()


# --- Replicas ---------------------------------------------------------------------------------------------------------

REPLICA = NO_DB_ALIAS
"""The only alias that Django's tests allow for a database that they did not create."""


@pytest.fixture
def replica(settings: Any, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Another connection to the same database, configured as a replica."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no replicas")
    monkeypatch.setitem(connections.settings, REPLICA, {**connection.settings_dict})
    connections[REPLICA] = connections.create_connection(REPLICA)  # a new one, as tests change its settings
    settings.REPLICAS = [REPLICA]
    _breaker.cache_clear()
    yield connections[REPLICA]
    connections[REPLICA].close()
    del connections[REPLICA]
    _breaker.cache_clear()


def test_responses_are_read_from_a_replica(client: Client, replica: Any) -> None:
    Agency.objects.create(pk=1, name="One")
    with CaptureQueriesContext(replica) as replica_queries, CaptureQueriesContext(connection) as primary_queries:
        response = client.get(LIST)
    assert response.json()["count"] == 1
    assert any("agencies_agency" in query["sql"] for query in replica_queries)
    assert not any("agencies_agency" in query["sql"] for query in primary_queries)
    assert any("revision_revision" in query["sql"] for query in replica_queries), "the revision of the same database"
    with CaptureQueriesContext(replica) as replica_queries:
        assert Agency.objects.get().name == "One"
        assert client.get("/admin/login/").status_code == 200
    assert not replica_queries.captured_queries
    revision = current_revision()
    assert revision
    assert response_cache.read_revision() == revision.uuid


def test_unreachable_replica(client: Client, replica: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Agency.objects.create(pk=1, name="One")
    replica.settings_dict.update(HOST=str(tmp_path), OPTIONS={})
    for _ in range(3):
        assert client.get(LIST).json()["count"] == 1
        assert response_cache.read_revision()
    assert caplog.text.count("unavailable") == 1


@pytest.mark.parametrize("path", [LIST, f"{LIST}1/", "/search/?q=o"])
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_replica_lost_during_a_request(
    client: Client, replica: Any, path: str, accept: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The whole response is read again from the primary, so that it has one revision."""
    agency = Agency.objects.create(pk=1, name="One")
    expected = client.get(path, headers={"accept": accept})
    agency.name = "Two"
    agency.save()
    terminated: list[str] = []

    def terminate(execute: Any, statement: str, *args: Any) -> Any:
        if "agencies_agency" in statement:
            terminated.append(statement)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [replica.connection.info.backend_pid])
        return execute(statement, *args)

    with replica.execute_wrapper(terminate), CaptureQueriesContext(connection) as primary_queries:
        response = client.get(path, headers={"accept": accept})
    assert len(terminated) == 1
    assert any("agencies_agency" in query["sql"] for query in primary_queries)
    assert response.status_code == 200
    assert "Two" in response.text
    assert response["etag"] != expected["etag"]
    assert client.get(path, headers={"accept": accept, "if-none-match": response["etag"]}).status_code == 304
    assert caplog.text.count("unavailable") == 1


def test_slow_request_on_a_replica(
    client: Client, replica: Any, persistent_connection: None, caplog: pytest.LogCaptureFixture
) -> None:
    """It is not repeated on the primary, and the replica is still used."""

    def sleep(execute: Any, statement: str, *args: Any) -> Any:
        if "agencies_agency" in statement:
            return execute("SELECT pg_sleep(60)", None, *args[1:])
        return execute(statement, *args)

    Agency.objects.create(pk=1, name="One")
    assert client.get(LIST).status_code == 200
    opened = replica.connection
    with replica.execute_wrapper(sleep), time_limit(0.5), CaptureQueriesContext(connection) as primary_queries:
        response = client.get(LIST)
    assert (response.status_code, response.json()["detail"]) == (503, Problem.TOO_SLOW.value)
    assert primary_queries.captured_queries == []
    assert "unavailable" not in caplog.text
    assert client.get(LIST).status_code == 200
    assert replica.connection is opened


def test_503_if_primary_and_replica_are_lost(client: Client, replica: Any) -> None:

    def fail(execute: Any, statement: str, *args: Any) -> Any:
        if "agencies_agency" in statement:
            raise OperationalError("lost")
        return execute(statement, *args)

    Agency.objects.create(pk=1, name="One")
    with replica.execute_wrapper(fail), connection.execute_wrapper(fail):
        assert client.get(LIST).status_code == 503
    assert client.get(LIST).status_code == 200


def test_replica_without_tables(client: Client, replica: Any, caplog: pytest.LogCaptureFixture) -> None:
    """For example, a replica that is not migrated yet."""
    Agency.objects.create(pk=1, name="One")
    replica.settings_dict["OPTIONS"] = {**replica.settings_dict["OPTIONS"], "options": "-c search_path=pg_catalog"}
    for _ in range(3):
        assert client.get(LIST).json()["count"] == 1
        assert response_cache.read_revision()
    assert caplog.text.count("unavailable") == 1


def test_connect_timeout_of_a_silent_replica(
    client: Client, replica: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first request waits for `connect_timeout`. The next ones do not try to connect."""
    Agency.objects.create(pk=1, name="One")
    with socket.create_server(("127.0.0.1", 0)) as silent_server:
        unreachable = database_config(
            f"postgres://nobody:x@127.0.0.1:{silent_server.getsockname()[1]}/x?connect_timeout=2"
        )
        replica.settings_dict.update({name: unreachable[name] for name in ("HOST", "PORT", "OPTIONS")})
        connect = Mock(wraps=replica.get_new_connection)
        monkeypatch.setattr(replica, "get_new_connection", connect)
        for _ in range(2):
            assert client.get(LIST).json()["count"] == 1
            assert response_cache.read_revision()
    [attempt] = connect.call_args_list
    assert attempt.args[0]["connect_timeout"] == 2
    assert caplog.text.count("unavailable") == 1


def test_default_timeouts_of_postgresql() -> None:
    options = database_config("postgres://user:x@db/name")["OPTIONS"]
    assert options["connect_timeout"] == 5
    assert options["tcp_user_timeout"] == 30_000
    options = database_config("postgres://user:x@db/name?connect_timeout=9&sslmode=require")["OPTIONS"]
    assert (options["connect_timeout"], options["sslmode"], options["keepalives_idle"]) == (9, "require", 30)
    assert "connect_timeout" not in database_config("sqlite://:memory:")["OPTIONS"]


def test_replicas_are_not_migrated(settings: Any) -> None:
    settings.REPLICAS = ["replica1"]
    router = ReplicaRouter()
    assert router.allow_migrate("replica1", "agencies") is False
    assert router.allow_migrate("default", "agencies") is None
    assert router.db_for_read(Agency) is None
