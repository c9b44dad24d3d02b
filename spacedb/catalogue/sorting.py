"""The order of text: that of a dictionary, the same in Python, on SQLite and on PostgreSQL.

Collations would depend on the locale and on the libraries of the database server, and SQLite has none for accents.
"""

import re
import unicodedata
from collections.abc import Sequence
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from django.core.checks import CheckMessage, Error, Warning
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, TextField
from django.db.models.sql.compiler import SQLCompiler

# Both regular expressions mean the same in Python and in PostgreSQL.
MARKS = r"[\u0300-\u036f]"
"""Accents, which compatibility decomposition (NFKD) separates from their letters."""
PUNCTUATION = r"[!-/:-@\[-`{-~\u2010-\u2027]"

LETTERS = f"{ascii_uppercase}ØøŁłĐđ"
"""Capitals, and letters with a stroke, which do not decompose."""
BASE_LETTERS = f"{ascii_lowercase}oolldd"

_MARKS = re.compile(MARKS)
_TRANSLATION: dict[int, int | str] = {
    **str.maketrans(LETTERS, BASE_LETTERS),
    **{code: " " for code in range(0x10000) if re.match(PUNCTUATION, chr(code))},
}


def dictionary_key(text: str) -> str:
    """Return a key that orders texts as a dictionary does: `Aérospatiale` is between `Ad Astra` and `Aevum`.

    Accents and the case of Latin letters do not matter. Spaces and punctuation come first, then digits, then letters.
    """
    # SQLite calls this for every row of a list. Translating ASCII text alone is several times faster.
    letters = text if text.isascii() else _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return letters.translate(_TRANSLATION)


class DictionaryKey(Func):
    """The `dictionary_key()` of a string, as an expression."""

    function = "DICTIONARY_KEY"
    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, Any]:
        letters = f"REGEXP_REPLACE(NORMALIZE(%(expressions)s, NFKD), '{MARKS}', '', 'g')"
        lower = f"TRANSLATE({letters}, '{LETTERS}', '{BASE_LETTERS}')"
        template = f"REGEXP_REPLACE({lower}, '{PUNCTUATION}', ' ', 'g') COLLATE \"C\""
        return self.as_sql(compiler, connection, template=template, **context)


def check_locale(databases: Sequence[str] | None = None, **kwargs: object) -> list[CheckMessage]:
    """A system check of PostgreSQL databases: only those with the encoding UTF8 can normalize text.

    It warns of a locale without capitals of letters with accents, such as `C`: searches would distinguish their case.
    """
    messages: list[CheckMessage] = []
    for alias in databases or ():
        if connections[alias].vendor != "postgresql":
            continue
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_setting('server_encoding'), UPPER('é') = 'É'")
            encoding, has_capitals = cursor.fetchone()
        hint = "Create it with: CREATE DATABASE spacedb ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0"
        if encoding != "UTF8":
            message = f'The PostgreSQL database "{alias}" has the encoding {encoding}. spacedb needs UTF8.'
            messages.append(Error(message, hint=hint, id="spacedb.E001"))
        elif not has_capitals:
            message = f'Searches in the PostgreSQL database "{alias}" distinguish é and É, because of its locale.'
            messages.append(Warning(message, hint=hint, id="spacedb.W001"))
    return messages
