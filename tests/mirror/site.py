"""A spacedb of its own, as whoever runs one has it: its database, its commands, its server."""

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

PYTHON = sys.executable


@dataclass
class Site:
    """A folder and a database."""

    folder: Path
    database: str

    @property
    def environment(self) -> dict[str, str]:
        ours = {
            "DATABASE_URL": self.database,
            "DATA_DIR": str(self.folder),
            "MIRROR_SPOOL": str(self.folder / "mirror"),
            "LOG_LEVEL": "INFO",
        }
        return os.environ | ENVIRONMENT | ours

    def start(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [PYTHON, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *command: str) -> str:
        """What the command prints; it has to succeed."""
        process = self.start(*command)
        out, _ = process.communicate(timeout=500)
        assert process.returncode == 0, out
        return out

    @contextmanager
    def served(self) -> Iterator[str]:
        """Gunicorn, and the host it answers at."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            host = f"127.0.0.1:{free.getsockname()[1]}"
        log = (self.folder / "gunicorn.log").open("w")
        process = subprocess.Popen(
            [PYTHON, "-m", "gunicorn", "spacedb.wsgi:application"],
            cwd=ROOT,
            env=self.environment | {"PORT": host.split(":")[1], "WEB_CONCURRENCY": "2", "LOG_LEVEL": "WARNING"},
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(f"http://{host}/health/")
            yield host
        finally:
            process.terminate()
            process.wait(60)
            log.close()


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


@contextmanager
def site(folder: Path, name: str, like: Site | None = None) -> Iterator[Site]:
    """A new one, on the database that the tests run on: migrated, or as another one is."""
    folder.mkdir()
    if connection.vendor == "sqlite":
        file = folder / "spacedb.sqlite3"
        if like:
            shutil.copy(like.folder / file.name, file)
        yield _migrated(Site(folder, f"sqlite:///{quote(str(file))}"), like)
        return
    database = f"{name}_{os.getpid()}"
    template = f" TEMPLATE {urlsplit(like.database).path[1:]}" if like else ""
    _execute(f"CREATE DATABASE {database}{template}")
    try:
        yield _migrated(Site(folder, _url(database)), like)
    finally:
        _execute(f"DROP DATABASE {database} WITH (FORCE)")


def _migrated(made: Site, like: Site | None) -> Site:
    if like is None:
        made.run("migrate", "--no-input", "--verbosity", "0")
    return made


def _connect() -> Any:
    import psycopg

    return psycopg.connect(_url("postgres"), autocommit=True)


def _execute(statement: str) -> None:
    with _connect() as server:
        server.execute(statement)


def _url(database: str) -> str:
    """On the server that the tests run on."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
