"""Gunicorn, on the test database."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from tests.conftest import ROOT


def database_url(directory: Path) -> str:
    """Return a URL of the test database for other processes: on SQLite, of a copy, as the database is in memory."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(directory / "copy.sqlite3")) as copy:
            connection.connection.backup(copy)
        return f"sqlite:///{directory / 'copy.sqlite3'}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))


@contextmanager
def gunicorn(**environment: str) -> Iterator[tuple[str, int]]:
    """Run a server with three worker processes, and yield its host and port.

    Like the documented commands, it reads `gunicorn.conf.py`, because it is started in the folder of that file.
    """
    command = [sys.executable, "-m", "gunicorn", "tests.throttling.wsgi:application"]
    env = os.environ | {"HOST": "127.0.0.1", "PORT": "0", "WEB_CONCURRENCY": "3"} | environment
    with subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr
            listening = next(line for line in server.stderr if "Listening at" in line)
            yield "127.0.0.1", int(listening.rpartition(":")[2].split()[0])
        finally:
            server.terminate()
            server.communicate(timeout=120)
