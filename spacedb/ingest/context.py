"""The state of reading a batch of documents: its records, and errors."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from spacedb.ingest.errors import DocumentError
from spacedb.ingest.messages import shorten
from spacedb.ingest.records import Key, RecordSet
from spacedb.serializers.base import SerializerClass

NO_COLUMNS: Mapping[str, Any] = {}


class ReadContext:
    """The records of a batch, and what is needed to read it.

    If an object occurs in several places with different values, the first value is stored.
    """

    def __init__(self, *, strict: bool) -> None:
        self.strict = strict
        self.record_set = RecordSet()
        self.raw_objects: dict[tuple[SerializerClass, Key], dict[str, Any]] = {}
        """The JSON that was read last of each object: most objects occur many times."""

    def refuse(self, error: DocumentError, outcome: str = "Not stored.") -> None:
        """Raise an error in strict mode; else add it to the warnings, with what became of the value."""
        if self.strict:
            try:
                raise error
            finally:
                del error  # to which this frame would refer, and the error to this frame
        self.warn(error.path, f"{error.reason} {outcome}")

    def warn(self, path: str, reason: str) -> None:
        self.record_set.warnings.append((path, reason))

    def claim(self, field: Any, target: Key, owner: Key, path: str) -> None:
        """Check that no other object of the document refers to the same target in a one-to-one relation."""
        if isinstance(field, models.OneToOneField):
            first = self.record_set.owners.setdefault((field.model, field.name, target), owner)
            if first != owner:
                reason = f"The document contradicts itself: {target} belongs to {first}, and not to {owner}."
                raise DocumentError(reason, path)


def join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def check_consistent(before: object, value: object, path: str) -> None:
    """Raise `DocumentError` if two values of the same column or list differ."""
    if before is not value and before != value:
        values = f"{shorten(value)} here and {shorten(before)} elsewhere"
        raise DocumentError(f"The document contradicts itself: the value is {values}.", path)
