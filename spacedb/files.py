"""Files and folders that only the user of this process may read, whatever its umask.

These are the SQLite database, the secret key and the pages of the mirror. Those that exist already lose the permissions
of other users. Files and folders of other users, and shared folders such as `/tmp`, are left as they are.
"""

import os
import stat
import tempfile
import warnings
from contextlib import suppress
from pathlib import Path

from django.core.management.utils import get_random_secret_key

SQLITE_SUFFIXES = ("", "-wal", "-shm", "-journal")
"""The files of a SQLite database. SQLite creates the last three with the mode of the first."""


def make_private_folder(path: Path) -> None:
    """Create a folder and its missing parents with the mode 0700, or restrict the folder to its owner."""
    if path.is_dir():
        restrict(path)
        return
    if not path.parent.exists():
        make_private_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)


def private_opener(path: str, flags: int) -> int:
    """An `opener` for `open()`, which creates files with the mode 0600."""
    return os.open(path, flags, 0o600)


def make_private_database(name: str) -> None:
    """Create a SQLite database with the mode 0600, or restrict its files to their owner. The folder is not changed.

    A database in memory, or one with a URI as its name, is left to SQLite. An existing file is never opened: closing it
    would release all locks that SQLite holds on it in this process (https://www.sqlite.org/howtocorrupt.html, 2.2).
    """
    if name.startswith((":memory:", "file:")):
        return
    path = Path(name)
    # If that fails, SQLite will report it: not every command needs the database.
    with suppress(OSError):
        os.close(private_opener(str(path), os.O_CREAT | os.O_EXCL | os.O_RDWR))
    for suffix in SQLITE_SUFFIXES:
        with suppress(OSError):
            restrict(path.with_name(path.name + suffix))


def restrict(path: Path) -> None:
    """Remove the permissions of group and others from a file or folder that belongs to the user of this process."""
    status = path.stat()
    mode = stat.S_IMODE(status.st_mode)
    if not mode & 0o077 or mode & stat.S_ISVTX or status.st_uid != os.geteuid():
        return
    try:
        path.chmod(mode & ~0o077)
    except OSError as error:  # some file systems have no permissions
        warnings.warn(f"Other users may be able to read {path}: {error.strerror}.", stacklevel=2)


def load_secret_key(path: Path) -> str:
    """Return the secret key that is stored in a file. The file is created at the first start.

    Raises `OSError` or `ValueError` if the file cannot be used.
    """
    make_private_folder(path.parent)
    if not path.exists():
        # Worker processes start at the same time. Linking a complete file is atomic, and only one of them succeeds.
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as temporary:  # created with mode 0600
            temporary.write(get_random_secret_key())
            temporary.flush()
            with suppress(FileExistsError):
                os.link(temporary.name, path)
    restrict(path)
    if not (key := path.read_text().strip()):
        raise ValueError("it is empty")
    return key
