"""Errors of a run of the mirror."""

from django.db import DatabaseError, ProgrammingError

MAX_SOURCE_WAIT_SECONDS = 26 * 60 * 60.0
"""The longest wait that the source may request, in seconds. If it requests more, the run fails."""


class MirrorError(Exception):
    """The run cannot continue. The database is unchanged, and pages that were stored remain."""


class TransientError(Exception):
    """A request that may succeed later: the source is busy, slow or unreachable, or cut its response short.

    `retry_after` is the wait that the source requests, in seconds. `throttled` is True for 429 Too Many Requests.
    """

    def __init__(self, reason: str, *, retry_after: float | None = None, throttled: bool = False) -> None:
        self.retry_after = retry_after
        self.throttled = throttled
        super().__init__(reason)


def describe_database_error(error: DatabaseError) -> str:
    """The error message. If tables or columns are missing, it says to run the migrations."""
    is_missing = isinstance(error, ProgrammingError) or str(error).startswith(("no such table", "no such column"))
    return f"The database cannot be used: {error}" + ("\nRun the command migrate." if is_missing else "")


def describe_file_error(error: OSError) -> str:
    return f"A file cannot be read or written: {error}"
