"""Other users of the machine can read neither the database nor the secret key nor the pages of the mirror."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from spacedb.files import load_secret_key, make_private_database, make_private_folder, restrict
from spacedb.mirror.page_store import PageStore
from tests.conftest import ENVIRONMENT, ROOT

pytestmark = pytest.mark.vendor_neutral

WRITE_ALL_FILES = """
import os, sys
os.umask(int(sys.argv[1], 8))
import django
django.setup()
from django.conf import settings
from django.db import connection
from django.utils import timezone
from spacedb.mirror.page_store import PageStore, StoredPage

connection.cursor().execute("CREATE TABLE t (x)")
store = PageStore(settings.MIRROR_PAGE_STORE, "/")
with store.lock():
    store.write_page("agencies", 0, StoredPage("agencies/", ""), b"{}")
    store.refuse_page("agencies", 1, StoredPage("agencies/", ""), b"{}")
    store.finish_run(["agencies"])
    store.refuse_page("agencies", 1, StoredPage("agencies/", ""), b"{}")
    store.record_failure("reason", timezone.now())
    for folder in sys.argv[2:]:
        for path, _, names in os.walk(folder):
            for each in (path, *(os.path.join(path, name) for name in names)):
                print(each, oct(os.stat(each).st_mode & 0o777))
"""


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def written_modes(umask: str, data: Path, database_url: str, *folders: Path) -> dict[str, str]:
    """The modes of all files and folders in these folders, after a process with this umask has written its files."""
    variables = {
        "DATABASE_URL": database_url,
        "DATA_DIR": str(data),
        "MIRROR_PAGE_STORE": str(data / "mirror"),
        "SECRET_KEY": "",
    }
    command = [sys.executable, "-c", WRITE_ALL_FILES, umask, *map(str, folders)]
    output = subprocess.check_output(command, cwd=ROOT, env=os.environ | ENVIRONMENT | variables, text=True)
    return dict(line.split() for line in output.splitlines())


def private_modes(modes: dict[str, str]) -> dict[str, str]:
    return {path: "0o700" if Path(path).is_dir() else "0o600" for path in modes}


def test_files_are_private_without_a_umask(tmp_path: Path) -> None:
    modes = written_modes("0", tmp_path / "new" / "data", "", tmp_path / "new")
    names = {Path(path).name for path in modes}
    assert {"spacedb.sqlite3", "spacedb.sqlite3-wal", "spacedb.sqlite3-shm", "secret_key"} <= names
    assert {"data", "mirror", "refused", "lock", "failed.json", "00000.json", "00001.json"} <= names
    assert modes == private_modes(modes)


def test_files_are_private_with_the_usual_umask(tmp_path: Path) -> None:
    """The folder of a database in DATABASE_URL may be shared, and is not changed."""
    data, foreign = tmp_path / "data", tmp_path / "foreign"
    foreign.mkdir(mode=0o755)
    modes = written_modes("022", data, f"sqlite:///{foreign}/db.sqlite3", data, foreign)
    assert modes.pop(str(foreign)) == "0o755"
    assert {f"{foreign}/db.sqlite3{suffix}" for suffix in ("", "-wal", "-shm")} <= modes.keys()
    assert modes == private_modes(modes)


def test_existing_files_become_private(tmp_path: Path) -> None:
    """Those of an earlier release."""
    data, shared = tmp_path / "data", tmp_path / "shared"
    mirror = data / "mirror"
    for folder in (data, shared, mirror, mirror / "pages", mirror / "pages" / "agencies", mirror / "unrelated"):
        folder.mkdir()
        folder.chmod(0o755)
    own = [data / "secret_key", mirror / "lock", mirror / "pages" / "agencies" / "00000.json"]
    own += [shared / f"db.sqlite3{suffix}" for suffix in ("", "-wal", "-shm", "-journal")]
    unrelated = [shared / "other.sqlite3", mirror / "unrelated" / "file"]
    for path in (*own, *unrelated):
        path.touch()
        path.chmod(0o644)
    (data / "secret_key").write_text("secret")
    load_secret_key(data / "secret_key")
    make_private_database(str(shared / "db.sqlite3"))
    with PageStore(mirror, "/").lock():
        pass
    assert {path: mode_of(path) for path in own} == dict.fromkeys(own, 0o600)
    assert {path: mode_of(path) for path in unrelated} == dict.fromkeys(unrelated, 0o644)
    folders = (data, mirror, mirror / "pages", mirror / "pages" / "agencies")
    assert [mode_of(folder) for folder in folders] == [0o700] * 4
    assert [mode_of(folder) for folder in (shared, mirror / "unrelated")] == [0o755] * 2


def test_foreign_files_are_not_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither those of other users, nor shared folders such as /tmp, nor files without group and others."""
    shared, read_only = tmp_path / "shared", tmp_path / "read_only"
    shared.mkdir()
    shared.chmod(0o1777)
    read_only.touch(0o400)
    make_private_folder(shared)
    restrict(read_only)
    assert (mode_of(shared), mode_of(read_only)) == (0o1777, 0o400)
    foreign = tmp_path / "foreign"
    foreign.touch(0o644)
    foreign.chmod(0o644)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    restrict(foreign)
    assert mode_of(foreign) == 0o644


def test_a_file_system_without_permissions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", fail)
    (tmp_path / "file").touch()
    with pytest.warns(UserWarning, match=r"Other users may be able to read .*/file: Operation not permitted\."):
        restrict(tmp_path / "file")


def test_databases_that_cannot_be_created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite reports them, with the error of Django."""
    monkeypatch.chdir(tmp_path)
    for name in (":memory:", "file:memory?mode=memory", str(tmp_path / "missing" / "db.sqlite3"), str(tmp_path)):
        make_private_database(name)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="needs Linux")
def test_another_connection_does_not_release_the_locks_of_the_first(tmp_path: Path) -> None:
    """Otherwise another process would delete the write-ahead log that the first connection uses."""
    script = """
import os, threading
import django
django.setup()
from django.db import connection

def query():
    connection.cursor().execute("SELECT 1 FROM sqlite_master").fetchall()

def locks():
    return sum(line.split()[4] == str(os.getpid()) for line in open("/proc/locks"))

connection.cursor().execute("CREATE TABLE t (x)")
query()
before = locks()
thread = threading.Thread(target=query)
thread.start()
thread.join()
print(before, locks())
"""
    variables = {"DATABASE_URL": f"sqlite:///{tmp_path}/spacedb.sqlite3", "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-c", script]
    output = subprocess.check_output(command, cwd=ROOT, env=os.environ | ENVIRONMENT | variables, text=True)
    before, after = map(int, output.split())
    assert 0 < before <= after
