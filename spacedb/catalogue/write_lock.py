"""The lock that a transaction holds while it writes the catalogue, so that one at a time does."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections, transaction

WRITE_LOCK = 0x5BACEDB
"""The key of the PostgreSQL advisory lock that a transaction holds while it writes the catalogue."""

WRITE_LOCK_TIMEOUT = "20s"
"""How long a writer waits for that lock on PostgreSQL before it gets an OperationalError, as on SQLite."""


@contextmanager
def write_transaction(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """A transaction during which no other transaction writes the catalogue."""
    with transaction.atomic(using=using):
        lock_writers(using)
        yield


def lock_writers(using: str = DEFAULT_DB_ALIAS) -> None:
    """Wait until no other transaction writes the catalogue, and keep others waiting until the end of this one.

    Each writing statement takes the lock by itself. Code that locks rows before it writes must call this first, or two
    transactions could deadlock. On SQLite, beginning a transaction has the same effect. Raises `OperationalError` after
    20 seconds.
    """
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, true), pg_advisory_xact_lock(%s)",
                [WRITE_LOCK_TIMEOUT, WRITE_LOCK],
            )
