"""The files of an export: which ones it replaces, and what remains if it fails."""

import errno
import fcntl
import gzip
import hashlib
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from spacedb.export import folder as folder_module
from spacedb.export.errors import ExportError
from spacedb.export.folder import CHECKSUMS, ExportFolder
from spacedb.ingest.formats import documents_in

AGENCIES, PADS = "01-agencies.jsonl", "02-pads.jsonl"


def export(path: Path, *, only: list[str] | None = None, overwrite: bool = False, **documents: list[bytes]) -> None:
    folder = ExportFolder(path)
    with folder.replacing(only, overwrite=overwrite):
        for number, (endpoint, lines) in enumerate(documents.items(), start=1):
            folder.write(number, endpoint, lines)


def contents(path: Path) -> dict[str, bytes]:
    """The files in the folder, whose checksums have to be right."""
    files = {file.name: file.read_bytes() for file in sorted(path.iterdir())}
    lines = [line.split("  ") for line in files.pop(CHECKSUMS).decode().splitlines()]
    assert all(hashlib.sha256(files[name]).hexdigest() == digest for digest, name in lines)
    return files


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """A folder with an export."""
    export(tmp_path, agencies=[b"[1]", b"[2]"], pads=[b"[3]"])
    return tmp_path


def test_files_are_private_and_complete(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder"
    previous = os.umask(0)
    try:
        export(path, agencies=[b"[1]", b"[2]"], pads=[])
    finally:
        os.umask(previous)
    assert contents(path) == {AGENCIES: b"[1]\n[2]\n"}
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.iterdir()} == {0o600}


def test_the_permissions_of_an_existing_folder_remain(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    export(tmp_path, agencies=[b"[1]"])
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_replaces_the_files_of_an_earlier_export(earlier: Path) -> None:
    (earlier / "notes.json").write_text("{}")
    (earlier / "02-pads.part002.jsonl.gz").write_text("of an export that was larger")
    export(earlier, overwrite=True, agencies=[b"[4]"], launches=[b"[5]"])
    assert contents(earlier) == {AGENCIES: b"[4]\n", "02-launches.jsonl": b"[5]\n", "notes.json": b"{}"}


def test_replaces_only_the_files_of_the_selected_endpoints(earlier: Path) -> None:
    folder = ExportFolder(earlier)
    with folder.replacing(["agencies", "config/roles"]):
        folder.write(1, "config/roles", [b"[6]"])
        folder.write(2, "agencies", [b"[4]"])
    assert contents(earlier) == {"01-config-roles.jsonl": b"[6]\n", "02-agencies.jsonl": b"[4]\n", PADS: b"[3]\n"}


def test_overwrites_no_file_of_others(earlier: Path) -> None:
    other = earlier / "07-agencies.json"
    other.write_text("mine")
    before = contents(earlier)
    with pytest.raises(ExportError, match=r"07-agencies\.json exists, and no export wrote it"):
        export(earlier, agencies=[b"[4]"])
    assert contents(earlier) == before
    export(earlier, only=["pads"], agencies=[], pads=[b"[7]"])
    assert other.read_text() == "mine"
    export(earlier, overwrite=True, agencies=[b"[4]"])
    assert contents(earlier) == {AGENCIES: b"[4]\n"}


def test_overwrites_no_file_that_was_changed(earlier: Path) -> None:
    (earlier / PADS).write_text("edited")
    with pytest.raises(ExportError, match=r"02-pads\.jsonl was changed since the last export\. --overwrite"):
        export(earlier, agencies=[b"[4]"])
    assert (earlier / PADS).read_text() == "edited"
    assert (earlier / AGENCIES).read_text() == "[1]\n[2]\n"
    (earlier / PADS).unlink()
    export(earlier, agencies=[b"[4]"])
    assert contents(earlier) == {AGENCIES: b"[4]\n"}


def test_refuses_a_folder_with_other_checksums(tmp_path: Path) -> None:
    (tmp_path / CHECKSUMS).write_text(f"{'0' * 64}  ../../etc/passwd\n")
    with pytest.raises(ExportError, match="does not contain the checksums of an export"):
        export(tmp_path, overwrite=True, agencies=[b"[1]"])


def test_refuses_a_file_as_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="is not a folder"):
        export(tmp_path / "file", agencies=[b"[1]"])


def test_an_export_that_fails_changes_nothing(earlier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(earlier)

    def documents(error: BaseException) -> Any:
        yield b"[8]"
        raise error

    for error in (KeyboardInterrupt(), SystemExit(143), OSError(errno.EIO, "Input/output error")):
        with pytest.raises(type(error)):
            export(earlier, agencies=[b"[4]"], pads=documents(error))
        assert contents(earlier) == before

    def fsync(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="No space left on device"):
        export(earlier, agencies=[b"[4]"])
    assert contents(earlier) == before


def test_an_interrupted_replacement_is_completed_by_the_next_export(
    earlier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process was killed when some of the files had been replaced: neither state needs `--overwrite`."""
    replace = Path.replace

    def stop(self: Path, target: Path) -> Path:
        if target.name == PADS:
            raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", stop)
        with pytest.raises(KeyboardInterrupt):
            export(earlier, agencies=[b"[4]"], pads=[b"[5]"])
    assert (earlier / AGENCIES).read_bytes() == b"[4]\n"
    assert (earlier / PADS).read_bytes() == b"[3]\n"
    (earlier / f"{PADS}.draft").write_text("as after a kill")
    export(earlier, agencies=[b"[6]"], pads=[b"[7]"])
    assert contents(earlier) == {AGENCIES: b"[6]\n", PADS: b"[7]\n"}


def test_one_export_at_a_time(earlier: Path) -> None:
    descriptor = os.open(earlier, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(ExportError, match="Another export is running"):
            export(earlier, agencies=[b"[4]"])
    finally:
        os.close(descriptor)
    export(earlier, agencies=[b"[4]"])


@pytest.mark.parametrize("is_indented", [False, True])
def test_large_endpoints_have_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_indented: bool) -> None:
    """Ingest reads files of a limited size. Each is a valid document, and the names are in order."""
    monkeypatch.setattr(folder_module, "MAX_FILE_BYTES", 10)
    rows = [b'"aaaa"', b'"b"', b'"c"', b'"longer than the limit"', b'"d"']
    folder = ExportFolder(tmp_path, is_indented=is_indented)
    with folder.replacing(None):
        folder.write(1, "agencies", rows)
    files = [tmp_path / name for name in sorted(contents(tmp_path))]
    assert len(files) == 4
    documents = [document for file in files for _, document in documents_in(file.read_bytes())]
    lists = [document if isinstance(document, list) else [document] for document in documents]
    assert [text for texts in lists for text in texts] == ["aaaa", "b", "c", "longer than the limit", "d"]
    assert folder.size == sum(file.stat().st_size for file in files)


def test_compressed_files_are_always_the_same(tmp_path: Path) -> None:
    bodies = []
    for name in ("a", "b"):
        folder = ExportFolder(tmp_path / name, is_compressed=True)
        with folder.replacing(None):
            folder.write(1, "agencies", [b"[1]"])
        bodies.append((tmp_path / name / f"{AGENCIES}.gz").read_bytes())
    assert bodies[0] == bodies[1]
    assert gzip.decompress(bodies[0]) == b"[1]\n"
