"""`manage.py export`: its arguments, its output and its errors."""

import gzip
import io
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agencies.models import Agency
from spacedb.export.export import DEFAULT_ORIGIN
from spacedb.ingest import formats
from spacedb.revision.models import Revision
from tests.export.catalogue import delete_all, export_all

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("small")]


def run(directory: Path | str, *options: str) -> str:
    """What the command writes to standard output."""
    out = io.StringIO()
    call_command("export", str(directory), *options, stdout=out)
    return out.getvalue()


def bodies(path: Path) -> list[Any]:
    return [json.loads(line)["body"] for line in path.read_bytes().splitlines()]


def test_writes_all_endpoints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exported = {name: documents for name, documents in export_all().items() if documents}
    assert run(tmp_path) == ""
    files = [path for path in sorted(tmp_path.iterdir()) if path.suffix == ".jsonl"]
    assert [path.read_bytes().splitlines() for path in files] == [*exported.values()]
    assert [path.stem[3:] for path in files] == [name.replace("/", "-") for name in exported]
    summary = " ".join(capsys.readouterr().err.split())
    assert re.search(rf"agencies │ {len(exported['agencies'])} │", summary)
    assert re.search(rf"Total │ {sum(map(len, exported.values()))} │", summary)
    assert f"Written to {tmp_path}: {len(files)} files, " in summary
    assert f"revision {Revision.objects.get().uuid}." in summary
    first = {path: path.read_bytes() for path in tmp_path.iterdir()}
    run(tmp_path, "--verbosity", "0")
    assert capsys.readouterr().err == ""
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == first


def test_ingest_reads_the_folder(tmp_path: Path) -> None:
    exported = export_all()
    run(tmp_path, "--indent", "--gzip")
    delete_all()
    out = io.StringIO()
    call_command("ingest", str(tmp_path), "--strict", stdout=out)
    assert "Skipped" not in out.getvalue()
    assert export_all() == exported


def test_standard_output(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [document for documents in export_all().values() for document in documents]
    assert run("-").encode().splitlines() == documents
    assert " MB of JSON Lines, revision " in capsys.readouterr().err
    monkeypatch.setattr(formats, "MAX_BYTES", 1000)
    run("-", "--only", "agencies")
    assert "Export to a folder instead." in " ".join(capsys.readouterr().err.split())


def test_selected_endpoints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path)
    Agency.objects.update(administrator="New")
    capsys.readouterr()
    run(tmp_path, "--only", "agencies", "/config/agency_types/")
    err = " ".join(capsys.readouterr().err.split())
    assert f"Written to {tmp_path}: 2 files, " in err
    assert re.search(r"The folder contains \d\d other files that ingest would read: 01-", err)
    assert {agency["administrator"] for agency in bodies(next(tmp_path.glob("*-agencies.jsonl")))} == {"New"}


def test_urls_have_the_origin(tmp_path: Path) -> None:
    for option, origin in (
        ((), DEFAULT_ORIGIN),
        (("--origin", "http://[::1]:8000/api/"), "http://[::1]:8000/api"),
    ):
        run(tmp_path, "--only", "pads", *option)
        [file] = tmp_path.glob("*.jsonl")
        urls = {match.decode() for match in re.findall(rb'"url":"([^"]+/2\.3\.0/)', file.read_bytes())}
        assert urls == {f"{origin}/2.3.0/"}
        assert json.loads(file.read_bytes().splitlines()[0])["request"] == f"{origin}/2.3.0/pads/"


def test_formats(tmp_path: Path) -> None:
    run(tmp_path, "--only", "agencies")
    [file] = tmp_path.glob("*.jsonl")
    lines = [json.loads(line) for line in file.read_bytes().splitlines()]
    run(tmp_path, "--only", "agencies", "--indent")
    [file] = tmp_path.glob("*.json*")
    assert json.loads(file.read_bytes()) == lines
    assert b'\n    "name": "' in file.read_bytes()
    run(tmp_path, "--only", "agencies", "--gzip")
    [file] = tmp_path.glob("*.json*")
    assert [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()] == lines


@pytest.mark.parametrize(
    "origin",
    ["", "example.com", "ftp://example.com", "http://", "http://a b/", "http://a/?x", "http://a:x", "http://["],
)
def test_invalid_origins(origin: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not a URL such as https://"):
        run(tmp_path / "new", f"--origin={origin}")
    assert not (tmp_path / "new").exists()


def failures(tmp_path: Path) -> Iterator[tuple[tuple[str, ...], str]]:
    (tmp_path / "file").write_text("")
    yield (
        (str(tmp_path), "--only", "agencies", "craft"),
        r"Unknown endpoints: craft\. Choose from: agencies, astronauts",
    )
    yield (str(tmp_path / "file"),), r"file is not a folder\."
    yield (str(tmp_path / "file" / "folder"),), r": Not a directory"
    yield (str(tmp_path / ("x" * 300)),), r": File name too long"
    yield ("/dev/null/x",), r": Not a directory"
    yield ("-", "--gzip"), "cannot be combined with standard output"
    yield ("-", "--indent"), "cannot be combined with standard output"


def test_errors_are_one_line(tmp_path: Path) -> None:
    for (directory, *options), message in failures(tmp_path):
        with pytest.raises(CommandError, match=message) as failed:
            run(directory, *options)
        assert "\n" not in str(failed.value)
        assert failed.value.returncode == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(CommandError, match=f"^{tmp_path}: No space left on device$"):
        run(tmp_path)
    assert [*tmp_path.iterdir()] == []


def test_closed_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    with pytest.raises(CommandError, match=r"^Standard output is closed\.$"):
        call_command("export", "-")


def test_while_migrations_run(tmp_path: Path) -> None:
    Revision.objects.all().delete()
    with pytest.raises(CommandError, match=r"^The database is being migrated\."):
        run(tmp_path)
    assert [*tmp_path.iterdir()] == []
