"""The order of text: that of a dictionary, the same in Python, on SQLite and on PostgreSQL.

Collations would depend on the locale and on the libraries of the database server, and SQLite has none for accents.
"""

import re
import unicodedata
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, TextField

# Both regular expressions mean the same in Python and in PostgreSQL.
MARKS = r"[\u0300-\u036f]"
"""Accents, which compatibility decomposition (NFKD) separates from their letters."""
PUNCTUATION = r"[!-/:-@\[-`{-~\u2010-\u2027]"

LETTERS = f"{ascii_uppercase}ØøŁłĐđ"
"""Capitals, and letters with a stroke, which do not decompose."""
BASE_LETTERS = f"{ascii_lowercase}oolldd"

_MARKS, _PUNCTUATION = re.compile(MARKS), re.compile(PUNCTUATION)
_TRANSLATION = str.maketrans(LETTERS, BASE_LETTERS)


def dictionary_key(text: str) -> str:
    """Return a key that orders texts as a dictionary does: `Aérospatiale` is between `Ad Astra` and `Aevum`.

    Accents and the case of Latin letters do not matter. Spaces and punctuation come first, then digits, then letters.
    """
    letters = _MARKS.sub("", unicodedata.normalize("NFKD", text)).translate(_TRANSLATION)
    return _PUNCTUATION.sub(" ", letters)


class DictionaryKey(Func):
    """The `dictionary_key()` of a string, as an expression."""

    function = "DICTIONARY_KEY"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, Any]:
        letters = f"REGEXP_REPLACE(NORMALIZE(%(expressions)s, NFKD), '{MARKS}', '', 'g')"
        lower = f"TRANSLATE({letters}, '{LETTERS}', '{BASE_LETTERS}')"
        template = f"REGEXP_REPLACE({lower}, '{PUNCTUATION}', ' ', 'g') COLLATE \"C\""
        return self.as_sql(compiler, connection, template=template, **context)


def register_dictionary_key(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Add the function to a new SQLite connection."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "DICTIONARY_KEY", 1, lambda text: None if text is None else dictionary_key(text), deterministic=True
        )
