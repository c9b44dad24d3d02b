"""The revision: which state of the data an answer was made of.

Every committed write to a table of resources raises it in the same transaction, whatever wrote: ingest, the admin,
`loaddata`, a shell, SQL by hand. Triggers of the database see to that: `spacedb.api.triggers`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from spacedb.revision.models import Revision

WRITE_LOCK = 0x5BACEDB
"""The key of PostgreSQL's advisory lock that whoever writes resources holds until the end of the transaction."""

WRITE_LOCK_TIMEOUT = "20s"
"""How long PostgreSQL lets a writer wait for that lock, as `timeout` does on SQLite; then it is an OperationalError."""

TABLE = Revision._meta.db_table


class CurrentRevision(NamedTuple):
    """What a revision is known by."""

    token: str
    last_modified: int
    """Seconds since 1970; no two revisions have the same."""


READ_REVISION = f"SELECT token, last_modified FROM {TABLE}"


def current_revision(using: str = DEFAULT_DB_ALIAS) -> CurrentRevision | None:
    """The revision of the data that a query would see now. None, if someone emptied its table: then it is unknown.

    Within a snapshot it is the revision of all that is read there.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(READ_REVISION)
        row = cursor.fetchone()
    return CurrentRevision(*row) if row else None


@contextmanager
def single_revision(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """One transaction, of which there is no other at the same time, and which raises the revision by one or not at all.

    Whoever reads sees no more than one step anyway. But of many statements each would move Last-Modified on by a
    second, ahead of the clock.
    """
    with transaction.atomic(using=using):
        lock_writers(using)
        before = Revision.objects.using(using).first()
        yield
        if transaction.get_rollback(using):
            return
        after = Revision.objects.using(using).first()
        if before and after and after.number > before.number + 1:
            after.number = before.number + 1
            after.last_modified = max(int(after.moment.timestamp()), before.last_modified + 1)
            after.save(using=using, update_fields=["number", "last_modified"])


def lock_writers(using: str = DEFAULT_DB_ALIAS) -> None:
    """Wait until no other transaction writes resources, and let none until the end of this one.

    Each writing statement does so by itself; who locks rows before it writes has to do it first, or two could wait for
    each other. On SQLite a transaction does it by beginning. Raises `OperationalError` after 20 seconds.
    """
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, true), pg_advisory_xact_lock(%s)",
                [WRITE_LOCK_TIMEOUT, WRITE_LOCK],
            )
