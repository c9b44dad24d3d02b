"""The spool: a folder in which every page is kept as it arrives, until all are there and applied, and then until the
next pass, for the source to be asked whether it has changed since.

Each page is a file of its own, a capture as `ingest` takes them: what was asked for, and the body. What is known of a
page stands in the file's first line. So there is no list of files that could be at odds with them.
"""

import datetime as dt
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from spacedb.mirror.errors import MirrorError

END_OF_HEAD = ',\n"body": '
END = "\n}\n"


@dataclass(frozen=True)
class StoredPage:
    """What is known of a page. `more` says whether another follows; `digest` is the SHA-256 of the body."""

    request: str
    fetched: str
    etag: str = ""
    modified: str = ""
    count: int = 0
    more: bool = False
    ids: tuple[Any, ...] = ()
    size: int = 0
    digest: str = ""

    def capture(self, root: str) -> str:
        """The head of the file, with the request as this server's own path."""
        head = asdict(self) | {"request": f"{root}{self.request}"}
        return json.dumps(head)[:-1]


def digest_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


class PageStore:
    """The spool of one source, in a folder of its own.

    `pages` is the pass that is under way, `applied` the last one that was applied, `refused` what did not fit.
    """

    def __init__(self, folder: Path, root: str) -> None:
        self.folder, self.root = folder, root
        self.pages, self.applied, self.refused = (folder / name for name in ("pages", "applied", "refused"))
        self.finishing, self.failed = folder / "finishing.json", folder / "failed.json"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other mirrors away; the system lets go of the lock however this one ends. Raises `MirrorError`."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / "lock").open("w") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise MirrorError(f"Another mirror is at work in {self.folder}.") from None
                for draft in self.folder.rglob("*.draft"):
                    draft.unlink()
                if self.finishing.exists():
                    self._move(json.loads(self.finishing.read_bytes()))
                yield
        except OSError as error:
            raise MirrorError(f"A file cannot be read or written: {error}") from error

    def path(self, collection: str, number: int) -> Path:
        return self.pages / collection / f"{number:05}.json"

    def page(self, collection: str, number: int, request: str) -> StoredPage | None:
        """The page of this number, if it is here, as it came, and the answer to this request."""
        path = self.path(collection, number)
        page = self._read(path)
        return page if page and page.request == request and self.is_sound(path, page) else None

    def is_sound(self, path: Path, page: StoredPage) -> bool:
        """Whether the body is what came from the source."""
        _, _, rest = path.read_bytes().partition(b"\n")
        return digest_of(rest.removeprefix(END_OF_HEAD[2:].encode()).removesuffix(END.encode())) == page.digest

    def taken(self, collection: str, pages: int) -> Iterator[tuple[Path, StoredPage]]:
        """So many pages of the pass that is under way. Raises `MirrorError` if one is not here any longer."""
        for number in range(pages):
            path = self.path(collection, number)
            if (page := self._read(path)) is None:
                raise MirrorError(f"{path}: the page was here, and is not any longer. The next run asks for it anew.")
            yield path, page

    def under_way(self) -> list[str]:
        """The collections of which pages are in `pages`."""
        files = self.pages.rglob("*.json") if self.pages.exists() else ()
        return sorted({path.parent.relative_to(self.pages).as_posix() for path in files})

    def last_fetched(self) -> dt.datetime | None:
        """When the last page of the pass that is under way came."""
        pages = [page.fetched for name in self.under_way() for _, page in self.stored(self.pages, name)]
        return dt.datetime.fromisoformat(max(pages)) if pages else None

    def stored(self, folder: Path, collection: str) -> Iterator[tuple[Path, StoredPage]]:
        """The pages of a collection in `pages` or `applied`, in order."""
        for path in sorted((folder / collection).glob("*.json")):
            if path.stem.isdecimal() and (page := self._read(path)):
                yield path, page

    def write(self, collection: str, number: int, page: StoredPage, body: bytes) -> None:
        """Keep a page. It is there as a whole or not at all, even where the power fails."""
        _write(self.path(collection, number), self._content(page, body))

    def keep(self, collection: str, number: int, page: StoredPage, applied: Path) -> None:
        """Take over a page of the last pass, which the source says is unchanged."""
        _, _, rest = applied.read_bytes().partition(b"\n")
        head = page.capture(self.root).encode() + END_OF_HEAD[:2].encode()
        _write(self.path(collection, number), head + rest)

    def refuse(self, collection: str, number: int, page: StoredPage, body: bytes) -> Path:
        """Put a page that does not fit where it can be looked at; the next run asks for it anew."""
        path = self.refused / collection / f"{number:05}.json"
        _write(path, self._content(page, body))
        return path

    def refuse_stored(self, path: Path) -> Path:
        """The same for a page that had been taken for good."""
        target = self.refused / path.relative_to(self.pages)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        return target

    def drop_from(self, collection: str, number: int) -> None:
        """Forget the pages of a collection from this number on."""
        for path in (self.pages / collection).glob("*.json"):
            if path.stem.isdecimal() and int(path.stem) >= number:
                path.unlink()

    def clear(self) -> None:
        """Forget the pass that is under way."""
        shutil.rmtree(self.pages, ignore_errors=True)

    def finish(self, collections: list[str]) -> None:
        """What was under way has been applied. Where this is interrupted, the next to take the lock does the rest."""
        _write(self.finishing, json.dumps(collections).encode())
        self._move(collections)

    def _move(self, collections: list[str]) -> None:
        for collection in collections:
            if (self.pages / collection).exists():
                target = self.applied / collection
                shutil.rmtree(target, ignore_errors=True)
                target.parent.mkdir(parents=True, exist_ok=True)
                (self.pages / collection).replace(target)
        shutil.rmtree(self.refused, ignore_errors=True)
        self.failed.unlink(missing_ok=True)
        self.finishing.unlink()

    def note_failure(self, reason: str, moment: dt.datetime) -> None:
        """Keep why a pass failed, until one is applied."""
        _write(self.failed, json.dumps({"moment": moment.isoformat(timespec="seconds"), "reason": reason}).encode())

    def failure(self) -> tuple[dt.datetime, str] | None:
        """When and why the last pass failed; None if it did not."""
        try:
            told = json.loads(self.failed.read_bytes())
        except FileNotFoundError:
            return None
        return dt.datetime.fromisoformat(told["moment"]), told["reason"]

    def _content(self, page: StoredPage, body: bytes) -> bytes:
        return page.capture(self.root).encode() + END_OF_HEAD.encode() + body + END.encode()

    def _read(self, path: Path) -> StoredPage | None:
        """What is known of a page; None for a file that is none, or not a whole one."""
        try:
            with path.open("rb") as file:
                head = file.readline()
                told = json.loads(head.removesuffix(END_OF_HEAD[:2].encode()) + b"}")
                length = len(head) + len(END_OF_HEAD[2:]) + told["size"] + len(END)
                told |= {"request": told["request"].removeprefix(self.root), "ids": tuple(told["ids"])}
                return StoredPage(**told) if path.stat().st_size == length else None
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
