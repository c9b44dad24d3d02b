"""The content of the database of an installation: read without the code under test, saved and restored."""

import hashlib
import shutil
from collections.abc import Set
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from tests.database_copies import execute
from tests.installation import Installation
from tests.waiting import wait_until_alone

Content: TypeAlias = dict[str, dict[str, list[str]]]
"""The values of each column of each table, in the order of the rows, as text."""

SESSIONS = "django_session"
"""Sessions of the admin, which are not part of the state."""


class States:
    """Saved states of the database of an installation, by name. No process may use the database meanwhile."""

    def __init__(self, site: Installation) -> None:
        self.site = site
        self.is_sqlite = site.database_url.startswith("sqlite")
        self.file = site.folder / "spacedb.sqlite3"
        self.database = urlsplit(site.database_url).path[1:]

    def save(self, name: str) -> None:
        if self.is_sqlite:
            import sqlite3

            with sqlite3.connect(self.file) as source, sqlite3.connect(self._copy(name)) as copy:
                source.backup(copy)
        else:
            execute(f"CREATE DATABASE {self.database}_{name} TEMPLATE {self.database}")

    def restore(self, name: str | None) -> None:
        """Restore a saved state; None means a database without tables."""
        if self.is_sqlite:
            for suffix in ("", "-wal", "-shm"):
                self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
            if name:
                shutil.copy(self._copy(name), self.file)
        else:
            execute(f"DROP DATABASE {self.database} WITH (FORCE)")
            execute(f"CREATE DATABASE {self.database}" + (f" TEMPLATE {self.database}_{name}" if name else ""))

    def delete(self, name: str) -> None:
        if self.is_sqlite:
            self._copy(name).unlink()
        else:
            execute(f"DROP DATABASE {self.database}_{name}")

    def _copy(self, name: str) -> Path:
        return self.file.with_name(f"{name}.sqlite3")

    def read(self) -> Content:
        """The content, after all processes that were killed have left the database."""
        if self.is_sqlite:
            import sqlite3

            connection: Any = sqlite3.connect(self.file)
            tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            structure = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
        else:
            import psycopg

            connection = psycopg.connect(self.site.database_url)
            wait_until_alone(connection)
            tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
            structure = (
                "SELECT table_name, column_name, data_type FROM information_schema.columns "
                "WHERE table_schema = 'public' UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes "
                "WHERE schemaname = 'public' UNION ALL SELECT tgrelid::regclass::text, tgname, tgenabled::text "
                "FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2, 3"
            )
        try:
            names = [name for (name,) in connection.execute(tables).fetchall() if name != SESSIONS]
            return {name: _columns(connection, f'SELECT * FROM "{name}"') for name in names} | {
                "structure": _columns(connection, structure)
            }
        finally:
            connection.close()


def _columns(connection: Any, query: str) -> dict[str, list[str]]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    rows = sorted(tuple(map(repr, row)) for row in cursor.fetchall())
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)) if rows else {}


def volatile_columns(first: Content, second: Content) -> set[tuple[str, str]]:
    """The columns that two runs of the same operation fill differently: times, and random values."""
    return {
        (table, column)
        for table in first.keys() & second.keys()
        for column in first[table].keys() & second[table].keys()
        if sorted(first[table][column]) != sorted(second[table][column])
    }


def digest(content: Content, omit: Set[tuple[str, str]]) -> str:
    """A hash of the content without these columns."""
    rows = {
        table: sorted(zip(*(values for name, values in columns.items() if (table, name) not in omit), strict=True))
        for table, columns in content.items()
    }
    return hashlib.sha256(repr(sorted(rows.items())).encode()).hexdigest()


def revision(content: Content) -> list[str]:
    return content.get("revision_revision", {}).get("uuid", [])
