"""Settings are validated when a process starts. One message lists all invalid ones, without a traceback."""

import os
import runpy
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from spacedb.environment import EXIT_STATUS, SECRETS, SettingsError
from tests.conftest import ENVIRONMENT, ROOT

pytestmark = pytest.mark.vendor_neutral

INVALID = {
    "ALLOWED_HOSTS": ("https://example.com", "host names without scheme and port, such as example.com"),
    "CACHE_CONTROL": ("no\ncache", "a header value such as public, max-age=60"),
    "CACHE_SIZE": ("-1", "a whole number of at least 0"),
    "CACHE_URL": ("memcached://x", "a URL such as redis://HOST:6379/0"),
    "CORS_ALLOWED_ORIGINS": ("example.com", "origins such as https://example.com"),
    "CSRF_TRUSTED_ORIGINS": ("https://example.com/path", "origins such as https://example.com"),
    "DATABASE_URL": ("nonsense", "a URL such as postgres://USER:PASSWORD@HOST:5432/NAME or sqlite:////path/to/file"),
    "DATABASE_REPLICA_URL": ("sqlite:////x", "comma-separated URLs such as postgres://USER:PASSWORD@HOST:5432/NAME"),
    "DEBUG": ("maybe", "true or false"),
    "HOST": ("a b", "an IP address or a host name"),
    "HTTPS": ("2", "true or false"),
    "LOG_FORMAT": ("xml", "one of console, json"),
    "LOG_LEVEL": ("loud", "one of DEBUG, INFO, WARNING, ERROR, CRITICAL"),
    "MIRROR_BUDGET": ("nonsense", "requests a day such as 40/day, at least 5"),
    "MIRROR_CONTACT": ("ä", "a URL or an email address in ASCII characters"),
    "MIRROR_RESERVE": ("x", "a whole number of at least 0"),
    "MIRROR_SOURCE": ("ll.thespacedevs.com", "a URL such as https://ll.thespacedevs.com/2.3.0/"),
    "OBJECT_CACHE_SIZE": ("8 MB", "a whole number of at least 0"),
    "PORT": ("65536", "a whole number from 0 to 65535"),
    "SPACEDB_STARTER": ("half", "one of full, none"),
    "SERVER": ("uwsgi", "one of gunicorn, granian"),
    "SUPPORT_URL": ("javascript:x", "a URL such as https://example.com/help or mailto:help@example.com"),
    "THROTTLE_ANON": ("lots", "a rate such as 15/hour"),
    "THROTTLE_USER": ("0/hour", "a rate such as 15/hour"),
    "TRUSTED_PROXIES": ("-1", "a whole number of at least 0"),
    "UNKNOWN_TOKENS": ("x", "one of ignore, reject"),
    "WEB_CONCURRENCY": ("0", "a whole number of at least 1"),
}


def read_settings(monkeypatch: pytest.MonkeyPatch, variables: Mapping[str, str]) -> dict[str, Any]:
    """The settings that a process with these variables would have."""
    monkeypatch.setattr(os, "environ", {**os.environ, **ENVIRONMENT, **variables})
    return runpy.run_path(str(ROOT / "spacedb" / "settings.py"))


