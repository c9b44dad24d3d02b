"""The time limit of queries on PostgreSQL."""

import math
from collections.abc import Callable
from typing import Any

from spacedb.databases.deadline import remaining

PRECISION = 0.9
"""The limit is set again when the remaining time is shorter than this part of it."""

MINIMUM = 1000
"""Milliseconds. The limit also applies to the ROLLBACK of a request whose time is over, and Django closes a connection
whose rollback fails. Queries still stop on time: `DatabaseWrapper` cancels them."""


class StatementLimit:
    """Sets the `statement_timeout` of a transaction to the remaining time of the request.

    It applies to the transaction only, and not to the connection, which a connection pool may share with commands. As
    it starts again with each statement, it is set again when much of the time was used.
    """

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self._seconds = math.inf

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """A wrapper for `connection.execute_wrapper()`. Raises `TimeLimitError` if no time is left."""
        if statement := self.statement():
            with self.connection.wrap_database_errors:
                self.connection.connection.execute(statement.removeprefix("; "))
        return execute(sql, params, many, context)

    def statement(self) -> str:
        """The statement that sets the limit, to be appended to another. Empty if the limit is already set."""
        seconds = remaining()
        if seconds == math.inf or seconds > self._seconds * PRECISION:
            return ""
        self._seconds = seconds
        return f"; SET LOCAL statement_timeout = {max(MINIMUM, round(seconds * 1000))}"
