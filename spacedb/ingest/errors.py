"""Why a document is refused, and how messages show its contents."""

import json
from typing import Any

MAX_SHOWN = 200
"""The number of characters of a value that messages show."""


class DocumentError(Exception):
    """A document cannot be read. `path` is the place in it, such as `results[3].launch.net`."""

    def __init__(self, reason: str, path: str = "") -> None:
        self.reason = reason
        self.path = path
        super().__init__(f"{path}: {reason}" if path else reason)


class NotAResponseError(DocumentError):
    """The content is no response of an endpoint that this server has."""


def show(value: Any) -> str:
    """A value of a document as JSON, shortened, for messages."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        text = "deeply nested data"
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def escape_unprintable(text: str) -> str:
    r"""Text of a document as one line without control characters, safe for terminals and logs: `\\x1b[2J`."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
