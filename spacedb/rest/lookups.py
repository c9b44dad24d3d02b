"""Text lookups with the same results on SQLite and PostgreSQL.

In SQLite, LIKE is always case-insensitive, but only for ASCII. In PostgreSQL, it is case-sensitive. Here, `contains` is
case-sensitive, and `icontains` is case-insensitive for all alphabets.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Collate, Upper
from django.db.models.lookups import Contains, IContains, Lookup
from django.db.models.sql.compiler import SQLCompiler

from spacedb.catalogue.sorting import dictionary_key


class ContainsRespectingCase(Contains):
    """`contains`: case-sensitive."""

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = Lookup.process_rhs(self, compiler, connection)  # without the wildcards of LIKE
        return f"INSTR({left}, {right}) > 0", [*left_params, *right_params]


class ContainsIgnoringCase(IContains):
    """`icontains`: case-insensitive for all alphabets."""

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        if not isinstance(self.rhs, str) or self.rhs.isascii():  # LIKE returns the same result, several times faster
            return self.as_sql(compiler, connection)
        left, params = self.process_lhs(compiler, connection)
        return f"INSTR(UNICODE_UPPER({left}), %s) > 0", [*params, self.rhs.upper()]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        if not isinstance(self.rhs, str) or not self.rhs.isascii():
            return self.as_sql(compiler, connection)
        # With the collation "C", UPPER changes ASCII letters only, which is several times faster.
        return Contains(Upper(Collate(self.lhs, "C")), self.rhs.upper()).as_sql(compiler, connection)


FUNCTIONS: Mapping[str, Callable[[str], str]] = {"UNICODE_UPPER": str.upper, "DICTIONARY_KEY": dictionary_key}
"""The SQL functions that lookups and orders use. PostgreSQL has its own."""


def register_functions(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """Add `FUNCTIONS` to a new SQLite connection. Their value for NULL is NULL."""
    if connection.vendor == "sqlite":
        for name, function in FUNCTIONS.items():
            connection.connection.create_function(name, 1, partial(_call, function), deterministic=True)


def _call(function: Callable[[str], str], text: object) -> str | None:
    return None if text is None else function(str(text))


def register() -> None:
    """Replace Django's `contains` and `icontains` lookups."""
    for field in (models.CharField, models.TextField):
        field.register_lookup(ContainsRespectingCase)
        field.register_lookup(ContainsIgnoringCase)
