"""Uses an installation whose disk is read-only or full, and prints what happens as JSON.

    unshare -rm python -m tests.databases.disk read-only|full FOLDER

Mounting needs a mount namespace of its own. File permissions would not restrict root.
"""

import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

TMPFS_SIZE = 8 * 1024 * 1024


class ReadOnlyDisk:
    """The folder, as a read-only file system. Files may not be open for writing when it becomes read-only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        _mount("--bind", folder, folder)

    def restrict(self) -> None:
        _mount("-o", "remount,ro,bind", self.folder)

    def restore(self) -> None:
        _mount("-o", "remount,rw,bind", self.folder)


class FullDisk:
    """A copy of the folder on a small file system, which is filled."""

    def __init__(self, folder: Path) -> None:
        self.filler = folder / "filler"
        files = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
        _mount("-t", "tmpfs", "-o", f"size={TMPFS_SIZE}", "tmpfs", folder)
        for name, content in files.items():
            (folder / name).write_bytes(content)

    def restrict(self) -> None:
        with self.filler.open("ab", buffering=0) as filler, contextlib.suppress(OSError):
            while filler.write(b"x" * 4096):
                pass

    def restore(self) -> None:
        self.filler.unlink()


def _mount(*arguments: Any) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True)


def main(kind: str, folder: Path) -> None:
    django.setup()
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client

    from agencies.models import Agency
    from spacedb.command_line import main as command_line

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    disk: ReadOnlyDisk | FullDisk = ReadOnlyDisk(folder) if kind == "read-only" else FullDisk(folder)
    User.objects.create_superuser("editor", password="secret")
    Agency.objects.create(pk=1, name="One")
    report: dict[str, Any] = {}

    def record(state: str, *, command: bool = False) -> None:
        login = Client().post("/admin/login/", {"username": "editor", "password": "secret"})
        report[state] = {
            "read": [Client().get(path).status_code for path in ("/2.3.0/agencies/1/", "/admin/login/", "/health/")],
            "login": login.json()["detail"] if login.status_code == 503 else login.status_code,
            "command": _output(lambda: command_line(["manage.py", "token", "x"])) if command else "",
        }

    connection.close()
    disk.restrict()
    record("restricted at the start", command=True)
    disk.restore()
    record("restored")
    if kind == "full":
        disk.restrict()
        record("restricted later")
        disk.restore()
        record("restored again")
    json.dump(report, sys.stdout)


def _output(command: Callable[[], None]) -> str:
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output):
            command()
    except SystemExit as end:
        return str(end.code)
    return output.getvalue()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
