"""Database triggers that change the revision, and that of the written table, with every write to the catalogue.

They are installed after every `migrate`, because SQLite drops those of a table that a migration rebuilds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from typing_extensions import override

from spacedb.catalogue.models import Resource, UUIDResource
from spacedb.catalogue.write_lock import WRITE_LOCK, WRITE_LOCK_TIMEOUT, lock_writers
from spacedb.revision.current import TABLE
from spacedb.revision.models import Revision, TableRevision

TABLE_REVISIONS = TableRevision._meta.db_table


def watched_models() -> list[type[models.Model]]:
    """The models whose data responses contain: all models of each app with resources, and their through models."""
    return [
        model
        for app in apps.get_app_configs()
        if any(issubclass(model, Resource | UUIDResource) for model in app.get_models())
        for model in app.get_models(include_auto_created=True)
        if not model._meta.proxy
    ]


def install(using: str = DEFAULT_DB_ALIAS, plan: Any = (), **kwargs: Any) -> None:
    """Install missing triggers after a `migrate`, and change the revision if something changed."""
    connection = connections[using]
    triggers = _TRIGGERS[connection.vendor](connection)
    with transaction.atomic(using=using):
        lock_writers(using)
        tables = set(connection.introspection.table_names())
        watched = [model._meta.db_table for model in watched_models() if model._meta.db_table in tables]
        if not {TABLE, TABLE_REVISIONS} <= tables:  # after `migrate revision zero`, or to a release without one of them
            triggers.drop()
            return
        missing = triggers.missing(watched)
        with connection.cursor() as cursor:
            for statement in (*triggers.functions(), *missing):
                cursor.execute(statement)
        rows = TableRevision.objects.using(using)
        rows.exclude(name__in=watched).delete()
        rows.bulk_create([TableRevision(name=name) for name in watched], ignore_conflicts=True)
        Revision.objects.using(using).get_or_create(pk=1)
        if missing or plan:
            change_revision(using)


def suspend(using: str = DEFAULT_DB_ALIAS, plan: Any = (), **kwargs: Any) -> None:
    """Delete the revision while migrations run, and after one failed: rebuilt tables have no triggers until `install`.

    Without a revision, nothing is cached.
    """
    if plan and TABLE in connections[using].introspection.table_names():
        with connections[using].cursor() as cursor:
            cursor.execute(f"DELETE FROM {TABLE}")


def change_revision(using: str = DEFAULT_DB_ALIAS) -> None:
    """Change the revision, and that of every table, where no trigger does."""
    lock_writers(using)
    triggers = _TRIGGERS[connections[using].vendor]
    with connections[using].cursor() as cursor:
        for statement in (triggers.CHANGE_REVISION, triggers.CHANGE_TABLE_REVISIONS):
            cursor.execute(statement)


@contextmanager
def change_revision_once(table: str, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Change the revision once for all rows that the block inserts into this table, and not for each of them.

    On SQLite, the block is executed in a transaction. In it, the revision of the table is empty, which disables the
    insert trigger. It is changed before the commit, so no other connection reads the empty one. On PostgreSQL, the
    triggers do that by themselves, as they are called once for each statement.
    """
    connection = connections[using]
    if connection.vendor == "postgresql":
        yield
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE_REVISIONS} SET uuid = '' WHERE name = %s", [table])
        yield
        cursor.execute(_SQLiteTriggers.CHANGE_REVISION)
        cursor.execute(f"{_SQLiteTriggers.CHANGE_TABLE_REVISIONS} WHERE name = %s", [table])


def change_loaded_revision(sender: Any, raw: bool, using: str, **kwargs: Any) -> None:
    """A fixture contains the revision of another database, which does not identify the data here."""
    if raw:
        change_revision(using)


