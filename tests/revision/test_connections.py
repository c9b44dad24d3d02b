"""Persistent connections: to a SQLite file that is replaced, and to replicas that come and go."""

import socket
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.utils import ConnectionHandler
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency
from spacedb.caching import response_cache
from spacedb.revision import connections as revision_connections
from spacedb.revision.current import current_revision
from spacedb.revision.replicas import _breaker
from spacedb.revision.snapshot import ReplicaRouter
from spacedb.settings import database_config

LIST = "/2.3.0/agencies/"


def test_replaced_file(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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

    handler = ConnectionHandler({"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}})
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
"""The one name that Django's tests allow a connection of which they have not set up the database themselves."""


@pytest.fixture
def replica(settings: Any, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Another way to the same database."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no replicas")
    monkeypatch.setitem(connections.settings, REPLICA, {**connection.settings_dict})
    connections[REPLICA] = connections.create_connection(REPLICA)  # not one that the last test has changed
    settings.REPLICAS = [REPLICA]
    _breaker.cache_clear()
    yield connections[REPLICA]
    connections[REPLICA].close()
    del connections[REPLICA]
    _breaker.cache_clear()


def test_answers_are_read_from_a_replica(client: Client, replica: Any) -> None:
    Agency.objects.create(pk=1, name="One")
    with CaptureQueriesContext(replica) as read, CaptureQueriesContext(connection) as others:
        response = client.get(LIST)
    assert response.json()["count"] == 1
    assert any("agencies_agency" in query["sql"] for query in read)
    assert not any("agencies_agency" in query["sql"] for query in others)
    assert any("revision_revision" in query["sql"] for query in read), "the revision of another database"
    with CaptureQueriesContext(replica) as read:
        assert Agency.objects.get().name == "One"
        assert client.get("/admin/login/").status_code == 200
    assert not read.captured_queries
    revision = current_revision()
    assert revision
    assert response_cache.read_revision({}) == revision.uuid


def test_replica_gone(client: Client, replica: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Agency.objects.create(pk=1, name="One")
    replica.settings_dict.update(HOST=str(tmp_path), OPTIONS={})
    for _ in range(3):
        assert client.get(LIST).json()["count"] == 1
        assert response_cache.read_revision({})
    assert caplog.text.count("unavailable") == 1


@pytest.mark.parametrize("path", [LIST, f"{LIST}1/"])
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_replica_lost_in_the_middle(
    client: Client, replica: Any, path: str, accept: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The response is read again from the primary, at one revision like any other."""
    agency = Agency.objects.create(pk=1, name="One")
    expected = client.get(path, headers={"accept": accept})
    agency.name = "Two"
    agency.save()
    lost: list[str] = []

    def lose(execute: Any, statement: str, *args: Any) -> Any:
        if "agencies_agency" in statement:
            lost.append(statement)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [replica.connection.info.backend_pid])
        return execute(statement, *args)

    with replica.execute_wrapper(lose), CaptureQueriesContext(connection) as others:
        response = client.get(path, headers={"accept": accept})
    assert len(lost) == 1
    assert any("agencies_agency" in query["sql"] for query in others)
    assert response.status_code == 200
    assert "Two" in response.text
    assert response["etag"] != expected["etag"]
    assert client.get(path, headers={"accept": accept, "if-none-match": response["etag"]}).status_code == 304
    assert caplog.text.count("unavailable") == 1


def test_all_lost(client: Client, replica: Any) -> None:
    """It ends with 503, as without replicas."""

    def lose(execute: Any, statement: str, *args: Any) -> Any:
        if "agencies_agency" in statement:
            raise OperationalError("lost")
        return execute(statement, *args)

    with replica.execute_wrapper(lose), connection.execute_wrapper(lose):
        assert client.get(LIST).status_code == 503
    assert client.get(LIST).status_code == 200


def test_replica_without_tables(client: Client, replica: Any, caplog: pytest.LogCaptureFixture) -> None:
    """One that was not migrated yet, or is another database."""
    Agency.objects.create(pk=1, name="One")
    replica.settings_dict["OPTIONS"] = {**replica.settings_dict["OPTIONS"], "options": "-c search_path=pg_catalog"}
    for _ in range(3):
        assert client.get(LIST).json()["count"] == 1
        assert response_cache.read_revision({})
    assert caplog.text.count("unavailable") == 1


def test_replica_never_answers(client: Client, replica: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody waits for it for longer than `connect_timeout`, and the next ones not at all."""
    Agency.objects.create(pk=1, name="One")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        unreachable = database_config(f"postgres://nobody:x@127.0.0.1:{silent.getsockname()[1]}/x?connect_timeout=2")
        replica.settings_dict.update({name: unreachable[name] for name in ("HOST", "PORT", "OPTIONS")})
        begin = time.monotonic()
        for _ in range(2):
            assert client.get(LIST).json()["count"] == 1
            assert response_cache.read_revision({})
        assert time.monotonic() - begin < 5
    assert caplog.text.count("unavailable") == 1


def test_timeouts_of_postgresql() -> None:
    options = database_config("postgres://one:x@db/one")["OPTIONS"]
    assert options["connect_timeout"] == 5
    assert options["tcp_user_timeout"] == 30_000
    options = database_config("postgres://one:x@db/one?connect_timeout=9&sslmode=require")["OPTIONS"]
    assert (options["connect_timeout"], options["sslmode"], options["keepalives_idle"]) == (9, "require", 30)
    assert "connect_timeout" not in database_config("sqlite://:memory:")["OPTIONS"]


def test_migrations_leave_replicas_alone(settings: Any) -> None:
    settings.REPLICAS = ["replica1"]
    router = ReplicaRouter()
    assert router.allow_migrate("replica1", "agencies") is False
    assert router.allow_migrate("default", "agencies") is None
    assert router.db_for_read(Agency) is None
