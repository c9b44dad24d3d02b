"""Django's backend for PostgreSQL, with cursors for prepared statements.

Queries are cancelled when the client of the request has disconnected.
"""

from collections.abc import Callable, Generator
from functools import partial
from typing import Any

from django.db.backends.postgresql import base, operations
from psycopg import Cursor
from psycopg.adapt import Loader
from psycopg.pq import Format
from typing_extensions import override

from spacedb.databases.deadline import is_over, time_limit

PREPARED = "prepared"
"""The name with which `prepared_cursor()` requests a cursor from Django."""

CANCEL_TIMEOUT = 5
"""Seconds to wait until the server has received the request to cancel a query."""


class _JSONLoader(Loader):
    """Loads binary JSON as text, which Django's `JSONField` parses."""

    format = Format.BINARY

    @override
    def load(self, data: Any) -> str:
        return bytes(data[1:]).decode()  # the first byte is the version of the format


class DatabaseOperations(operations.DatabaseOperations):
    """Django's operations. They also log prepared statements, with the parameters in their places."""

    @override
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        if cursor.format == Format.BINARY:
            return self.compose_sql(sql, params)
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to a PostgreSQL database."""

    ops_class = DatabaseOperations

    @override
    def get_new_connection(self, conn_params: Any) -> Any:
        connection = super().get_new_connection(conn_params)
        # Psycopg has no callback while it waits for the server, but its generators continue several times a second.
        connection.wait = partial(_wait, connection, type(connection).wait)
        connection.adapters.register_loader("jsonb", _JSONLoader)
        return connection

    def prepared_cursor(self) -> Any:
        """A cursor whose statements the server prepares (`prepare_threshold`).

        Parameters are sent separately from the statement. Values are received in the binary format, which takes less
        time to parse.
        """
        return self._cursor(PREPARED)  # type: ignore[attr-defined]

    @override
    def create_cursor(self, name: str | None = None) -> Any:
        if name != PREPARED:
            return super().create_cursor(name)
        cursor = Cursor(self.connection)
        cursor.format = Format.BINARY
        return cursor

    @override
    def commit(self) -> None:
        with time_limit(0):
            super().commit()

    @override
    def rollback(self) -> None:
        with time_limit(0):  # Django closes a connection whose rollback fails
            super().rollback()


def _wait(connection: Any, wait: Callable[..., Any], operation: Generator[Any, Any, Any], *args: Any, **kw: Any) -> Any:
    return wait(connection, _cancel_if_over(connection, operation), *args, **kw)


def _cancel_if_over(connection: Any, operation: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
    """The operation. It cancels its query when the request has to stop, and fails with the error of the server."""
    is_cancelled = False
    try:
        event = next(operation)
        while True:
            ready = yield event
            if not ready and not is_cancelled and is_over():
                is_cancelled = True
                connection.cancel_safe(timeout=CANCEL_TIMEOUT)
            event = operation.send(ready)
    except StopIteration as end:
        return end.value
