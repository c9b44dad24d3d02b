"""Connections that threads keep, because opening one costs more than most queries."""

import os
from typing import Any

from django.db import connections


def remember_file(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Which file a new SQLite connection is one to."""
    if connection.vendor == "sqlite":
        connection.opened_file = _file_of(connection)


def close_if_replaced(connection: Any) -> None:
    """Leave a SQLite file that is no longer the one at its path: it was moved away, or another was put in its place."""
    is_open = connection.vendor == "sqlite" and connection.connection is not None and not connection.in_atomic_block
    if is_open and connection.opened_file != _file_of(connection):
        connection.close()


def close_if_obsolete(connection: Any) -> None:
    """Leave a connection that is as old as it may be (`conn_max_age`), as Django does after each request."""
    if not connection.in_atomic_block:  # a test's
        connection.close_if_unusable_or_obsolete()


def close_replaced(sender: Any, **kwargs: Any) -> None:
    for connection in connections.all(initialized_only=True):
        close_if_replaced(connection)


def _file_of(connection: Any) -> tuple[int, int] | None:
    """Device and number of the file at the path; None where there is none, as for a database in memory."""
    try:
        found = os.stat(connection.settings_dict["NAME"])  # noqa: PTH116 (for each request: without the making of a path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
