"""Text lookups with the same results on SQLite and PostgreSQL.

In SQLite, LIKE is always case-insensitive, but only for ASCII. In PostgreSQL, it is case-sensitive. Here, `contains` is
case-sensitive, and `icontains` is case-insensitive for all alphabets.
"""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Contains, IContains


class ContainsRespectingCase(Contains):
    """`contains`: case-sensitive."""

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        return f"INSTR({left}, %s) > 0", [*params, self.rhs]


class ContainsIgnoringCase(IContains):
    """`icontains`: case-insensitive for all alphabets."""

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        if str(self.rhs).isascii():  # LIKE returns the same result, several times faster
            return self.as_sql(compiler, connection)
        left, params = self.process_lhs(compiler, connection)
        return f"INSTR(UNICODE_UPPER({left}), %s) > 0", [*params, str(self.rhs).upper()]


def register_unicode_upper(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Add an upper-case function for all alphabets to a new SQLite connection. PostgreSQL has one."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "UNICODE_UPPER", 1, lambda text: None if text is None else str(text).upper(), deterministic=True
        )


def register() -> None:
    """Replace Django's `contains` and `icontains` lookups."""
    for field in (models.CharField, models.TextField):
        field.register_lookup(ContainsRespectingCase)
        field.register_lookup(ContainsIgnoringCase)
