"""Closes SQLite connections whose file was replaced, such as by a restored backup, or can be written again.

Threads keep their connections, and an open file stays readable after it was moved or deleted.
"""

import os
from typing import Any

from django.db import connections


def remember_file(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Remember which file a new SQLite connection opened."""
    if connection.vendor == "sqlite":
        connection.opened_file = _file_id(connection)


def close_replaced(sender: Any, **kwargs: Any) -> None:
    """Close SQLite connections to files that are no longer at their path. Called when a request begins."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block and _is_replaced(connection):
            connection.close()


def close_outdated(connection: Any) -> None:
    """Close a connection that is unusable, older than `CONN_MAX_AGE`, or whose SQLite file was replaced."""
    if connection.in_atomic_block:
        return
    if _is_replaced(connection):
        connection.close()
    else:
        connection.close_if_unusable_or_obsolete()


def _is_replaced(connection: Any) -> bool:
    is_open_file = connection.vendor == "sqlite" and connection.connection is not None
    return is_open_file and (connection.opened_file != _file_id(connection) or connection.is_outdated())


def _file_id(connection: Any) -> tuple[int, int] | None:
    """Device and inode of the file; None if there is none, as for a database in memory."""
    try:
        stat = os.stat(connection.settings_dict["NAME"])  # noqa: PTH116 (runs for each request: faster than a Path)
    except OSError:
        return None
    return stat.st_dev, stat.st_ino
