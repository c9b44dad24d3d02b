"""Readers of single values. Each reads the value of one key of a serializer into the columns of a record.

They are prepared once per serializer class (`object_readers.object_reader`), because they run for every value. `path`
is the path of the object that contains the value.
"""

from typing import Any, Protocol

from spacedb.ingest.context import ReadContext, check_consistent, join
from spacedb.ingest.errors import DocumentError
from spacedb.ingest.messages import shorten
from spacedb.ingest.records import Key, Model, NaturalKey, Record, plain_value
from spacedb.ingest.values import (
    UNCERTAIN,
    check_detail_url,
    check_text,
    check_unstored,
    cut_to_index,
    nearest_value,
    python_value,
    quick_conversion,
)
from spacedb.serializers.describe import FieldSpec, SlugRelatedSpec
from spacedb.serializers.received import is_text


class SpecReader(Protocol):
    """Reads the value of one key. Raises `DocumentError` if it cannot be stored."""

    @property
    def key(self) -> str: ...

    def read(self, context: ReadContext, record: Record, owner: Key, raw: Any, path: str) -> None:
        """Read the value into the record of its owner."""


class DetailURLReader:
    """Checks the URL of an object, which is not stored."""

    def __init__(self, spec: FieldSpec) -> None:
        self.key = spec.key

    def read(self, context: ReadContext, record: Record, owner: Key, raw: Any, path: str) -> None:
        check_detail_url(raw, owner, join(path, self.key))


class UnstoredReader:
    """Checks a value that is computed, or that `RelatedColumnReader` reads."""

    def __init__(self, spec: FieldSpec) -> None:
        self.key, self.spec = spec.key, spec

    def read(self, context: ReadContext, record: Record, owner: Key, raw: Any, path: str) -> None:
        check_unstored(self.spec, raw, join(path, self.key))


class ColumnReader:
    """Reads the value of a column."""

    def __init__(self, spec: FieldSpec, model: Model) -> None:
        self.key, self.spec, self.model = spec.key, spec, model
        self.column = spec.path[0]
        self.quick_value, self.is_text = quick_conversion(spec, model, self.column), is_text(spec)

    def value(self, context: ReadContext, raw: Any, path: str) -> Any:
        """The value to store."""
        value = self.quick_value(raw)
        return self._checked_value(context, raw, path) if value is UNCERTAIN else value

    def _checked_value(self, context: ReadContext, raw: Any, path: str) -> Any:
        return cut_to_index(self.model, self.column, field_value(context, self.spec, raw, join(path, self.key)))

    def read(self, context: ReadContext, record: Record, owner: Key, raw: Any, path: str) -> None:
        if (value := self.quick_value(raw)) is not UNCERTAIN:
            # Most values end here: a path is only needed for an error, and the column holds text as it was received.
            if record.columns.setdefault(self.column, value) is not value:
                set_column(record, self.column, value, join(path, self.key))
            if self.is_text:
                record.received[self.key] = None
            return
        value = self._checked_value(context, raw, path)
        set_column(record, self.column, value, join(path, self.key))
        if self.is_text:
            shown = value if value is None or value is raw else self.spec.field.to_representation(value)
            set_received(record, self.key, raw, shown)


class SplitReader:
    """Reads a value that consists of several columns."""

    def __init__(self, spec: FieldSpec) -> None:
        self.key, self.spec = spec.key, spec

    def read(self, context: ReadContext, record: Record, owner: Key, raw: Any, path: str) -> None:
        value_path = join(path, self.key)
        for column, value in (field_value(context, self.spec, raw, value_path) or {}).items():
            set_column(record, column, value, value_path)


class RelatedColumnReader:
    """Reads a value of an object that the record refers to, after that object has been read."""

    def __init__(self, spec: FieldSpec, model: Any) -> None:
        self.key, self.spec = spec.key, spec
        self.relation, self.column = spec.path
        self.related: Any = model._meta.get_field(self.relation).related_model
        self.field = self.related._meta.get_field(self.column)

    def read(self, context: ReadContext, record: Record, owner: Key, raw: Any, path: str) -> None:
        value_path = join(path, self.key)
        if (target := record.columns.get(f"{self.relation}_id")) is None:
            if raw not in ("", None):
                reason = f"There is no {self.relation} to which the value {shorten(raw)} belongs. Not stored."
                context.warn(value_path, reason)
            return
        if raw is None:
            if is_text(self.spec) and not self.field.null:
                set_received(record, self.key, raw, "")
            return
        value = field_value(context, self.spec, raw, value_path)
        set_column(context.record_set.record(self.related, target), self.column, value, value_path)
        if self.field.is_relation:
            context.record_set.record(self.field.related_model, value)


class SlugRelatedReader:
    """Reads a related object that is represented by its natural key alone."""

    def __init__(self, spec: SlugRelatedSpec) -> None:
        self.key, self.model, self.natural_key = spec.key, spec.model, spec.natural_key
        self.column = f"{spec.relation}_id"
        self.field = spec.model._meta.get_field(spec.natural_key)

    def read(self, context: ReadContext, record: Record, owner: Key, raw: Any, path: str) -> None:
        value_path = join(path, self.key)
        key, text = None, None
        if raw is not None and raw != "":
            if not isinstance(raw, str):
                raise DocumentError(f"Expected a string or null, got {shorten(raw)}.", value_path)
            self._check_text(context, raw, value_path)
            text = cut_to_index(self.model, self.natural_key, raw)
            key = NaturalKey(self.model, (self.natural_key,), (text,))
        set_column(record, self.column, key, value_path)
        if key is not None:
            context.record_set.record(self.model, key).columns[self.natural_key] = text
        set_received(record, self.key, raw, text)

    def _check_text(self, context: ReadContext, text: str, path: str) -> None:
        try:
            check_text(self.field, text, path)
        except DocumentError as error:
            if "\x00" in text:
                raise
            context.refuse(error, "Stored as it is.")


def field_value(context: ReadContext, spec: FieldSpec, raw: object, path: str) -> Any:
    """The value to store: exactly that of the document or, with a warning, the nearest one."""
    try:
        return python_value(spec, raw, path)
    except DocumentError as error:
        try:
            value = nearest_value(spec, raw)
        except ValueError:
            raise error from None
        is_exact = value == raw or (is_text(spec) and isinstance(raw, str | None))
        context.refuse(error, "Stored as it is." if is_exact else f"Stored as {shorten(plain_value(value))}.")
        return value


def set_column(record: Record, column: str, value: object, path: str) -> None:
    check_consistent(record.columns.setdefault(column, value), value, path)


def set_received(record: Record, key: str, raw: object, from_columns: object) -> None:
    """Record a string, or null, as it was received if the columns represent it differently."""
    if raw is None or isinstance(raw, str):
        record.received[key] = None if raw == from_columns else [from_columns, raw]
