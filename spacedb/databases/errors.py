"""What is wrong with a database, given the error of a query. Other errors are bugs."""

import sqlite3
from enum import Enum

from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError, connections

from spacedb.databases.deadline import TimeLimitError

RETRY_AFTER = 5
"""Seconds after which a client may repeat a request that failed because of a temporary problem."""


class Problem(Enum):
    """A state of the database in which queries fail, whatever their parameters are."""

    UNREACHABLE = "The database cannot be reached. Try again in a moment."
    BUSY = "The database is busy. Try again in a moment."
    NOT_MIGRATED = "The database has no tables of this release. The administrator has to run `manage.py migrate`."
    READ_ONLY = "The database is read-only."
    FULL = "The disk of the database is full."
    DISK_ERROR = "The disk of the database cannot be read or written."
    DAMAGED = "The database is damaged. The administrator has to restore a backup."
    TOO_SLOW = "The request takes too long. Use more filters, fewer search terms or a smaller limit."
    TABLES_CHANGED = "The tables of the database have just changed. Try again in a moment."
    NOT_PREPARED = "The connection pooler of the database does not support prepared statements."

    @property
    def is_temporary(self) -> bool:
        """Whether the same query may succeed in a moment."""
        return self in (Problem.UNREACHABLE, Problem.BUSY, Problem.TABLES_CHANGED)

    @property
    def advice(self) -> str:
        """What the administrator can do."""
        return _ADVICE[self]


_ADVICE = {
    Problem.UNREACHABLE: "Check DATABASE_URL, and that the database exists and its server runs.",
    Problem.BUSY: "Another process writes. Try again when it has finished.",
    Problem.NOT_MIGRATED: "Run manage.py migrate.",
    Problem.READ_ONLY: "Make the database, its file and the folder of the file writable, and free some space.",
    Problem.FULL: "Free some space on the disk of the database.",
    Problem.DISK_ERROR: "Check the disk of the database, and its free space.",
    Problem.DAMAGED: "Restore a backup, as docs/how-to/back-up-and-restore.md describes.",
    Problem.TOO_SLOW: "Raise STATEMENT_TIMEOUT.",
    Problem.TABLES_CHANGED: "If this does not stop, restart the server.",
    Problem.NOT_PREPARED: "Add ?prepare_threshold=none to DATABASE_URL, and to the URLs in DATABASE_REPLICA_URL.",
}

_SQLITE = {
    sqlite3.SQLITE_BUSY: Problem.BUSY,
    sqlite3.SQLITE_LOCKED: Problem.BUSY,
    sqlite3.SQLITE_READONLY: Problem.READ_ONLY,
    sqlite3.SQLITE_INTERRUPT: Problem.TOO_SLOW,
    sqlite3.SQLITE_IOERR: Problem.DISK_ERROR,
    sqlite3.SQLITE_CORRUPT: Problem.DAMAGED,
    sqlite3.SQLITE_FULL: Problem.FULL,
    sqlite3.SQLITE_NOTADB: Problem.DAMAGED,
}
"""By primary result code: https://www.sqlite.org/rescode.html."""

_POSTGRESQL = {
    "0A000": Problem.TABLES_CHANGED,  # feature_not_supported: a column of a prepared statement has another type
    "25006": Problem.READ_ONLY,  # read_only_sql_transaction
    "26000": Problem.NOT_PREPARED,  # invalid_sql_statement_name
    "3F000": Problem.NOT_MIGRATED,  # invalid_schema_name
    "40": Problem.BUSY,  # serialization failure, deadlock
    "42P01": Problem.NOT_MIGRATED,  # undefined_table
    "42703": Problem.NOT_MIGRATED,  # undefined_column
    "42P05": Problem.NOT_PREPARED,  # duplicate_prepared_statement
    "53100": Problem.FULL,  # disk_full
    "55P03": Problem.BUSY,  # lock_not_available
    "57014": Problem.TOO_SLOW,  # query_canceled
    "58030": Problem.DISK_ERROR,  # io_error
    "XX001": Problem.DAMAGED,  # data_corrupted
    "XX002": Problem.DAMAGED,  # index_corrupted
}
"""By SQLSTATE or its class: https://www.postgresql.org/docs/current/errcodes-appendix.html."""


def problem_of(error: BaseException | None) -> Problem | None:
    """The problem behind an error of Django or of a driver. None if it is an error of the query or of its values."""
    if not isinstance(error, DatabaseError | InterfaceError | sqlite3.Error):
        return None
    if isinstance(error, DataError | IntegrityError):
        return None
    if isinstance(error, TimeLimitError):
        return Problem.TOO_SLOW
    driver_error = error.__cause__ or error
    sqlite_code = getattr(driver_error, "sqlite_errorcode", 0)
    sqlstate = getattr(driver_error, "sqlstate", None) or ""
    if problem := (_SQLITE.get(sqlite_code & 0xFF) or _POSTGRESQL.get(sqlstate) or _POSTGRESQL.get(sqlstate[:2])):
        return problem
    if str(error).startswith(("no such table", "no such column")):  # SQLite has no code for them
        return Problem.NOT_MIGRATED
    if sqlite_code & 0xFF == sqlite3.SQLITE_ERROR or sqlstate.startswith(
        "54"
    ):  # the statement is wrong, or too complex
        return None
    return Problem.UNREACHABLE if isinstance(error, OperationalError | InterfaceError) else None


def close_after(problem: Problem) -> None:
    """Close the connections after a problem of their files, so that the next query opens the files again."""
    if problem in (Problem.READ_ONLY, Problem.FULL, Problem.DISK_ERROR, Problem.DAMAGED):
        for connection in connections.all(initialized_only=True):
            if not connection.in_atomic_block:
                connection.close()


def error_message(error: DatabaseError | InterfaceError) -> str:
    """The error and, if the database is the cause, what the administrator can do: one line."""
    return f"The database cannot be used: {message_with_advice(error)}"


def message_with_advice(error: BaseException) -> str:
    """The first line of an error and, if the database is the cause, what the administrator can do."""
    problem, message = problem_of(error), message_of(error)
    return f"{message.rstrip('.')}. {problem.advice}" if problem else message


def message_of(error: BaseException) -> str:
    """The first line of an error. On PostgreSQL the others contain the statement, or hints."""
    return " ".join(str(error).strip().partition("\n")[0].split())
