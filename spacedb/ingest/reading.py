"""Reads the objects of a document into records, using the serializers in reverse.

A record contains only the keys that the document contains. So a short representation never erases values from a longer
one.

Values that cannot be stored and objects that cannot be identified are left out, and reported as warnings. Strict
reading refuses the document instead.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from spacedb.ingest.context import ReadContext
from spacedb.ingest.documents import ParsedObject
from spacedb.ingest.object_readers import object_reader
from spacedb.ingest.records import Record, RecordSet
from spacedb.ingest.values import only_if_null
from spacedb.serializers.base import Serializer, SerializerClass, model_of


class DocumentReader:
    """Reads the objects of one document."""

    def __init__(self, *, strict: bool = False) -> None:
        self.context = ReadContext(strict=strict)

    def read(self, parsed: ParsedObject) -> None:
        """Read one object with everything nested in it. Raises `DocumentError`."""
        object_reader(parsed.serializer).read(self.context, parsed.raw, parsed.path)

    def finish(self) -> RecordSet:
        """The records, with the values that serializers infer from the whole document."""
        record_set = self.context.record_set
        for serializer, key in self.context.raw_objects:
            model = model_of(serializer)
            if serializer.fixed_id is None and not _infers_columns(serializer):
                continue
            record = record_set.record(model, key)
            if serializer.fixed_id is not None and not record.columns and not any(record.lists.values()):
                record_set.empty_objects[model].add(key)
                continue
            inferred = serializer.infer_columns(record.columns, partial(self._related, serializer, record))
            for column, value in inferred.items():
                if value is not None:
                    record.columns.setdefault(column, only_if_null(value))
        return record_set

    def _related(self, serializer: SerializerClass, record: Record, relation: str) -> Mapping[str, Any]:
        target: Any = model_of(serializer)._meta.get_field(relation).related_model
        related = self.context.record_set.records[target].get(record.columns.get(f"{relation}_id"))
        return related.columns if related else {}


def _infers_columns(serializer: SerializerClass) -> bool:
    """Whether values follow from a document of this serializer without being in it."""
    inferring: Any = serializer.infer_columns
    default: Any = Serializer.infer_columns
    return inferring.__func__ is not default.__func__
