"""Inserts rows, as Django's `bulk_create` does without conflicts, without building the statement value by value."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.db import connections, models, router

from spacedb.ingest.records import Model
from spacedb.revision.triggers import change_revision_once

UNCHANGED_TYPES = {
    "BooleanField": bool,
    "CharField": str,
    "FloatField": float,
    "IntegerField": int,
    "TextField": str,
}
"""The type of the values that a kind of field passes to the database as they are."""


def insert_rows(model: Model, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, given as values by column (`attname`), in their order. Missing columns get their default.

    The database assigns automatic ids. `pre_save()` of the fields is not called, and no signals are sent.
    """
    if not rows:
        return
    connection: Any = connections[router.db_for_write(model)]
    fields: list[Any] = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    names = {field.attname for field in fields}
    assert all(row.keys() <= names for row in rows), f"{model.__name__} has no such columns"
    values_by_field = {field: _values(field, rows, connection) for field in fields}
    # Many columns are null in all rows. They are left out: the database has no defaults, so it stores null.
    fields = [field for field, values in values_by_field.items() if values.count(None) < len(rows)]
    columns = [values_by_field[field] for field in fields]
    quote = connection.ops.quote_name
    table = f"{quote(model._meta.db_table)} ({', '.join(quote(field.column) for field in fields)})"
    one_change = change_revision_once(model._meta.db_table, connection.alias)
    with one_change, connection.wrap_database_errors, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for values in zip(*columns, strict=True):
                    copy.write_row(values)
            return
        # Not executemany(): before each statement that fires a trigger, SQLite prepares to undo it.
        batch_size = connection.ops.bulk_batch_size(fields, rows)
        for start in range(0, len(rows), batch_size):
            batch = list(zip(*(column[start : start + batch_size] for column in columns), strict=True))
            placeholders = connection.ops.bulk_insert_sql(fields, [["%s"] * len(fields)] * len(batch))
            cursor.execute(f"INSERT INTO {table} {placeholders}", [*chain.from_iterable(batch)])


def _values(field: Any, rows: Sequence[dict[str, Any]], connection: Any) -> list[Any]:
    """The values of one column, as the driver of the database expects them."""
    name, default, prepare = field.attname, field.get_default, field.get_db_prep_save
    target = field
    while target.is_relation:
        target = target.target_field
    unchanged = {type(None), UNCHANGED_TYPES.get(target.get_internal_type())}
    values = [row[name] if name in row else default() for row in rows]
    return [value if type(value) in unchanged else prepare(value, connection) for value in values]
