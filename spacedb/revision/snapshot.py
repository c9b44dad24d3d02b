"""One state of the data for all queries of a response, whatever is written meanwhile."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.conf import settings
from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    DataError,
    InterfaceError,
    OperationalError,
    connections,
    transaction,
)

from spacedb.revision import current
from spacedb.revision.current import CurrentRevision
from spacedb.revision.replicas import is_gone, read_databases

logger = logging.getLogger(__name__)


class ReplicaLost(OperationalError):
    """The replica was lost, or could not go on, in the middle of an answer."""


class _Reading(NamedTuple):
    using: str
    label: CurrentRevision | None


_reading: ContextVar[_Reading | None] = ContextVar("reading", default=None)


@contextmanager
def snapshot() -> Iterator[CurrentRevision | None]:
    """A read-only transaction that sees what was committed when it began, and keeps no writer waiting.

    Raises `ReplicaLost` where the replica that it reads from fails it: then it can be done again, from elsewhere.

    Its value is the revision of what it sees. It reads from a replica, if there are any (`DATABASE_REPLICA_URL`) and
    one can be reached. Within another snapshot it is that one; within a transaction that is under way (a test's), it
    is that transaction.
    """
    if outer := _reading.get():
        yield outer.label
        return
    reading, stack = _begin()
    try:
        with stack:
            before = _reading.set(reading)
            try:
                yield reading.label
            finally:
                _reading.reset(before)
    except (DatabaseError, InterfaceError) as error:
        # What no column can hold, no other database could either.
        if reading.using == DEFAULT_DB_ALIAS or isinstance(error, DataError):
            raise
        is_gone(reading.using, error)
        raise ReplicaLost(*error.args) from error


def _begin() -> tuple[_Reading, ExitStack]:
    for using in read_databases():
        try:
            with ExitStack() as begun:
                begun.enter_context(_transaction(using))
                reading = _Reading(using, current.current_revision(using))
                return reading, begun.pop_all()
        except (DatabaseError, InterfaceError) as error:  # also a replica that lacks what was migrated
            if using == DEFAULT_DB_ALIAS:
                raise
            is_gone(using, error)
    raise AssertionError("the last of the sources returns or raises")


@contextmanager
def _transaction(using: str) -> Iterator[None]:
    connection: Any = connections[using]
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(using), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        connection.ensure_connection()
        mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic(using):
                connection.transaction_mode = mode
                yield
        finally:
            connection.transaction_mode = mode


class ReplicaRouter:
    """Answers are read where their snapshot is; all else, such as the admin, from the database that it writes to."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        reading = _reading.get()
        return reading.using if reading else None

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True  # all are the same database

    def allow_migrate(self, using: str, app_label: str, **hints: Any) -> bool | None:
        return False if using in settings.REPLICAS else None
