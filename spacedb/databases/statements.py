"""SELECT statements that are compiled once and executed with different ids, and the objects made from their rows.

Only this module uses Django's SQL compiler. Compiling a query takes longer than executing it, and so does creating
model instances through `Model.__init__()`. What a statement returns equals what its queryset returns.
"""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeAlias, cast

from django.core.exceptions import EmptyResultSet
from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler
from typing_extensions import override

Model: TypeAlias = "type[models.Model]"
Row: TypeAlias = tuple[Any, ...]
Converter: TypeAlias = Callable[[Any, Any, Any], Any]
"""Converts a value of the database; Django calls it with the expression and the connection too."""

MAX_STATEMENTS = 2000
"""More than the serializers of all versions need."""

IDS = object()
"""Stands for the ids among the parameters of a compiled statement."""


@dataclass(frozen=True)
class Select:
    """A query for the rows of a model whose `column` is one of some ids.

    Its result are objects with the to-one relations `joins`; or, with `values`, tuples of these values.
    """

    model: Model
    column: str = ""
    """Empty: all rows that the filters select, whatever the ids."""
    joins: tuple[str, ...] = ()
    order: str = ""
    """The column to order by. Empty: in no order."""
    values: tuple[str, ...] = ()
    filters: tuple[tuple[str, Any], ...] = ()

    def queryset(self) -> models.QuerySet[Any, Any]:
        """The queryset, for any ids."""
        rows = self.model._base_manager.filter(**dict(self.filters))
        rows = rows.order_by(*filter(None, [self.order]))
        if self.values:
            return rows.values_list(*self.values)
        return rows.select_related(*self.joins) if self.joins else rows

    def fetch(self, ids: Collection[Any] = (), using: str | None = None) -> list[Any]:
        """The objects or tuples for these ids. An object that several rows join is one instance."""
        using = using or router.db_for_read(self.model)
        return _compiled(self, connections[using].vendor).fetch(using, ids)


class _IsOneOf(models.Func):
    """Whether a column is one of the ids that a statement is executed with. They are one parameter."""

    output_field = models.BooleanField()
    arity = 1

    @override
    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        return self._as_sql(compiler, connection, "%(expressions)s IN (SELECT value FROM json_each(%%s))")

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        return self._as_sql(compiler, connection, "%(expressions)s = ANY(%%s)")

    def _as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, template: str) -> Any:
        sql, params = super().as_sql(compiler, connection, template=template)
        return sql, (*params, IDS)


class Statement:
    """A compiled queryset."""

    def __init__(self, queryset: models.QuerySet[Any, Any], vendor_connection: Any) -> None:
        """Raises `EmptyResultSet` if the queryset can have no rows."""
        # A connection that is never opened: converters refer to it, and those in use belong to one thread each.
        compiler = queryset.query.get_compiler(connection=vendor_connection.copy())
        self.sql, self.params = compiler.as_sql()
        expressions = [expression for expression, *_ in compiler.select]
        self._converters = compiler.get_converters(expressions)
        returns_objects = cast("Any", queryset)._iterable_class is ModelIterable
        self._objects = (
            _ObjectColumns.of(compiler.klass_info, expressions, self._converters) if returns_objects else None
        )

    def fetch(self, using: str, ids: Collection[Any] = ()) -> list[Any]:
        connection: Any = connections[using]
        params = [_array(ids, connection.vendor) if param is IDS else param for param in self.params]
        with connection.prepared_cursor() as cursor:
            cursor.execute(self.sql, params)
            rows: list[Row] = cursor.fetchall()
        if self._objects:
            return list(map(self._objects.reader(connection), rows))
        return list(self._converted(rows, connection)) if self._converters else rows

    def _converted(self, rows: list[Row], connection: Any) -> Iterator[Row]:
        for row in map(list, rows):
            for index, (functions, expression) in self._converters.items():
                for convert in functions:
                    row[index] = convert(row[index], expression, connection)
            yield tuple(row)


@lru_cache(maxsize=MAX_STATEMENTS)
def _compiled(select: Select, vendor: str) -> Statement:
    using = next(using for using in connections if connections[using].vendor == vendor)
    rows = select.queryset()
    return Statement(rows.filter(_IsOneOf(models.F(select.column))) if select.column else rows, connections[using])


def fetch(queryset: models.QuerySet[Any, Any]) -> list[Any]:
    """The objects of any queryset."""
    connection: Any = connections[queryset.db]
    try:
        return Statement(queryset, connection).fetch(queryset.db)
    except EmptyResultSet:
        return []


def _array(ids: Collection[Any], vendor: str) -> str:
    """The ids as one parameter: numbers or UUIDs, which SQLite stores as hexadecimal text."""
    if vendor == "postgresql":
        # The literal of an array: the type of a list would depend on its values (int2, int4), and psycopg would prepare
        # a statement for each type.
        return f"{{{','.join(map(str, ids))}}}"
    return json.dumps(list(ids), default=attrgetter("hex"))


@dataclass(frozen=True)
class _ObjectColumns:
    """The columns of a model in the rows of a statement, and those of the models that it joins."""

    model: Model
    relation: str
    """The name of the relation that joins the model; empty for the model of the queryset."""
    names: tuple[str, ...]
    columns: slice
    pk: int
    converters: tuple[tuple[str, tuple[Converter, ...], Any], ...]
    related: tuple["_ObjectColumns", ...]

    @classmethod
    def of(cls, klass_info: Any, expressions: list[Any], converters: Any, relation: str = "") -> "_ObjectColumns":
        """From the description of the rows in Django's compiler."""
        indexes = klass_info["select_fields"]
        names = [expressions[index].target.attname for index in indexes]
        model = klass_info["model"]
        return cls(
            model,
            relation,
            tuple(names),
            slice(indexes[0], indexes[-1] + 1),
            indexes[names.index(model._meta.pk.attname)],
            tuple(
                (name, tuple(functions), expression)
                for name, index in zip(names, indexes, strict=True)
                for functions, expression in [converters.get(index, ((), None))]
                if functions
            ),
            tuple(
                cls.of(related, expressions, converters, related["field"].name)
                for related in klass_info.get("related_klass_infos", ())
            ),
        )

    def reader(self, connection: Any) -> Callable[[Row], Any]:
        """A function that returns the object of a row; None if its columns are null. It reads each object once."""
        model, names, columns, pk_index, converters = self.model, self.names, self.columns, self.pk, self.converters
        related = [(each.relation, each.reader(connection)) for each in self.related]
        alias, new = connection.alias, model.__new__
        objects: dict[Any, Any] = {}

        def read(row: Row) -> Any:
            pk = row[pk_index]
            if pk is None or pk in objects:
                return objects.get(pk)
            values = dict(zip(names, row[columns], strict=True))
            for name, functions, expression in converters:
                for convert in functions:
                    values[name] = convert(values[name], expression, connection)
            state = cast("Any", ModelState())
            state.db, state.adding = alias, False
            state.fields_cache = {relation: read_related(row) for relation, read_related in related}
            values["_state"] = state
            instance = objects[pk] = new(model)
            instance.__dict__ = values
            return instance

        return read
