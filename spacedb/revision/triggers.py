"""The database's triggers that raise the revision with every write.

They are put in place after every `migrate`, as SQLite's go with a table that a migration builds anew.
"""

import time
from typing import Any, ClassVar

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from spacedb.catalogue.models import Resource, UUIDResource
from spacedb.revision.current import TABLE, WRITE_LOCK, WRITE_LOCK_TIMEOUT, lock_writers
from spacedb.revision.models import Revision


def watched() -> list[type[models.Model]]:
    """The models whose rows answers are made of: all of each app that has resources, with its many-to-many tables."""
    return [
        model
        for app in apps.get_app_configs()
        if any(issubclass(model, Resource | UUIDResource) for model in app.get_models())
        for model in app.get_models(include_auto_created=True)
        if not model._meta.proxy
    ]


def install(using: str = DEFAULT_DB_ALIAS, plan: Any = (), **kwargs: Any) -> None:
    """Put the triggers in place that are not, after a `migrate`; raise the revision if that did anything."""
    connection = connections[using]
    database = _DATABASES[connection.vendor](connection)
    with transaction.atomic(using=using):
        lock_writers(using)
        tables = set(connection.introspection.table_names())
        missing = database.missing([model._meta.db_table for model in watched() if model._meta.db_table in tables])
        if TABLE not in tables:  # it was migrated back
            database.remove()
            return
        with connection.cursor() as cursor:
            for statement in (*database.functions(), *missing):
                cursor.execute(statement)
        Revision.objects.using(using).get_or_create(pk=1, defaults={"number": int(time.time())})
        if missing or plan:
            renew(using)


def suspend(using: str = DEFAULT_DB_ALIAS, plan: Any = (), **kwargs: Any) -> None:
    """Let the revision be unknown while migrations run, and after them if one fails: a table that SQLite builds anew
    has no triggers until `install`."""
    if plan and TABLE in connections[using].introspection.table_names():
        with connections[using].cursor() as cursor:
            cursor.execute(f"DELETE FROM {TABLE}")


def renew(using: str = DEFAULT_DB_ALIAS) -> None:
    """Raise the revision where no trigger could tell that there was something to tell."""
    lock_writers(using)
    with connections[using].cursor() as cursor:
        cursor.execute(_DATABASES[connections[using].vendor].RAISE)


def loaded(sender: Any, raw: bool, using: str, **kwargs: Any) -> None:
    """A fixture brought the revision of another database: it would be told of data that it does not stand for."""
    if raw:
        renew(using)


class _Triggers:
    """What a database needs."""

    RAISE: ClassVar[str]

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection

    def functions(self) -> list[str]:
        """The statements that make the functions which the triggers call."""
        return []

    def missing(self, tables: list[str]) -> list[str]:
        """The statements that put in place what is not."""
        raise NotImplementedError

    def remove(self) -> None:
        raise NotImplementedError


class _SQLite(_Triggers):
    """Triggers for each row: there are no others.

    Each new connection reads all triggers anew, so those of the tables are as short as can be, and set off one that
    does the work.
    """

    RAISE = f"UPDATE {TABLE} SET moment = 0"

    # The time is the same for all of a statement: many rows move Last-Modified on by one second only.
    NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
    WORK = f"""UPDATE {TABLE} SET moment = {NOW}, token = lower(hex(randomblob(16))),
        number = number + (OLD.moment <> {NOW}),
        last_modified = iif(OLD.moment = {NOW}, last_modified,
            max(CAST(strftime('%s', 'now') AS INTEGER), last_modified + 1))"""

    def missing(self, tables: list[str]) -> list[str]:
        """The statements that put in place what is not, or is not as it should be."""
        events = [("UPDATE OF moment", TABLE, self.WORK)]
        events += [(event, table, self.RAISE) for table in tables for event in ("INSERT", "UPDATE", "DELETE")]
        there = self._there()
        found = []
        for event, table, action in events:
            name = f"revision_{event.partition(' ')[0].lower()}_{table}"
            trigger = f'CREATE TRIGGER "{name}" AFTER {event} ON "{table}" BEGIN {action}; END'
            if there.get(name) != trigger:
                found += [f'DROP TRIGGER IF EXISTS "{name}"', trigger]
        return found

    def remove(self) -> None:
        with self.connection.cursor() as cursor:
            for name in self._there():
                cursor.execute(f'DROP TRIGGER "{name}"')

    def _there(self) -> dict[str, str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'revision%'")
            return dict(cursor.fetchall())


class _PostgreSQL(_Triggers):
    """Triggers for each statement: one before it, which lets one write at a time, one after it."""

    RAISE = f"""UPDATE {TABLE} SET
        token = replace(gen_random_uuid()::text, '-', ''),
        number = number + 1,
        last_modified = greatest(floor(extract(epoch FROM clock_timestamp())), last_modified + 1),
        moment = clock_timestamp()"""

    LOCK = "BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {} EXECUTE FUNCTION revision_lock()"
    TRIGGERS = {
        "revision_lock": LOCK,
        "revision_insert": "AFTER INSERT ON {} REFERENCING NEW TABLE AS touched EXECUTE FUNCTION revision_raise()",
        "revision_update": "AFTER UPDATE ON {} REFERENCING NEW TABLE AS touched EXECUTE FUNCTION revision_raise()",
        "revision_delete": "AFTER DELETE ON {} REFERENCING OLD TABLE AS touched EXECUTE FUNCTION revision_raise()",
        "revision_truncate": "AFTER TRUNCATE ON {} EXECUTE FUNCTION revision_raise()",
    }

    def functions(self) -> list[str]:
        """With the rights of whoever migrates, whoever writes; so no other schema's tables are looked at, and temporary
        ones, which anyone can make, last."""
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
            f"""CREATE OR REPLACE FUNCTION revision_raise() RETURNS trigger {head} AS $$
            BEGIN
                IF TG_OP <> 'TRUNCATE' THEN
                    IF NOT EXISTS (SELECT FROM touched) THEN
                        RETURN NULL;
                    END IF;
                END IF;
                {self.RAISE};
                RETURN NULL;
            END $$""",
        ]

    def missing(self, tables: list[str]) -> list[str]:
        """The statements that put in place what is not."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE pg_table_is_visible(tgrelid) AND NOT tgisinternal"
            )
            there = set(cursor.fetchall())
        # Its own table too is locked before the row in it, or two writers could wait for each other.
        wanted = [("revision_lock", TABLE, self.LOCK)]
        wanted += [(name, table, told) for table in tables for name, told in self.TRIGGERS.items()]
        return [
            f"CREATE TRIGGER {name} {told.format(self.connection.ops.quote_name(table))}"
            for name, table, told in wanted
            if (name, table) not in there
        ]

    def remove(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION IF EXISTS revision_lock, revision_raise CASCADE")


_DATABASES: dict[str, type[_Triggers]] = {"sqlite": _SQLite, "postgresql": _PostgreSQL}