class _Triggers:
    """The triggers of one kind of database."""

    CHANGE_REVISION: ClassVar[str]
    """The statement that changes the revision."""

    CHANGE_TABLE_REVISIONS: ClassVar[str]
    """The statement that changes the revisions of all tables."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection

    def functions(self) -> list[str]:
        """Statements that create the functions that the triggers call."""
        return []

    def missing(self, tables: list[str]) -> list[str]:
        """Statements that create the missing triggers."""
        raise NotImplementedError

    def drop(self) -> None:
        raise NotImplementedError


class _SQLiteTriggers(_Triggers):
    """Triggers for each row: SQLite has no others.

    Each new connection parses all triggers. So the triggers of the catalogue's tables are as short as possible: they
    only touch both revisions, and triggers on these then set the real time and new uuids. Those of inserts do nothing
    within `change_revision_once()`.
    """

    CHANGE_REVISION = f"UPDATE {TABLE} SET modified = 0"
    CHANGE_TABLE_REVISIONS = f"UPDATE {TABLE_REVISIONS} SET uuid = 0"

    NEW_UUID = "lower(hex(randomblob(16)))"
    SET_REVISION = f"UPDATE {TABLE} SET modified = strftime('%Y-%m-%d %H:%M:%f', 'now'), uuid = {NEW_UUID}"
    SET_TABLE_REVISION = f"UPDATE {TABLE_REVISIONS} SET uuid = {NEW_UUID} WHERE name = NEW.name"

    @override
    def missing(self, tables: list[str]) -> list[str]:
        triggers = [
            ("UPDATE OF modified", TABLE, "", self.SET_REVISION),
            ("UPDATE OF uuid", TABLE_REVISIONS, "WHEN NEW.uuid <> '' ", self.SET_TABLE_REVISION),
        ]
        for table in tables:
            action = f"{self.CHANGE_REVISION}; {self.CHANGE_TABLE_REVISIONS} WHERE name = '{table}'"
            # IS NOT: a table may have no revision (null)
            condition = f"WHEN (SELECT uuid FROM {TABLE_REVISIONS} WHERE name = '{table}') IS NOT '' "
            conditions = {"INSERT": condition, "UPDATE": "", "DELETE": ""}
            triggers += [(event, table, when, action) for event, when in conditions.items()]
        installed = self._installed()
        statements = []
        for event, table, condition, action in triggers:
            name = f"revision_{event.partition(' ')[0].lower()}_{table}"
            trigger = f'CREATE TRIGGER "{name}" AFTER {event} ON "{table}" {condition}BEGIN {action}; END'
            if installed.get(name) != trigger:
                statements += [f'DROP TRIGGER IF EXISTS "{name}"', trigger]
        return statements

    @override
    def drop(self) -> None:
        with self.connection.cursor() as cursor:
            for name in self._installed():
                cursor.execute(f'DROP TRIGGER "{name}"')

    def _installed(self) -> dict[str, str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'revision%'")
            return dict(cursor.fetchall())


class _PostgreSQLTriggers(_Triggers):
    """Triggers for each statement: one before it takes the write lock, one after it changes the revision."""

    NEW_UUID = "replace(gen_random_uuid()::text, '-', '')"
    CHANGE_REVISION = f"UPDATE {TABLE} SET uuid = {NEW_UUID}, modified = clock_timestamp()"
    CHANGE_TABLE_REVISIONS = f"UPDATE {TABLE_REVISIONS} SET uuid = {NEW_UUID}"

    LOCK = "BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {} EXECUTE FUNCTION revision_lock()"
    DEFINITIONS = {
        "revision_lock": LOCK,
        "revision_insert": "AFTER INSERT ON {} REFERENCING NEW TABLE AS touched EXECUTE FUNCTION revision_change()",
        "revision_update": "AFTER UPDATE ON {} REFERENCING NEW TABLE AS touched EXECUTE FUNCTION revision_change()",
        "revision_delete": "AFTER DELETE ON {} REFERENCING OLD TABLE AS touched EXECUTE FUNCTION revision_change()",
        "revision_truncate": "AFTER TRUNCATE ON {} EXECUTE FUNCTION revision_change()",
    }

    @override
    def functions(self) -> list[str]:
        """SECURITY DEFINER: they run with the rights of the role that migrates, whichever role writes.

        So their search path has no schema in which another role could create tables, and temporary tables come last.
        """
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT quote_ident(current_schema())")
            [schema] = cursor.fetchone()
        head = f"LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp"
        return [
            f"""CREATE OR REPLACE FUNCTION revision_lock() RETURNS trigger {head}
            SET lock_timeout = '{WRITE_LOCK_TIMEOUT}' AS $$
            BEGIN
                PERFORM pg_advisory_xact_lock({WRITE_LOCK});
                RETURN NULL;
            END $$""",
            f"""CREATE OR REPLACE FUNCTION revision_change() RETURNS trigger {head} AS $$
            BEGIN
                IF TG_OP <> 'TRUNCATE' THEN
                    IF NOT EXISTS (SELECT FROM touched) THEN
                        RETURN NULL;
                    END IF;
                END IF;
                {self.CHANGE_REVISION};
                {self.CHANGE_TABLE_REVISIONS} WHERE name = TG_TABLE_NAME;
                RETURN NULL;
            END $$""",
        ]

    @override
    def missing(self, tables: list[str]) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE pg_table_is_visible(tgrelid) AND NOT tgisinternal"
            )
            installed = set(cursor.fetchall())  # by name: `functions` replaces what the triggers do
        # The write lock also comes before the row locks of the revisions themselves, or two writers could deadlock.
        triggers = [("revision_lock", table, self.LOCK) for table in (TABLE, TABLE_REVISIONS)]
        triggers += [(name, table, definition) for table in tables for name, definition in self.DEFINITIONS.items()]
        return [
            f"CREATE TRIGGER {name} {definition.format(self.connection.ops.quote_name(table))}"
            for name, table, definition in triggers
            if (name, table) not in installed
        ]

    @override
    def drop(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION IF EXISTS revision_lock, revision_change CASCADE")


_TRIGGERS: dict[str, type[_Triggers]] = {"sqlite": _SQLiteTriggers, "postgresql": _PostgreSQLTriggers}
