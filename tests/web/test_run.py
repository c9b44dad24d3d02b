"""`spacedb`: its help, its errors, and signals while `spacedb run` starts the server."""

import json
import os
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
import weakref
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

import spacedb
from spacedb import command_line
from spacedb.web.management.commands import run as command
from tests.conftest import ENVIRONMENT, ROOT
from tests.installation import Installation, create_installation
from tests.waiting import TIMEOUT, wait_until

SLOW_MIGRATION = """
import time
from pathlib import Path
from django.db import migrations

def wait(apps, schema_editor):
    Path("waiting").touch()
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SELECT pg_sleep(600)")
    else:
        time.sleep(600)

class Migration(migrations.Migration):
    operations = [migrations.RunSQL("CREATE TABLE slow (id int)"), migrations.RunPython(wait)]
"""


SPACECRAFT = "/2.3.0/spacecraft/"

TABLES = {"sqlite": "sqlite_master WHERE name", "postgresql": "pg_tables WHERE tablename"}


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "spacedb", *arguments],
        cwd=ROOT,
        check=False,
        env=os.environ | ENVIRONMENT | variables,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )


@pytest.mark.vendor_neutral
def test_help_is_short_and_lists_the_own_commands_first() -> None:
    result = run("--help")
    lines = result.stdout.splitlines()
    assert result.returncode == 0
    assert len(lines) < 30
    listed = [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "]
    assert {"ingest", "mirror", "run", "token"} <= set(listed[: listed.index("run") + 2])
    assert "createsuperuser" in result.stdout.partition("Commands of Django")[2]


@pytest.mark.vendor_neutral
def test_sigterm_in_a_finalizer_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python ignores the exception of the signal handler there."""
    received = list[int]()
    monkeypatch.setattr(sys, "unraisablehook", command_line._resend_lost_sigterm)
    before = signal.signal(signal.SIGTERM, lambda number, frame: received.append(number))
    try:
        for error in (ValueError(), SystemExit(1), SystemExit(128 + signal.SIGTERM)):
            item = threading.Event()
            weakref.finalize(item, raise_error, error)
            del item
        wait_until(lambda: received)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert received == [signal.SIGTERM]


def raise_error(error: BaseException) -> None:
    raise error


@pytest.mark.vendor_neutral
def test_version() -> None:
    assert run("--version").stdout == f"spacedb {spacedb.__version__}\n"


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        (["run", "--port", "http"], {}, "http is not a port, which is a number from 0 to 65535"),
        (
            ["run"],
            {"DATABASE_URL": "sqlite:///"},
            "The server needs a database in a file, or PostgreSQL: set DATABASE_URL.",
        ),
        (["run"], {"PORT": "http"}, "PORT=http: expected a whole number from 0 to 65535."),
        (["run"], {"DATABASE_URL": "postgres://x@127.0.0.1:1/x"}, 'connection to server at "127.0.0.1", port 1 failed'),
        (
            ["run"],
            {"SECRET_KEY": "", "DATA_DIR": "/dev/null/x"},
            "/dev/null/x/secret_key cannot be used: Not a directory.",
        ),
        (["run"], {"SECRET_KEY": "", "SECRET_KEY_FILE": "/nothing"}, "SECRET_KEY_FILE: the file /nothing"),
        (["--help"], {"SECRET_KEY": "", "SECRET_KEY_FILE": "/nothing"}, "SECRET_KEY_FILE: the file /nothing"),
        (["token", "someone"], {}, "Run manage.py migrate."),
        (["rnu"], {}, "Unknown command: 'rnu'. Did you mean run?"),
    ],
)
def test_errors_have_no_traceback(arguments: list[str], variables: dict[str, str], message: str) -> None:
    result = run(*arguments, **variables)
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert result.returncode in (1, 2)


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(("host", "address"), [("127.0.0.1", "127.0.0.1:8123"), ("::1", "[::1]:8123")])
def test_the_address_may_be_one_of_ipv6(host: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", host)
    monkeypatch.setenv("PORT", "8123")
    assert runpy.run_path(str(ROOT / "gunicorn.conf.py"))["bind"] == address


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(
    ("starter", "steps"), [("full", ["migrate", "ingest", "server"]), ("none", ["migrate", "server"])]
)
def test_the_starter_catalogue_can_be_left_out(
    starter: str, steps: list[str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    settings.SPACEDB_STARTER = starter
    monkeypatch.setattr(command, "call_command", lambda name, *_, **__: done.append(name))
    monkeypatch.setattr(command, "connections", SimpleNamespace(close_all=lambda: None))
    monkeypatch.setattr(command, "_execute_gunicorn", lambda *_: done.append("server"))
    call_command("run", verbosity=0)
    assert done == steps


def test_granian_is_an_optional_package(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SERVER = "granian"
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    with pytest.raises(CommandError, match=r"pip install 'spacedb-server\[granian\]'"):
        call_command("run", verbosity=0)


@pytest.fixture
def installation(tmp_path: Path, template: Installation) -> Iterator[Installation]:
    with create_installation(tmp_path / "installation", "run_test", template) as copy:
        yield copy


def has_namespaces() -> bool:
    return subprocess.run(["unshare", "--pid", "--fork", "true"], check=False, capture_output=True).returncode == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "first_process",
    [
        pytest.param(False, id="process"),
        pytest.param(True, id="first process of a container", marks=pytest.mark.vendor_neutral),
    ],
)
def test_sigterm_rolls_back_a_running_migration(installation: Installation, first_process: bool) -> None:
    """The kernel ignores signals for which the first process of a PID namespace has no handler."""
    if first_process and not (shutil.which("unshare") and has_namespaces()):
        pytest.skip("needs unshare, and the right to create a PID namespace")
    folder = installation.folder
    (folder / "slow" / "migrations").mkdir(parents=True)
    (folder / "slow" / "migrations" / "__init__.py").touch()
    (folder / "slow" / "migrations" / "0001_initial.py").write_text(SLOW_MIGRATION)
    (folder / "slow_settings.py").write_text("from spacedb.settings import *\nINSTALLED_APPS += ['slow']\n")
    variables = {"DJANGO_SETTINGS_MODULE": "slow_settings", "PYTHONPATH": f"{folder}:{ROOT}"}
    process = subprocess.Popen(
        [*(["unshare", "--pid", "--fork"] if first_process else []), sys.executable, "-m", "spacedb", "run"],
        cwd=folder,
        env=installation.environment | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    wait_until((folder / "waiting").exists, process)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    os.kill(int(children.read_text()) if first_process else process.pid, signal.SIGTERM)
    output, _ = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 128 + signal.SIGTERM, output
    assert "Traceback" not in output
    for table in ("agencies_agency", "slow"):
        exists = f"SELECT EXISTS (SELECT 1 FROM {TABLES[connection.vendor]} = '{table}')"
        assert [bool(value) for (value,) in installation.query(exists)] == [table != "slow"]
    assert installation.query("SELECT * FROM django_migrations WHERE app = 'slow'") == []


@pytest.mark.vendor_neutral
def test_a_signal_before_gunicorn_is_ready_is_not_lost() -> None:
    """`spacedb run` blocks signals before it executes gunicorn, which then stops as soon as it is ready."""
    options = {"GUNICORN_CMD_ARGS": "--bind 127.0.0.1:0 --graceful-timeout 1", "WEB_CONCURRENCY": "1"}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    try:  # the process inherits the mask
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "spacedb.wsgi:application"],
            cwd=ROOT,
            env=os.environ | ENVIRONMENT | options,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0, output
    assert "Handling signal: term" in output


@pytest.mark.django_db
@pytest.mark.vendor_neutral
def test_granian(installation: Installation) -> None:
    """Its responses have the same bodies and headers as those of Django, and SIGTERM stops it."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    variables = {"SERVER": "granian", "PORT": str(port), "WEB_CONCURRENCY": "1"}
    server = subprocess.Popen(
        [sys.executable, "-m", "spacedb", "run"], cwd=ROOT, env=installation.environment | variables
    )

    def fetch(path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
        with closing(HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)) as http:
            http.request(method, path, headers=headers)
            response = http.getresponse()
            return response, response.read()

    def is_up() -> bool:
        with suppress(ConnectionRefusedError):
            return fetch("/health/")[0].status == 200
        return False

    try:
        wait_until(is_up, server)
        response, body = fetch(f"{SPACECRAFT}?limit=2")
        assert len(json.loads(body)["results"]) == 2
        head, nothing = fetch(f"{SPACECRAFT}?limit=2", "HEAD")
        assert (head.headers["Content-Length"], nothing) == (str(len(body)), b"")
        assert fetch(f"{SPACECRAFT}?limit=2", **{"If-None-Match": response.headers["ETag"]})[0].status == 304
        spooled, table = fetch(f"{SPACECRAFT}?format=csv&limit=all")
        assert int(spooled.headers["Content-Length"]) == len(table) > 1000
        assert fetch(f"{SPACECRAFT}?in_space=maybe")[0].status == 400
    finally:
        server.terminate()
    assert server.wait(timeout=TIMEOUT) == 0


@pytest.mark.django_db
@pytest.mark.vendor_neutral
def test_sighup_reads_the_env_file_again(installation: Installation) -> None:
    """`spacedb run` does not pass its variables on to gunicorn, where they would take precedence."""
    file = installation.folder / "env"
    file.write_text("THROTTLE_ANON=100000/day\n")
    variables = {"ENV_FILE": str(file), "PORT": "0", "WEB_CONCURRENCY": "1"}
    environment = {name: value for name, value in installation.environment.items() if name != "THROTTLE_ANON"}
    server = subprocess.Popen(
        [sys.executable, "-m", "spacedb", "run"],
        cwd=ROOT,
        env=environment | variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )

    def policy() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/2.3.0/config/orbits/", timeout=TIMEOUT) as response:
            return str(response.headers["RateLimit-Policy"])

    try:
        assert server.stderr
        listening = next(line for line in server.stderr if "Listening at" in line)
        threading.Thread(target=server.stderr.read, daemon=True).start()
        port = int(listening.rpartition(":")[2].split()[0])
        assert "q=100000" in policy()
        file.write_text("THROTTLE_ANON=200000/day\n")
        server.send_signal(signal.SIGHUP)
        wait_until(lambda: "q=200000" in policy(), server)
    finally:
        server.terminate()
        server.wait(timeout=TIMEOUT)
