"""An installation of spacedb that is separate from the test process: its database, commands and server."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.db import connection

from tests.conftest import ENVIRONMENT, ROOT
from tests.waiting import TIMEOUT


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

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Run Gunicorn. Yields its host and port."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            host = f"127.0.0.1:{free.getsockname()[1]}"
        log = (self.folder / "gunicorn.log").open("w")
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "spacedb.wsgi:application"],
            cwd=ROOT,
            env=self.environment | {"PORT": host.split(":")[1], "WEB_CONCURRENCY": "2", "LOG_LEVEL": "WARNING"},
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for_server(f"http://{host}/health/", process)
            yield host
        finally:
            process.terminate()
            process.wait(TIMEOUT)
            log.close()


def _wait_for_server(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + TIMEOUT
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=TIMEOUT):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"The server of {url} does not run.")


@contextmanager
def create_installation(folder: Path, name: str, template: Installation | None = None) -> Iterator[Installation]:
    """Create an installation on the database system of the tests: a copy of the template, or a migrated one."""
    folder.mkdir()
    if connection.vendor == "sqlite":
        file = folder / "spacedb.sqlite3"
        if template:
            shutil.copy(template.folder / file.name, file)
        yield _migrate(Installation(folder, f"sqlite:///{quote(str(file))}"), template)
        return
    database = f"{name}_{os.getpid()}"
    clause = f" TEMPLATE {urlsplit(template.database_url).path[1:]}" if template else ""
    execute(f"CREATE DATABASE {database}{clause}")
    try:
        yield _migrate(Installation(folder, _database_url(database)), template)
    finally:
        execute(f"DROP DATABASE {database} WITH (FORCE)")


def _migrate(installation: Installation, template: Installation | None) -> Installation:
    if template is None:
        installation.run("migrate", "--no-input", "--verbosity", "0")
    return installation


def execute(statement: str) -> None:
    """Execute a statement outside of a transaction, on the PostgreSQL server that the tests use."""
    import psycopg

    connection: Any = psycopg.connect(_database_url("postgres"), autocommit=True)
    with connection as server:
        server.execute(statement)


def _database_url(database: str) -> str:
    """The URL of a database on the server that the tests use."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
