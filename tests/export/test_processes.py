"""Exports by processes of their own: a pipe, other writers meanwhile, and two databases."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from tests.datasets import SMALL_EXAMPLE_COUNT, example_documents
from tests.installation import Installation, create_installation
from tests.waiting import TIMEOUT

PIPE_SIZE = 65536
"""The bytes that a pipe of Linux holds."""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def installation(tmp_path: Path, template: Installation) -> Iterator[Installation]:
    with create_installation(tmp_path / "source", "export_source", template) as installation:
        yield installation


def ingest_examples(installation: Installation, folder: Path) -> None:
    """Ingest example objects of every model. Their export is longer than the buffer of a pipe."""
    folder.mkdir()
    for number, (_, document) in enumerate(example_documents(SMALL_EXAMPLE_COUNT, "2.3.0")):
        (folder / f"{number:02}.json").write_text(json.dumps(document))
    installation.run("ingest", str(folder))


def read_files(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.iterdir()}


def test_pipes_and_databases(installation: Installation, tmp_path: Path) -> None:
    ingest_examples(installation, tmp_path / "examples")
    folder = tmp_path / "export"
    installation.run("export", str(folder))
    files = read_files(folder)
    documents = b"".join(files[name] for name in sorted(files) if name.endswith(".jsonl"))

    # A pipe holds less than the catalogue, so the export waits until the reader continues.
    process = installation.start("export", "-", "--verbosity", "0")
    assert process.stdout is not None
    beginning = process.stdout.read(1)
    assert len(documents) > 2 * PIPE_SIZE
    name = installation.query("SELECT name FROM agencies_agency")[0][0]
    assert name.encode() in documents
    installation.write("UPDATE agencies_agency SET name = 'Changed meanwhile'")
    rest = process.stdout.read()
    assert process.wait(TIMEOUT) == 0
    assert (beginning + rest).encode() == documents

    # A reader that stops, such as `head`, is no error to report.
    process = installation.start("export", "-", "--verbosity", "0")
    assert process.stdout is not None
    process.stdout.read(1)
    process.stdout.close()
    assert process.wait(TIMEOUT) == 128 + signal.SIGPIPE

    # A full disk is.
    with Path("/dev/full").open("wb") as full:
        failed = installation.run_into(full, "export", "-", "--only", "agencies", "--verbosity", "0")
    assert failed.returncode == 1
    assert failed.stderr.decode().endswith("CommandError: standard output: No space left on device\n")

    if connection.vendor == "postgresql":
        (tmp_path / "sqlite").mkdir()
        sqlite = Installation(tmp_path / "sqlite", f"sqlite:///{quote(str(tmp_path / 'sqlite' / 'spacedb.sqlite3'))}")
        sqlite.run("migrate", "--no-input", "--verbosity", "0")
        sqlite.run("ingest", "--strict", str(folder))
        sqlite.run("export", str(tmp_path / "from sqlite"))
        assert read_files(tmp_path / "from sqlite") == files
