"""Why a mirror comes to an end, or waits."""

from django.db import DatabaseError, ProgrammingError

LONGEST_WAIT_ASKED = 26 * 60 * 60.0
"""Seconds. A source that asks for more than a day does not want to be asked."""


class MirrorError(Exception):
    """The mirror cannot go on. What the server held before, it holds still; pages that have arrived are kept."""


class TransientError(Exception):
    """What may be otherwise in a while: the source is busy, slow, out of reach, or cut its answer short.

    `retry_after` is what the source asked for, in seconds; `busy` says that it refused for too many requests.
    """

    def __init__(self, reason: str, *, retry_after: float | None = None, busy: bool = False) -> None:
        self.retry_after = retry_after
        self.busy = busy
        super().__init__(reason)


def database_trouble(error: DatabaseError) -> str:
    """What is wrong with the database, and what to do where it lacks tables or columns."""
    lacks = isinstance(error, ProgrammingError) or str(error).startswith(("no such table", "no such column"))
    return f"The database cannot be used: {error}" + ("\nRun manage.py migrate." if lacks else "")


def file_trouble(error: OSError) -> str:
    return f"A file cannot be read or written: {error}"
