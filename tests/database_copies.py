"""The test database for other processes and connections, and other databases on its server."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.db import connection


def write_copy(file: Path) -> None:
    """Write the test database, which is in memory on SQLite, to a file, with the rows of the open transaction."""
    connection.ensure_connection()
    file.write_bytes(connection.connection.serialize())


def sqlite_url(file: Path) -> str:
    return f"sqlite:///{quote(str(file))}"


def shared_url(directory: Path) -> str:
    """Return a URL of the test database for other processes: on SQLite, of a copy."""
    if connection.vendor == "sqlite":
        write_copy(directory / "copy.sqlite3")
        return sqlite_url(directory / "copy.sqlite3")
    return _server_url(connection.settings_dict["NAME"])


@contextmanager
def postgresql_database(name: str, template: str) -> Iterator[str]:
    """Create a database as a copy of another one on the server of the tests, which no process uses. Yields its URL."""
    database = f"{name}_{os.getpid()}"
    execute(f"CREATE DATABASE {database} TEMPLATE {template}")
    try:
        yield _server_url(database)
    finally:
        execute(f"DROP DATABASE {database} WITH (FORCE)")


def execute(statement: str) -> None:
    """Execute a statement outside of a transaction, on the PostgreSQL server that the tests use."""
    import psycopg

    server_connection: Any = psycopg.connect(_server_url("postgres"), autocommit=True)
    with server_connection as server:
        server.execute(statement)


def _server_url(database: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
