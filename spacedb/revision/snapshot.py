"""Snapshots: all queries of a response read the same state of the data, whatever is written meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, DataError, InterfaceError, connections, transaction

from spacedb.databases.errors import Problem, problem_of
from spacedb.databases.postgresql.statement_limit import StatementLimit
from spacedb.revision.current import CurrentRevision, current_revision
from spacedb.revision.replicas import ReplicaLostError, close_failed, read_databases

Result = TypeVar("Result")

_BEGIN_READ_ONLY = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; "
    "SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL jit = off"
)
"""The start of a transaction on PostgreSQL.

`plan_cache_mode`: PostgreSQL would plan a prepared statement again for each of its first five executions. The ids are
one array, so no plan depends on them. `jit`: it overestimates the cost of a search for several terms, and would compile
that to machine code, which takes seconds.
"""


class _Snapshot(NamedTuple):
    using: str
    revision: CurrentRevision | None


_active: ContextVar[_Snapshot | None] = ContextVar("snapshot", default=None)


@contextmanager
def snapshot() -> Iterator[CurrentRevision | None]:
    """A read-only transaction that reads what was committed when it began and blocks no writer.

    Yields the revision of the data, or None while migrations run. The queries within go to a replica, if there is one
    that can be reached (`DATABASE_REPLICA_URL`), else to the primary. Raises `ReplicaLostError` if the replica fails;
    the caller can then try again. Within a transaction that is already open, as in tests, it uses that transaction.
    """
    started, transaction_stack = _begin()
    try:
        with transaction_stack:
            token = _active.set(started)
            try:
                yield started.revision
            finally:
                _active.reset(token)
    except (DatabaseError, InterfaceError) as error:
        if started.using == DEFAULT_DB_ALIAS or not _is_lost(error):
            raise
        close_failed(started.using, error)
        raise ReplicaLostError(*error.args) from error


def retry_lost(function: Callable[[], Result]) -> Result:
    """Call a function that reads in a snapshot. If a replica fails meanwhile, call it again with another database."""
    for _ in settings.REPLICAS:  # each may fail once; the last attempt uses the primary
        with suppress(ReplicaLostError):
            return function()
    return function()


def _begin() -> tuple[_Snapshot, ExitStack]:
    for using in read_databases():
        try:
            with ExitStack() as stack:
                stack.enter_context(_read_only_transaction(using))
                return _Snapshot(using, current_revision(using)), stack.pop_all()
        except (DatabaseError, InterfaceError) as error:  # or a replica that has not been migrated yet
            if using == DEFAULT_DB_ALIAS or not _is_lost(error):
                raise
            close_failed(using, error)
    raise AssertionError("the primary is the last database: it returns or raises")


def _is_lost(error: Exception) -> bool:
    """Whether another database may respond: not to a value that no column can store, or to a slow query."""
    return not isinstance(error, DataError) and problem_of(error) is not Problem.TOO_SLOW


@contextmanager
def _read_only_transaction(using: str) -> Iterator[None]:
    connection: Any = connections[using]
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        limit, error = StatementLimit(connection), None
        with transaction.atomic(using), connection.cursor() as cursor, connection.execute_wrapper(limit):
            cursor.execute(f"{_BEGIN_READ_ONLY}{limit.statement()}")
            try:
                yield
            except (DatabaseError, InterfaceError):
                raise
            except Exception as exception:  # such as Http404: psycopg discards all prepared statements in a rollback
                error = exception
        if error:
            raise error
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
    """Sends the queries of a snapshot to the database that it reads from, and all others to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        active = _active.get()
        return active.using if active else None

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool:
        return True  # replicas hold the same objects

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db in settings.REPLICAS else None
