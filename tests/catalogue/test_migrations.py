"""The migrations create the same tables as the models, from which the test database is created."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler

from spacedb.databases.config import database_config
from tests.installation import create_installation

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def columns(cursor: Any, database: Any, table: str) -> dict[str, Any]:
    """Return the columns of a table by name.

    SQLite ignores the maximum length of a type, so Django does not change that of an existing column.
    """
    description = database.introspection.get_table_description(cursor, table)
    if database.vendor == "sqlite":
        return {
            column.name: column._replace(type_code=str(column.type_code).partition("(")[0], display_size=None)
            for column in description
        }
    return {column.name: column for column in description}


def constraints(cursor: Any, database: Any, table: str) -> list[tuple[str, str]]:
    """Return the constraints of a table. If they have no name, SQLite numbers them in the order of the columns."""
    constraints = database.introspection.get_constraints(cursor, table)
    return sorted(
        (re.sub("^(fk|__unnamed_constraint)_.*", r"\1", name), str(properties))
        for name, properties in constraints.items()
    )


def tables(database: Any) -> dict[str, Any]:
    """Return the tables, except those of `django.contrib.auth`: its migrations create other primary keys."""
    with database.cursor() as cursor:
        return {
            name: (columns(cursor, database, name), constraints(cursor, database, name))
            for name in database.introspection.table_names(cursor)
            if not name.startswith("auth_")
        }


def test_migrations_create_the_tables_of_the_models(tmp_path: Path) -> None:
    with create_installation(tmp_path / "migrated", "migrated") as installation:
        migrated = ConnectionHandler({"default": database_config(installation.database_url)})["default"]
        try:
            assert tables(migrated) == tables(connection)
        finally:
            migrated.close()
