"""Closes SQLite connections whose file was replaced, such as by a restored backup.

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
        if (
            connection.vendor == "sqlite"
            and connection.connection is not None
            and not connection.in_atomic_block
            and connection.opened_file != _file_id(connection)  # type: ignore[attr-defined]
        ):
            connection.close()


def _file_id(connection: Any) -> tuple[int, int] | None:
    """Device and inode of the file; None if there is none, as for a database in memory."""
    try:
        stat = os.stat(connection.settings_dict["NAME"])  # noqa: PTH116 (runs for each request: faster than a Path)
    except OSError:
        return None
    return stat.st_dev, stat.st_ino
