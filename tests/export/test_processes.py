"""Exports by processes of their own: a pipe, other writers meanwhile, and two databases."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from tests.conftest import ROOT
from tests.installation import TIMEOUT, Installation, create_installation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def installation(tmp_path: Path, template: Installation) -> Iterator[Installation]:
    with create_installation(tmp_path / "source", "export_source", template) as installation:
        yield installation


def read_files(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.iterdir()}


def test_one_revision_and_another_database(installation: Installation, tmp_path: Path) -> None:
    installation.run("ingest", str(ROOT / "fixtures"))
    folder = tmp_path / "export"
    installation.run("export", str(folder))
    files = read_files(folder)
    lines = b"".join(files[name] for name in sorted(files) if name.endswith(".jsonl"))

    # A pipe holds less than the catalogue, so the export waits until the reader continues.
    process = installation.start("export", "-", "--verbosity", "0")
    assert process.stdout is not None
    beginning = process.stdout.read(1)
    change = {"id": 44, "url": "/2.3.0/agencies/44/", "name": "Changed meanwhile"}
    (tmp_path / "change.json").write_text(json.dumps(change))
    installation.run("ingest", str(tmp_path / "change.json"))
    rest, _ = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0
    assert (beginning + rest).encode() == lines

    if connection.vendor == "postgresql":
        (tmp_path / "sqlite").mkdir()
        sqlite = Installation(tmp_path / "sqlite", f"sqlite:///{quote(str(tmp_path / 'sqlite' / 'spacedb.sqlite3'))}")
        sqlite.run("migrate", "--no-input", "--verbosity", "0")
        sqlite.run("ingest", "--strict", str(folder))
        sqlite.run("export", str(tmp_path / "from sqlite"))
        assert read_files(tmp_path / "from sqlite") == files


def test_a_reader_that_stops(installation: Installation) -> None:
    installation.run("ingest", str(ROOT / "fixtures"))
    process = installation.start("export", "-", "--verbosity", "0")
    assert process.stdout is not None
    process.stdout.read(1)
    process.stdout.close()
    assert process.wait(TIMEOUT) == 141


def test_databases_that_cannot_be_used(tmp_path: Path) -> None:
    for url, message in (
        (f"sqlite:///{quote(str(tmp_path / 'empty.sqlite3'))}", "Run manage.py migrate."),
        ("postgresql://127.0.0.1:1/none", "Check DATABASE_URL, and that the database exists and its server runs."),
    ):
        process = Installation(tmp_path, url).start("export", str(tmp_path / "export"))
        output, _ = process.communicate(timeout=TIMEOUT)
        assert process.returncode == 1
        assert output.count("\n") == 1
        assert message in output
        assert [*(tmp_path / "export").iterdir()] == []


def test_full_standard_output(installation: Installation) -> None:
    installation.run("ingest", str(ROOT / "fixtures" / "config"))
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run(
            [*installation.command("export", "-")],
            cwd=ROOT,
            env=installation.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
    assert process.returncode == 1
    assert process.stderr.splitlines()[-1].endswith("standard output: No space left on device")
