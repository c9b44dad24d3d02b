"""A full disk, a read-only disk, and a corrupt SQLite database: what requests and commands do. Linux, as root."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from benchmarks.processes import ROOT, Server
from tests.installation import Installation
from tests.reliability.clients import fetch
from tests.reliability.report import print_table
from tests.reliability.run_login import log_in
from tests.reliability.servers import FIXTURES, installation, log_of, serve
from tests.waiting import TIMEOUT

SIZE = 16 * 2**20
"""Bytes of the small disk."""


def run(seed: int, count: int = 1) -> list[str]:
    """Check each situation once. `count` has no meaning here."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return ["this check needs Linux and root, because it mounts file systems"]
    rows, failures = list[list[object]](), list[str]()
    with installation("disk") as original:
        if not original.database_url.startswith("sqlite"):
            return ["this check needs --database=sqlite"]
        original.run("shell", "--verbosity", "0", "--command", CREATE_EDITOR)
        for name, situation in SITUATIONS.items():
            with _small_disk(original) as site, serve(site, CACHE_SIZE="0", OBJECT_CACHE_SIZE="0") as server:
                with situation(site):
                    row = _observe(site, server)
                rows.append([name, *row])
                if "Traceback" in "".join(row):
                    failures.append(f"{name}: a command printed a traceback")
                if situation is not corrupt and fetch(server, LIST) != 200:
                    failures.append(f"{name}: the list is not served afterwards")
                if "Traceback" in log_of(site).read_text():
                    failures.append(f"{name}: the log of the server contains a traceback")
    print_table(["Situation", *OBSERVED], rows)
    return failures


LIST = "/2.3.0/spacecraft/?limit=100"
OBSERVED = ("List", "/health/", "Login to the admin", "ingest", "migrate")
CREATE_EDITOR = (
    "from django.contrib.auth.models import User; User.objects.create_superuser('editor', password='correct')"
)


def _observe(site: Installation, server: Server) -> list[str]:
    """What requests return, and what commands print at the end."""
    return [
        str(fetch(server, LIST)),
        str(fetch(server, "/health/")),
        str(log_in(server, "correct")),
        _last_line(site, sys.executable, "manage.py", "ingest", "--overwrite", f"{FIXTURES}/excerpts"),
        _last_line(site, sys.executable, "manage.py", "migrate", "--no-input"),
    ]


def _last_line(site: Installation, *command: str) -> str:
    result = subprocess.run(
        command, cwd=ROOT, env=site.environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    output = result.stdout + result.stderr
    lines = output.strip().splitlines() or [""]
    return f"{'Traceback, ' if 'Traceback' in output else ''}exit {result.returncode}: {lines[-1][:200]}"


@contextmanager
def _small_disk(original: Installation) -> Iterator[Installation]:
    """Copy an installation to a file system of its own."""
    with tempfile.TemporaryDirectory(prefix="spacedb-disk-") as name:
        disk, folder = Path(name) / "disk", Path(name) / "data"
        disk.mkdir()
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(disk)], check=True)
        try:
            file = disk / "spacedb.sqlite3"
            shutil.copy(original.folder / file.name, file)
            yield Installation(folder, f"sqlite:///{quote(str(file))}")
        finally:
            subprocess.run(["umount", "--lazy", str(disk)], check=True)


def _file(site: Installation) -> Path:
    return Path(site.database_url.removeprefix("sqlite:///"))


@contextmanager
def full(site: Installation) -> Iterator[None]:
    """Fill the disk."""
    filler = _file(site).with_name("filler")
    with filler.open("wb", buffering=0) as output:
        try:
            while True:
                output.write(b"\0" * 4096)
        except OSError:
            pass
    yield
    filler.unlink()


@contextmanager
def read_only(site: Installation) -> Iterator[None]:
    """Make the disk read-only."""
    disk = str(_file(site).parent)
    # A bind mount can become read-only although the server has files open for writing.
    subprocess.run(["mount", "--bind", disk, disk], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", disk], check=True)
    yield
    subprocess.run(["umount", "--lazy", disk], check=True)


@contextmanager
def corrupt(site: Installation) -> Iterator[None]:
    """Overwrite most of the file of the database with random bytes."""
    file = _file(site)
    with file.open("r+b") as output:
        output.seek(8192)
        output.write(os.urandom(file.stat().st_size - 16384))
    yield


SITUATIONS = {"full disk": full, "read-only disk": read_only, "corrupt database": corrupt}
