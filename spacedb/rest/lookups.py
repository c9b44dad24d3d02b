"""Text lookups that mean the same on both databases.

SQLite's LIKE knows no upper and lower case but ASCII's, and ignores it always; PostgreSQL's respects it, and
its order of texts is that of the machine's locale. Here `contains` respects case, `icontains` ignores it for
every alphabet, and text is ordered by code point, whatever the database.
"""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, TextField
from django.db.models.lookups import Contains, IContains


class ContainsRespectingCase(Contains):
    """`contains`, the case of letters respected."""

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        return f"INSTR({left}, %s) > 0", [*params, self.rhs]


class ContainsIgnoringCase(IContains):
    """`icontains`, the case of letters of every alphabet ignored."""

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        if str(self.rhs).isascii():  # LIKE is enough, and several times faster
            return self.as_sql(compiler, connection)
        left, params = self.process_lhs(compiler, connection)
        return f"INSTR(UNICODE_UPPER({left}), %s) > 0", [*params, str(self.rhs).upper()]


class ByCodePoint(Func):
    """A text to order by, code point by code point."""

    template = "%(expressions)s"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **context)


def register_unicode_upper(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Give a new SQLite connection the upper case of every alphabet, as PostgreSQL has it."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "UNICODE_UPPER", 1, lambda text: None if text is None else str(text).upper(), deterministic=True
        )


def register() -> None:
    for field in (models.CharField, models.TextField):
        field.register_lookup(ContainsRespectingCase)
        field.register_lookup(ContainsIgnoringCase)
