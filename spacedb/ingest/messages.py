"""Values and texts of documents in messages."""

import json
from collections.abc import Mapping

MAX_VALUE_LENGTH = 120
"""The number of characters of a value in a message."""


def shorten(value: object) -> str:
    """A value as JSON, cut to `MAX_VALUE_LENGTH` characters."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        text = "deeply nested data"
    if len(text) <= MAX_VALUE_LENGTH:
        return text
    length = len(value if isinstance(value, str) else text)
    return f"{text[: MAX_VALUE_LENGTH - 20]}… ({length} characters)"


def escape_unprintable(text: str) -> str:
    r"""Text of a document as one line without control characters, safe for terminals and logs: `\x1b[2J`."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def list_counts(counts: Mapping[str, int]) -> str:
    """Counts by the plural name of a model, as text: `3 Road Closures, 1 Notices`."""
    return ", ".join(f"{count} {name}" for name, count in counts.items())
