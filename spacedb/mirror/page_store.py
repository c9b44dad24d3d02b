"""The page store: a folder that holds the pages of the run in progress and of the last applied run.

Each page is a file in the capture format of `ingest`: the request and the body of the response. The first line of the
file is a header with the metadata of the page, so no separate index can get out of step with the files. Except for its
line breaks, the file is written as `ingest` parses it fastest: without spaces. The pages of the last applied run are
reused in conditional requests.
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

from spacedb.files import make_private_folder, private_opener, restrict
from spacedb.mirror.errors import MirrorError, describe_file_error

FULL_RUNS = "pages", "only"
"""The names of the stores of full runs: of those over all collections, and of those over some of them."""

HEADER_END = b",\n"
BODY_START = b'"body":'
BODY_END = b"\n}\n"


@dataclass(frozen=True)
class StoredPage:
    """The metadata of a page.

    `request` is the path and query relative to the root of the source, `fetched_at` an ISO 8601 time, `size` the length
    of the body in bytes and `digest` its SHA-256.
    """

    request: str
    fetched_at: str
    etag: str = ""
    last_modified: str = ""
    count: int = 0
    has_next: bool = False
    ids: tuple[Any, ...] = ()
    size: int = 0
    digest: str = ""

    def header(self, root: str) -> bytes:
        """The first line of the file, with the request as a path of this server."""
        fields = asdict(self) | {"request": f"{root}{self.request}"}
        return json.dumps(fields, separators=(",", ":"))[:-1].encode() + HEADER_END


def digest_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


class PageStore:
    """The stored pages of one source.

    The subfolder `name` holds the pages that are being read. Full and incremental runs have stores of different names
    in the same folder. `applied` holds the last complete reading of each collection, `refused` the invalid pages.
    """

    def __init__(self, folder: Path, root: str, name: str = "pages") -> None:
        self.folder, self.root, self.name = folder, root, name
        self.pages, self.applied, self.refused = (folder / part for part in (name, "applied", "refused"))
        self.finishing_file = folder / ("finishing.json" if name == "pages" else f"finishing-{name}.json")
        self.failure_file = folder / "failed.json"

    @property
    def is_part(self) -> bool:
        """Whether the store has the pages of a part of a collection."""
        return self.name.startswith("parts/")

    def sibling(self, name: str) -> "PageStore":
        """The store of the same source with this name."""
        return PageStore(self.folder, self.root, name)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock of this store, which the operating system releases when the process ends.

        Raises `MirrorError` if another mirror holds it, or on a file error within the block.
        """
        try:
            self._restrict()
            with open(self.folder / "lock", "w", opener=private_opener) as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise MirrorError(f"Another mirror is running in {self.folder}.") from None
                for draft in self.folder.rglob("*.draft"):
                    draft.unlink()
                for store in map(self.sibling, (*FULL_RUNS, "rotation")):
                    if store.finishing_file.exists():
                        store._move_to_applied(json.loads(store.finishing_file.read_bytes()))
                yield
        except OSError as error:
            raise MirrorError(describe_file_error(error)) from error

    def _restrict(self) -> None:
        """Create the folder, or restrict the files of an earlier release to their owner."""
        make_private_folder(self.folder)
        files = (self.folder / "lock", self.finishing_file, self.failure_file)
        for path in filter(Path.exists, (*files, self.pages, self.applied, self.refused)):
            for each in (path, *path.rglob("*")):
                restrict(each)

    # --- Reading ------------------------------------------------------------------------------------------------------

    def page_path(self, collection: str, number: int) -> Path:
        return self.pages / collection / f"{number:05}.json"

    def rows(self, collection: str, number: int) -> list[Any]:
        """The objects on a page of a list that was read."""
        _, _, rest = self.page_path(collection, number).read_bytes().partition(b"\n")
        return list(json.loads(rest.removeprefix(BODY_START).removesuffix(BODY_END))["results"])

    def get_page(self, collection: str, number: int, request: str) -> StoredPage | None:
        """The page with this number. None if it is missing, damaged, or the response to another request."""
        path = self.page_path(collection, number)
        page = _read_header(path, self.root)
        return page if page and page.request == request and self.is_intact(path, page) else None

    def is_intact(self, path: Path, page: StoredPage) -> bool:
        """Whether the body still has its digest."""
        _, _, rest = path.read_bytes().partition(b"\n")
        return digest_of(rest.removeprefix(BODY_START).removesuffix(BODY_END)) == page.digest

    def read_pages(self, collection: str, count: int) -> Iterator[tuple[Path, StoredPage]]:
        """The first `count` pages of the run in progress. Raises `MirrorError` if one is missing."""
        for number in range(count):
            path = self.page_path(collection, number)
            if (page := _read_header(path, self.root)) is None:
                raise MirrorError(f"{path}: the page has disappeared. The next run requests it again.")
            yield path, page

    def pages_in_progress(self, collection: str) -> Iterator[tuple[Path, StoredPage]]:
        """The pages of the run in progress, in order."""
        return self._pages_in(self.pages / collection)

    def applied_pages(self, collection: str) -> Iterator[tuple[Path, StoredPage]]:
        """The pages of the last applied run, in order."""
        return self._pages_in(self.applied / collection)

    def _pages_in(self, folder: Path) -> Iterator[tuple[Path, StoredPage]]:
        for path in sorted(folder.glob("*.json")):
            if path.stem.isdecimal() and (page := _read_header(path, self.root)):
                yield path, page

    def started_collections(self) -> list[str]:
        """The names of the collections that have pages of the run in progress."""
        files = self.pages.rglob("*.json") if self.pages.exists() else ()
        return sorted({path.parent.relative_to(self.pages).as_posix() for path in files})

    def fetched_between(self) -> tuple[dt.datetime, dt.datetime] | None:
        """When the first and the last page of the run in progress were fetched. None if it has no pages."""
        times = [page.fetched_at for name in self.started_collections() for _, page in self.pages_in_progress(name)]
        moments = sorted(map(dt.datetime.fromisoformat, times))
        return (moments[0], moments[-1]) if moments else None

    # --- Writing ------------------------------------------------------------------------------------------------------

    def write_page(self, collection: str, number: int, page: StoredPage, body: bytes) -> None:
        """Store a page. The file is complete or absent, even after a power failure."""
        _write_atomically(self.page_path(collection, number), *self._content(page, body))

    def reuse_page(self, collection: str, number: int, page: StoredPage, applied: Path) -> None:
        """Store the body of an applied page again, after the source has returned 304 Not Modified."""
        _, _, rest = applied.read_bytes().partition(b"\n")
        _write_atomically(self.page_path(collection, number), page.header(self.root), rest)

    def refuse_page(self, collection: str, number: int, page: StoredPage, body: bytes) -> Path:
        """Store an invalid page for inspection. The next run requests it again."""
        path = self.refused / collection / f"{number:05}.json"
        _write_atomically(path, *self._content(page, body))
        return path

    def refuse_stored_page(self, path: Path) -> Path:
        """Move a stored page that could not be applied to the refused pages."""
        target = self.refused / path.relative_to(self.pages)
        make_private_folder(target.parent)
        path.replace(target)
        return target

    def delete_pages_from(self, collection: str, number: int) -> None:
        """Delete the pages of a collection from this number on."""
        for path in (self.pages / collection).glob("*.json"):
            if path.stem.isdecimal() and int(path.stem) >= number:
                path.unlink()

    def clear(self) -> None:
        """Delete the pages of the run in progress."""
        shutil.rmtree(self.pages, ignore_errors=True)

    def finish_run(self, collections: list[str]) -> None:
        """Move the pages of the run in progress to the applied pages. `lock()` resumes an interrupted move."""
        _write_atomically(self.finishing_file, json.dumps(collections).encode())
        self._move_to_applied(collections)

    def _move_to_applied(self, collections: list[str]) -> None:
        for collection in collections:
            if (self.pages / collection).exists():
                target = self.applied / collection
                shutil.rmtree(target, ignore_errors=True)
                make_private_folder(target.parent)
                (self.pages / collection).replace(target)
        shutil.rmtree(self.refused, ignore_errors=True)
        self.failure_file.unlink(missing_ok=True)
        self.finishing_file.unlink()

    def _content(self, page: StoredPage, body: bytes) -> tuple[bytes, ...]:
        """The content of a file, in chunks: to join them would copy the body, which may be large."""
        return page.header(self.root), BODY_START, body, BODY_END

    # --- The last failure ---------------------------------------------------------------------------------------------

    def record_failure(self, reason: str, failed_at: dt.datetime) -> None:
        """Store why a run failed, until a run is applied."""
        failure = {"moment": failed_at.isoformat(timespec="seconds"), "reason": reason}
        _write_atomically(self.failure_file, json.dumps(failure).encode())

    def last_failure(self) -> tuple[dt.datetime, str] | None:
        """When and why the last run failed. None if a run was applied since."""
        try:
            failure = json.loads(self.failure_file.read_bytes())
        except FileNotFoundError:
            return None
        return dt.datetime.fromisoformat(failure["moment"]), failure["reason"]


def _read_header(path: Path, root: str) -> StoredPage | None:
    """The metadata of a page. None if the file is missing, incomplete or not a stored page."""
    try:
        with path.open("rb") as file:
            header = file.readline()
            fields = json.loads(header.removesuffix(HEADER_END) + b"}")
            length = len(header) + len(BODY_START) + fields["size"] + len(BODY_END)
            fields |= {"request": fields["request"].removeprefix(root), "ids": tuple(fields["ids"])}
            return StoredPage(**fields) if path.stat().st_size == length else None
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _write_atomically(path: Path, *chunks: bytes) -> None:
    make_private_folder(path.parent)
    draft = path.with_suffix(".draft")
    with open(draft, "wb", opener=private_opener) as file:
        file.writelines(chunks)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
