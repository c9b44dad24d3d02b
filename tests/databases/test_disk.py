"""A read-only or full disk: reading goes on, writing says what is wrong, and works again afterwards."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.backends.sqlite3 import base
from django.test import Client

from spacedb.caching.response_cache import read_revision
from spacedb.databases.errors import Problem
from tests.conftest import ROOT
from tests.installation import Installation, create_installation

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL writes its files itself"),
    pytest.mark.vendor_neutral,
]

READS = [200, 200, 200]


def use_disk(kind: str, installation: Installation) -> Any:
    namespace = ["unshare", "--map-root-user", "--mount"]
    if subprocess.run([*namespace, "true"], check=False, capture_output=True).returncode:
        pytest.skip("needs a mount namespace")
    process = subprocess.run(
        [*namespace, sys.executable, "-m", "tests.databases.disk", kind, str(installation.folder)],
        check=False,
        cwd=ROOT,
        env=installation.environment | {"THROTTLE_ANON": "100/hour"},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    assert "Traceback" not in process.stderr
    return json.loads(process.stdout)


@pytest.mark.django_db(transaction=True)
def test_file_that_is_opened_for_reading(file: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """If SQLite cannot create its files, it reads only the database. Changes of other processes are not overlooked."""
    original = base.DatabaseWrapper.get_new_connection

    def cannot_create_files(wrapper: Any, parameters: Any) -> Any:
        if "immutable" not in parameters["database"]:
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise error
        return original(wrapper, parameters)

    monkeypatch.setattr(base.DatabaseWrapper, "get_new_connection", cannot_create_files)
    revision = read_revision()
    assert revision
    opened = connection.connection
    assert read_revision() == revision
    assert connection.connection is opened
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("UPDATE revision_revision SET uuid = 'other'")
        other.commit()
        # The write-ahead log contains the change, and cannot be read without creating a file.
        response = client.get("/2.3.0/agencies/")
        assert (response.status_code, response.json()["detail"]) == (503, Problem.UNREACHABLE.value)
    assert read_revision() == "other"


@pytest.fixture
def installation(template: Installation, tmp_path: Path) -> Iterator[Installation]:
    with create_installation(tmp_path / "installation", "disk", template) as installation:
        yield installation


def test_read_only_disk(installation: Installation) -> None:
    report = use_disk("read-only", installation)
    assert report["restricted at the start"] == {
        "read": READS,
        "login": Problem.READ_ONLY.value,
        "command": f"The database cannot be used: attempt to write a readonly database. {Problem.READ_ONLY.advice}",
    }
    assert report["restored"] == {"read": READS, "login": 302, "command": ""}


def test_full_disk(installation: Installation) -> None:
    """SQLite cannot create its files on a disk that is full at the start, so it opens the database for reading."""
    report = use_disk("full", installation)
    restricted = report["restricted at the start"]
    assert restricted["read"] == READS
    assert restricted["login"] == Problem.READ_ONLY.value
    assert restricted["command"].endswith(Problem.READ_ONLY.advice)
    assert report["restored"] == {"read": READS, "login": 302, "command": ""}
    assert report["restricted later"] == {"read": READS, "login": Problem.FULL.value, "command": ""}
    assert report["restored again"] == {"read": READS, "login": 302, "command": ""}
