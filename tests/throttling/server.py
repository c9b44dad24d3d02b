"""The test database, for other processes."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connection


def database_url(directory: Path) -> str:
    """Return a URL of the test database for other processes: on SQLite, of a copy, as the database is in memory."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(directory / "copy.sqlite3")) as copy:
            connection.connection.backup(copy)
        return f"sqlite:///{directory / 'copy.sqlite3'}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))
