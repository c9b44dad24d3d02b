"""An installation of spacedb that is separate from the test process: its database, commands and server."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from django.db import connection

from tests.conftest import ENVIRONMENT, ROOT
from tests.database_copies import postgresql_database, sqlite_url, write_copy
from tests.gunicorn import gunicorn
from tests.waiting import TIMEOUT, wait_until_alone

FILE = "spacedb.sqlite3"


@dataclass
class Installation:
    """A data folder and a database."""

    folder: Path
    database_url: str

    @property
    def environment(self) -> dict[str, str]:
        variables = {
            "DATABASE_URL": self.database_url,
            "DATA_DIR": str(self.folder),
            "MIRROR_PAGE_STORE": str(self.folder / "mirror"),
            "LOG_LEVEL": "INFO",
        }
        return os.environ | ENVIRONMENT | variables

    def start(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *command: str) -> str:
        """The output of a command, which has to succeed."""
        process = self.start(*command)
        output, _ = process.communicate(timeout=TIMEOUT)
        assert process.returncode == 0, output
        return output

    def run_into(self, output: IO[bytes], *command: str) -> "subprocess.CompletedProcess[bytes]":
        """A command whose standard output is this file."""
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            stdout=output,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT,
            check=False,
        )

    @contextmanager
    def serve(self, workers: int = 1) -> Iterator[str]:
        """Run Gunicorn. Yields its host and port."""
        variables = self.environment | {"WEB_CONCURRENCY": str(workers), "LOG_LEVEL": "WARNING", "PORT": "0"}
        with gunicorn("tests.wsgi", **variables) as ((host, port), _):
            yield f"{host}:{port}"

    def query(self, sql: str) -> list[Any]:
        """The rows of a query, read without the code under test."""
        with closing(self._connect()) as database:
            return list(database.execute(sql).fetchall())

    def write(self, sql: str) -> None:
        """Execute a statement without the code under test, except for the triggers of the database."""
        with closing(self._connect()) as database, database:
            database.execute(sql)

    def wait_until_unused(self) -> None:
        """Wait until PostgreSQL has finished the last statement of a process that was killed."""
        if not self.database_url.startswith("sqlite"):
            with closing(self._connect()) as database:
                wait_until_alone(database)

    def _connect(self) -> Any:
        if self.database_url.startswith("sqlite"):
            import sqlite3

            return sqlite3.connect(self.folder / FILE)
        import psycopg

        return psycopg.connect(self.database_url)


@contextmanager
def create_installation(folder: Path, name: str, template: Installation | None = None) -> Iterator[Installation]:
    """Create an installation on the database system of the tests: a copy of the template, or a migrated one."""
    folder.mkdir()
    if connection.vendor == "sqlite":
        if template:
            shutil.copy(template.folder / FILE, folder / FILE)
        yield _migrate(Installation(folder, sqlite_url(folder / FILE)), template)
    else:
        database = urlsplit(template.database_url).path[1:] if template else "template1"
        with postgresql_database(name, database) as url:
            yield _migrate(Installation(folder, url), template)


def _migrate(installation: Installation, template: Installation | None) -> Installation:
    if template is None:
        installation.run("migrate", "--no-input", "--verbosity", "0")
    return installation


@contextmanager
def create_template(folder: Path, name: str) -> Iterator[Installation]:
    """Create an installation whose database is a copy of the test database, which is much faster than migrating.

    On SQLite, the copy contains the dataset of the test.
    """
    folder.mkdir()
    if connection.vendor == "sqlite":
        write_copy(folder / FILE)
        yield Installation(folder, sqlite_url(folder / FILE))
    else:
        connection.close()
        with postgresql_database(name, connection.settings_dict["NAME"]) as url:
            yield Installation(folder, url)