def errors(monkeypatch: pytest.MonkeyPatch, variables: Mapping[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        read_settings(monkeypatch, variables)
    return str(raised.value).split("\n  ")[1:]


def run(*command: str, **variables: str) -> tuple[int, str]:
    """The exit status and the output of a process."""
    process = subprocess.run(
        [sys.executable, *command],
        check=False,
        cwd=ROOT,
        env=os.environ | ENVIRONMENT | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return process.returncode, process.stdout


def test_all_invalid_settings_are_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = errors(monkeypatch, {name: value for name, (value, _) in INVALID.items()})
    shown = {name: name if name in SECRETS else f"{name}={ascii(value)[1:-1]}" for name, (value, _) in INVALID.items()}
    expected = [f"{shown[name]}: expected {accepted}." for name, (_, accepted) in INVALID.items()]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize(
    ("variables", "error"),
    [
        ({"DATABASE_URL": "postgres://me:secret@host:0x/db"}, "DATABASE_URL: expected a URL"),
        ({"DATABASE_URL": "mysql://host/db"}, "DATABASE_URL: expected a URL"),
        ({"DATABASE_URL": "postgres://host"}, "with the name of a database."),
        ({"DATABASE_URL": "postgres://host/db?conn_max_age=x"}, "with a number of seconds as conn_max_age."),
        ({"DATABASE_URL": "postgres://host/db?wait=1"}, "with options of libpq (invalid connection option"),
        ({"DATABASE_URL": "sqlite:////x?wait=1"}, "without unknown options."),
        ({"CACHE_URL": "redis://host/0?wait=1"}, "with options of redis-py ("),
        ({"CACHE_URL": "redis://host/0?socket_timeout=x"}, "with options of redis-py ("),
        ({"CACHE_URL": "rediss://host/0?ssl_cert_reqs=x"}, "with options of redis-py ("),
        ({"CACHE_URL": "redis://host/x"}, "with the number of a database."),
        ({"STATEMENT_TIMEOUT": "3000000"}, "expected a whole number from 0 to 86400."),
        ({"DATABASE_REPLICA_URL": "postgres://host/db"}, "replicas require a PostgreSQL database in DATABASE_URL."),
        ({"MIRROR_TOKEN": "my secret"}, "MIRROR_TOKEN: expected one word of printable ASCII characters."),
        ({"ENV_FILE": str(ROOT)}, "ENV_FILE: the file .* cannot be read: Is a directory."),
        ({"SECRET_KEY": "", "DATA_DIR": "/dev/null/x"}, "SECRET_KEY: /dev/null/x/secret_key cannot be used: Not a dir"),
        ({"DATABASE_URL": "", "DATA_DIR": "/dev/null/x"}, "DATA_DIR=/dev/null/x: the folder cannot be created: Not a"),
    ],
)
def test_invalid_settings(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], error: str) -> None:
    [found] = errors(monkeypatch, variables)
    assert error.partition(" .* ")[0] in found
    assert error.partition(" .* ")[2] in found
    assert "secret@" not in found
    assert "my secret" not in found


def test_lines_of_the_file_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The message does not contain the line, which may be a password."""
    file = tmp_path / "env"
    file.write_text("# comment\n\nCACHE_SIZE=7\nexport PORT=x\nSECRET KEY=password\n  # indented\nnonsense\nA=b\0\n")
    assert errors(monkeypatch, {"ENV_FILE": str(file)}) == [
        f"ENV_FILE: line {number} of {file} is neither NAME=value nor a comment (#)." for number in (5, 7, 8)
    ]


def test_valid_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_text("TEST_ONE=1\n  export TEST_TWO='two'  \n")
    settings = read_settings(
        monkeypatch,
        {
            "ENV_FILE": str(file),
            "ALLOWED_HOSTS": "example.com, .example.org,[::1]",
            "CORS_ALLOWED_ORIGINS": "https://example.com,capacitor://localhost:80",
            "CACHE_URL": "rediss://:password@host:6379/1",
            "DEBUG": "TRUE",
            "HTTPS": "",
            "LOG_LEVEL": "info",
            "SECRET_KEY": "$starts with a dollar",
            "THROTTLE_ANON": "15/h",
            "PORT": "",
        },
    )
    assert settings["ALLOWED_HOSTS"][:3] == ["example.com", ".example.org", "[::1]"]
    assert settings["CORS_ALLOWED_ORIGINS"] == ["https://example.com", "capacitor://localhost:80"]
    assert (settings["DEBUG"], settings["HTTPS"], settings["LOG_LEVEL"]) == (True, False, "INFO")
    assert settings["SECRET_KEY"] == "$starts with a dollar"
    assert settings["PORT"] == 8000


BAD = {"PORT": "abc", "LOG_LEVEL": "loud"}
BAD_OUTPUT = """2 settings are invalid:
  LOG_LEVEL=loud: expected one of DEBUG, INFO, WARNING, ERROR, CRITICAL.
  PORT=abc: expected a whole number from 0 to 65535.
"""


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (["manage.py", "migrate"], 1),
        (["-m", "gunicorn", "spacedb.wsgi:application"], 1),
        (["-c", "import spacedb.wsgi"], EXIT_STATUS),
    ],
)
def test_processes_end_with_the_message(command: list[str], status: int) -> None:
    assert run(*command, **BAD) == (status, BAD_OUTPUT)


def test_gunicorn_without_its_settings_stops() -> None:
    """The status of the worker makes the master stop, instead of starting workers for ever."""
    status, output = run(
        "-m", "gunicorn", "--config=/dev/null", "--workers=1", "--bind=127.0.0.1:0", "spacedb.wsgi", **BAD
    )
    assert status == EXIT_STATUS
    assert output.count(BAD_OUTPUT) == 1
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("host", "reason"), [("127.0.0.1", "Address already in use"), ("x.invalid", "Name or service")]
)
def test_address_that_cannot_be_used(host: str, reason: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        status, output = run("-m", "gunicorn", "spacedb.wsgi", HOST=host, PORT=str(port))
    assert status == 1
    _, message = output.splitlines()
    assert message.startswith(f"The server cannot listen on {host} port {port}: {reason}")


def test_gunicorn_does_not_wait_for_settings_forever(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def time_out(command: list[str], timeout: float, **options: object) -> None:
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(subprocess, "run", time_out)
    with pytest.raises(SystemExit):
        runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    assert "timed out after 60 seconds" in capsys.readouterr().err


def test_invalid_settings_are_not_loaded_by_a_running_server(tmp_path: Path) -> None:
    """SIGHUP makes gunicorn read the settings again."""
    file = tmp_path / "env"
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "spacedb.wsgi:application"],
        cwd=ROOT,
        env=os.environ | ENVIRONMENT | {"ENV_FILE": str(file), "PORT": "0", "WEB_CONCURRENCY": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )

    def read_until(text: str) -> str:
        assert server.stderr
        return next(line for line in server.stderr if text in line)

    try:
        port = int(read_until("Listening at").rpartition(":")[2].split()[0])
        with socket.create_connection(("127.0.0.1", port)) as client:  # the worker has read the file
            client.sendall(b"GET /static/ HTTP/1.0\r\n\r\n")
            assert client.recv(4) == b"HTTP"
        file.write_text("broken\n")
        server.send_signal(signal.SIGHUP)
        assert "is neither NAME=value nor a comment" in read_until("ENV_FILE")
        read_until("Not reloaded: the settings are invalid.")
        file.write_text("# comment\n")
        server.send_signal(signal.SIGHUP)
        read_until("Booting worker")
    finally:
        server.terminate()
        server.communicate(timeout=600)
