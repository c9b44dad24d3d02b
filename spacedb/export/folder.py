"""The folder of an export: files of documents, and their checksums.

All files are written next to those of an earlier export, and replace them at the end. The checksums show which files
belong to an export, and whether anyone has changed them since. `sha256sum --check` reads them, too.
"""

import fcntl
import gzip
import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeAlias

from spacedb.export.errors import ExportError
from spacedb.files import make_private_folder, private_opener
from spacedb.ingest import formats

CHECKSUMS = "export.sha256"
CHECKSUM_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")
FILE_NAME = re.compile(r"\d+-(?P<endpoint>[a-z_-]+)(?:\.part\d+)?\.jsonl?(?:\.gz)?")
DRAFT = ".draft"
"""The suffix of files that are not complete. Ingest does not read them."""

MAX_FILE_BYTES = formats.MAX_BYTES // 4
"""The size from which on the documents of an endpoint continue in another file. Ingest reads larger files, but has to
hold the text of each in memory."""

GZIP_LEVEL = 6

Digests: TypeAlias = "Mapping[str, set[str]]"
"""SHA-256 digests by the name of the file. A file has two if the previous export was interrupted."""


class ExportFolder:
    """A folder that contains, or will contain, the files of an export. Other files in it are left alone."""

    def __init__(self, path: Path, *, is_indented: bool = False, is_compressed: bool = False) -> None:
        self.path = path
        self.is_indented, self.is_compressed = is_indented, is_compressed
        self.written: dict[str, str] = {}
        """The digest of each file of this export, by its name."""
        self.size = 0
        """Bytes of these files."""

    @contextmanager
    def replacing(self, endpoints: Iterable[str] | None, *, overwrite: bool = False) -> Iterator[None]:
        """Replace the files of these endpoints, or all, by those that are written in the block, if it succeeds.

        Raises `ExportError` if another export runs in the folder, or if a file would be lost that no export wrote or
        that was changed since, unless `overwrite` is True.
        """
        make_folder(self.path)
        with self._lock():
            self._remove_drafts()
            stored = self._read_checksums()
            replaced = self._files_of(endpoints, stored)
            if not overwrite:
                self._check_unchanged(replaced, stored)
            try:
                yield
                self._replace(replaced, stored)
            finally:
                self._remove_drafts()

    def write(self, number: int, endpoint: str, documents: Iterable[bytes]) -> None:
        """Write the files of an endpoint. Without documents there is none."""
        stem = f"{number:02}-{slug(endpoint)}"
        suffix = (".json" if self.is_indented else ".jsonl") + (".gz" if self.is_compressed else "")
        before, between, after = (b"[\n", b",\n", b"\n]\n") if self.is_indented else (b"", b"\n", b"\n")
        part, iterator = 1, iter(documents)
        document = next(iterator, None)
        while document is not None:
            name = f"{stem}{f'.part{part:03}' if part > 1 else ''}{suffix}"
            with self._create(name) as write:
                write(before + document)
                size = len(document)
                while (document := next(iterator, None)) is not None and size + len(document) <= MAX_FILE_BYTES:
                    write(between + document)
                    size += len(document)
                write(after)
            part += 1

    @contextmanager
    def _create(self, name: str) -> Iterator[Callable[[bytes], object]]:
        """A function that writes to the draft of a new file."""
        draft = self.path / f"{name}{DRAFT}"
        with open(draft, "xb", opener=private_opener) as file:
            if self.is_compressed:
                with gzip.GzipFile("", "wb", GZIP_LEVEL, file, mtime=0) as compressed:
                    yield compressed.write
            else:
                yield file.write
            _flush(file)
        with draft.open("rb") as file:
            self.written[name] = hashlib.file_digest(file, "sha256").hexdigest()
            self.size += file.tell()

    def other_files(self) -> list[str]:
        """The names of the files in this folder that ingest would read and that this export did not write."""
        names = {path.name for path in self.path.iterdir() if path.name.endswith(formats.SUFFIXES) and path.is_file()}
        return sorted(names - self.written.keys())

    @contextmanager
    def _lock(self) -> Iterator[None]:
        folder = os.open(self.path, os.O_RDONLY)
        try:
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ExportError(f"Another export is running in {self.path}.") from None
            yield
        finally:
            os.close(folder)

    def _remove_drafts(self) -> None:
        for path in self.path.glob(f"*{DRAFT}"):
            if path.stem == CHECKSUMS or FILE_NAME.fullmatch(path.stem):
                path.unlink()

    def _files_of(self, endpoints: Iterable[str] | None, stored: Digests) -> set[str]:
        """The names of the files of these endpoints, or of all: those in the folder and those in the checksums."""
        slugs = None if endpoints is None else set(map(slug, endpoints))
        matches = map(FILE_NAME.fullmatch, {*stored, *(path.name for path in self.path.iterdir())})
        return {match[0] for match in matches if match and (slugs is None or match["endpoint"] in slugs)}

    def _check_unchanged(self, names: Iterable[str], stored: Digests) -> None:
        for path in sorted(path for name in names if (path := self.path / name).exists()):
            name = path.name
            if name not in stored:
                raise ExportError(f"{path} exists, and no export wrote it. Choose another folder, or use --overwrite.")
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if digest not in stored[name]:
                raise ExportError(f"{path} was changed since the last export. --overwrite replaces it.")

    def _replace(self, replaced: Iterable[str], stored: Digests) -> None:
        """Move the drafts into place, and delete the files of which there is no new one.

        Meanwhile the checksums contain the old and the new digests, so that the next export recognizes all files if
        this one is interrupted.
        """
        remaining = {name: digests for name, digests in stored.items() if name not in replaced}
        old = {name: stored[name] for name in replaced if name in stored}
        new = {name: {digest} for name, digest in self.written.items()}
        self._write_checksums(remaining | {name: old.get(name, set()) | new.get(name, set()) for name in old | new})
        for name in self.written:
            (self.path / f"{name}{DRAFT}").replace(self.path / name)
        for name in set(replaced) - self.written.keys():
            (self.path / name).unlink(missing_ok=True)
        self._write_checksums(remaining | new)

    def _read_checksums(self) -> Digests:
        path, digests = self.path / CHECKSUMS, defaultdict[str, set[str]](set)
        if not path.exists():
            return {}
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            match = CHECKSUM_LINE.fullmatch(line)
            if match is None or not FILE_NAME.fullmatch(match[2]):
                raise ExportError(f"{path} does not contain the checksums of an export. Choose another folder.")
            digests[match[2]].add(match[1])
        return digests

    def _write_checksums(self, digests: Digests) -> None:
        lines = [f"{digest}  {name}\n" for name in sorted(digests) for digest in sorted(digests[name])]
        draft = self.path / f"{CHECKSUMS}{DRAFT}"
        with open(draft, "wb", opener=private_opener) as file:
            file.write("".join(lines).encode())
            _flush(file)
        draft.replace(self.path / CHECKSUMS)


def slug(endpoint: str) -> str:
    """The name of an endpoint in names of files."""
    return endpoint.replace("/", "-")


def make_folder(path: Path) -> None:
    """Create the folder, for this user only. An existing one keeps its permissions: others may work in it."""
    if path.exists() and not path.is_dir():
        raise ExportError(f"{path} is not a folder.")
    if not path.is_dir():
        make_private_folder(path)


def _flush(file: BinaryIO) -> None:
    """Write a file to the disk, so that it is complete before it gets its name."""
    file.flush()
    os.fsync(file.fileno())
