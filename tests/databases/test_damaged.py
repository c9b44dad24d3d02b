"""A database that cannot be used: the status is 503 with the reason, and commands end with one message."""

import os
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, IntegrityError, OperationalError, ProgrammingError, connection
from django.test import Client

from spacedb.command_line import main
from spacedb.databases.deadline import TimeLimitError
from spacedb.databases.errors import Problem, error_message, problem_of

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="damages a SQLite file"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_neutral,
]

PAGE = 4096


def overwrite(file: Path, start: int, count: int) -> None:
    with file.open("r+b") as stream:
        stream.seek(start)
        stream.write(os.urandom(count))


def truncate(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def replace_by_directory(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGES: dict[str, tuple[Callable[[Path], object], Problem]] = {
    "header": (lambda file: overwrite(file, 0, 100), Problem.DAMAGED),
    "schema": (lambda file: overwrite(file, 100, PAGE - 100), Problem.DAMAGED),
    "pages": (lambda file: overwrite(file, PAGE, file.stat().st_size - PAGE), Problem.DAMAGED),
    "truncated": (truncate, Problem.DAMAGED),
    "text": (lambda file: file.write_text("not a database\n" * 1000), Problem.DAMAGED),
    "empty": (lambda file: file.write_bytes(b""), Problem.NOT_MIGRATED),
    "directory": (replace_by_directory, Problem.UNREACHABLE),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_responses(name: str, file: Path, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    damage, problem = DAMAGES[name]
    client.cookies["sessionid"] = "0" * 32
    connection.close()
    damage(file)
    for path in ("/2.3.0/spacecraft/", "/2.2.0/agencies/1/", "/admin/", "/health/?format=json"):
        caplog.clear()
        response = client.get(path)
        assert response.status_code == 503, path
        assert problem.value in response.text
        errors = [record for record in caplog.records if "database unavailable" in record.getMessage()]
        assert [record.levelname for record in errors] == ["ERROR"]
        assert not any(record.exc_info for record in caplog.records)
        if "health" not in path:
            assert response.json() == {"detail": problem.value}
            assert response.get("retry-after") == ("5" if problem.is_temporary else None)
            assert response["cache-control"] == "no-store"


COMMANDS = [
    ["migrate"],
    ["recount"],
    ["token", "Gagarin"],
    ["generate", "--spacecraft=1", "--flights=1"],
    ["mirror", "--status"],
    ["export", "-"],
    ["ingest", "-v0", "fixtures"],
    ["createsuperuser", "--no-input", "--username=a", "--email=a@example.com"],
]


@pytest.mark.parametrize("name", ["header", "pages", "empty", "directory"])
def test_commands(name: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damage, problem = DAMAGES[name]
    damage(file)
    for command in COMMANDS if name != "empty" else COMMANDS[1:]:
        with pytest.raises(SystemExit) as ended:
            main(["manage.py", *command])
        output = capsys.readouterr().err
        message = output if ended.value.code == 1 else str(ended.value.code)
        assert re.search(rf"The database cannot be used: .*\. {re.escape(problem.advice)}$", message.strip())
        assert "Traceback" not in output


def test_session_that_cannot_be_saved(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The middleware saves it, where neither the view nor another middleware can handle the error."""

    def save(session: Any, must_create: bool = False) -> None:
        if not must_create:
            raise OperationalError("attempt to write a readonly database") from sqlite_error(sqlite3.SQLITE_READONLY)

    monkeypatch.setattr(SessionStore, "save", save)
    User.objects.create_superuser("editor", password="secret")
    client = Client(raise_request_exception=False)
    response = client.post("/admin/login/", {"username": "editor", "password": "secret"})
    assert (response.status_code, response.json()) == (503, {"detail": Problem.READ_ONLY.value})


def test_traceback_of_a_command(file: Path) -> None:
    DAMAGES["header"][0](file)
    with pytest.raises(DatabaseError, match="not a database"):
        main(["manage.py", "recount", "--traceback"])


def sqlite_error(code: int) -> Exception:
    error = sqlite3.OperationalError("failed")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "cause", "problem"),
    [
        (OperationalError("failed"), sqlite_error(sqlite3.SQLITE_IOERR_SHMSIZE), Problem.DISK_ERROR),
        (OperationalError("failed"), sqlite_error(sqlite3.SQLITE_FULL), Problem.FULL),
        (OperationalError("failed"), sqlite_error(sqlite3.SQLITE_READONLY_DBMOVED), Problem.READ_ONLY),
        (OperationalError("failed"), sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), Problem.BUSY),
        (OperationalError("failed"), sqlite_error(sqlite3.SQLITE_INTERRUPT), Problem.TOO_SLOW),
        (DatabaseError("failed"), sqlite_error(sqlite3.SQLITE_CORRUPT_INDEX), Problem.DAMAGED),
        (ProgrammingError("failed"), psycopg.errors.UndefinedTable(), Problem.NOT_MIGRATED),
        (OperationalError("failed"), psycopg.errors.DiskFull(), Problem.FULL),
        (DatabaseError("failed"), psycopg.errors.ReadOnlySqlTransaction(), Problem.READ_ONLY),
        (OperationalError("failed"), psycopg.errors.QueryCanceled(), Problem.TOO_SLOW),
        (OperationalError("failed"), psycopg.errors.DeadlockDetected(), Problem.BUSY),
        (DatabaseError("failed"), psycopg.errors.DataCorrupted(), Problem.DAMAGED),
        (OperationalError("connection refused"), psycopg.OperationalError(), Problem.UNREACHABLE),
        (TimeLimitError("exceeded"), None, Problem.TOO_SLOW),
        (ProgrammingError("syntax error"), psycopg.errors.SyntaxError(), None),
        (IntegrityError("not unique"), psycopg.errors.UniqueViolation(), None),
        (ValueError("a bug"), None, None),
    ],
)
def test_problems(error: Exception, cause: Exception | None, problem: Problem | None) -> None:
    error.__cause__ = cause
    assert problem_of(error) is problem


@pytest.mark.parametrize(
    "message",
    [
        'connection failed: FATAL:  password authentication failed for user "x"\n',
        "failed: Connection refused\n\tIs the server running?",
    ],
)
def test_description_is_one_line(message: str) -> None:
    description = error_message(OperationalError(message))
    assert description.startswith(f"The database cannot be used: {' '.join(message.splitlines()[0].split())}. Check")
    assert "\n" not in description
