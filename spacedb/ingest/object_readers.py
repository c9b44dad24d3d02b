"""Readers of objects, and of the objects and lists nested in them: the serializers in reverse.

Each is prepared once per serializer class, and reads from a document into the records of a `ReadContext`. `path` is
the path of the object that contains the value.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from django.db import models
from django.db.models.fields.reverse_related import ManyToManyRel, ManyToOneRel
from typing_extensions import override

from spacedb.catalogue.models import NaturalKeyModel, PositionedPart, Resource, UUIDResource, is_placeholder_id
from spacedb.ingest.column_readers import (
    ColumnReader,
    DetailURLReader,
    RelatedColumnReader,
    SlugRelatedReader,
    SpecReader,
    SplitReader,
    UnstoredReader,
    set_column,
    set_received,
)
from spacedb.ingest.context import NO_COLUMNS, ReadContext, check_consistent, join
from spacedb.ingest.errors import DocumentError
from spacedb.ingest.messages import shorten
from spacedb.ingest.records import EmbeddedRow, Key, ListKey, NaturalKey, Record
from spacedb.ingest.values import expand, keep_equivalent_id, reduce_rows
from spacedb.serializers.base import SerializerClass, list_relation, model_of
from spacedb.serializers.describe import (
    FieldSpec,
    InlineSpec,
    NestedListSpec,
    NestedSpec,
    SlugRelatedSpec,
    Spec,
    describe,
    readable,
)
from spacedb.serializers.fields import DetailURLField
from spacedb.serializers.received import is_text

T = TypeVar("T")


@cache
def object_reader(serializer: SerializerClass) -> "ObjectReader":
    """The reader of the objects that a serializer represents."""
    return ObjectReader(serializer)


class ObjectReader:
    """Reads objects with everything nested in them."""

    def __init__(self, serializer: SerializerClass) -> None:
        self.serializer, self.model = serializer, model_of(serializer)
        specs = readable(serializer)
        self.keys = frozenset(spec.key for spec in specs)
        self.readers = [reader for spec in specs if (reader := _spec_reader(spec, serializer))]
        # These need the related objects, which have been read by then.
        self.readers += [
            RelatedColumnReader(spec, self.model)
            for spec in specs
            if isinstance(spec, FieldSpec) and len(spec.path) == 2 and not spec.field.read_only
        ]
        self.read_key = KeyReader(serializer).read

    def read(self, context: ReadContext, raw: object, path: str, parent_columns: Mapping[str, Any] = NO_COLUMNS) -> Key:
        """Read one object and return its key. `parent_columns` holds the columns that refer to the object around it."""
        if not isinstance(raw, dict):
            raise DocumentError("Expected an object.", path)
        key = self.read_key(context, raw, path, parent_columns)
        if context.raw_objects.get((self.serializer, key)) != raw:
            self.read_into(context, context.record_set.record(self.model, key), key, raw, path)
            context.raw_objects[self.serializer, key] = raw
        return key

    def read_into(self, context: ReadContext, record: Record, key: Key, raw: dict[str, Any], path: str) -> None:
        """Read the values of an object into its record."""
        if not raw.keys() <= self.keys:
            for name in raw.keys() - self.keys:
                context.record_set.unknown_keys.setdefault(f"{self.serializer.__name__}.{name}", join(path, name))
        for reader in self.readers:
            if reader.key in raw:
                try:
                    reader.read(context, record, key, raw[reader.key], path)
                except DocumentError as error:
                    context.refuse(error)

    def read_embedded(self, context: ReadContext, raw: object, path: str) -> EmbeddedRow:
        """Read an object without an id of its own."""
        if not isinstance(raw, dict):
            raise DocumentError("Expected an object.", path)
        record = Record()
        self.read_into(context, record, None, raw, path)
        if not record.columns:
            raise DocumentError("Expected an object with values.", path)
        received = {name: pair for name, pair in record.received.items() if pair is not None} or None
        return EmbeddedRow(tuple(sorted((record.columns | {"received": received}).items())))


def _spec_reader(spec: Spec | InlineSpec, serializer: SerializerClass) -> SpecReader | None:
    """The reader of a key; None if nothing is read."""
    match spec:
        case FieldSpec(field=DetailURLField()):
            return DetailURLReader(spec)
        case FieldSpec(path=("id",) | ("pk",)):  # `KeyReader` reads it
            return None
        case FieldSpec(path=(_,)):
            return ColumnReader(spec, model_of(serializer))
        case FieldSpec(path=()) if not spec.field.read_only:
            return SplitReader(spec)
        case FieldSpec():
            return UnstoredReader(spec)
        case SlugRelatedSpec():
            return SlugRelatedReader(spec)
        case NestedSpec():
            return NestedReader(spec, serializer)
        case InlineSpec():
            return InlineReader(spec)
        case NestedListSpec(reduction=reduction) if reduction is not None and reduction.read_only:
            return None
        case NestedListSpec() if issubclass(model_of(spec.serializer), Resource | UUIDResource):
            return ObjectListReader(spec, serializer)
        case NestedListSpec():
            return EmbeddedListReader(spec, serializer)


class KeyReader:
    """Reads the id of an object, or its natural key if it has no id."""

    def __init__(self, serializer: SerializerClass) -> None:
        self.model: Any = model_of(serializer)
        self.fixed_id = serializer.fixed_id
        self.columns = {
            spec.path[0]: ColumnReader(spec, self.model)
            for spec in describe(serializer)
            if isinstance(spec, FieldSpec) and len(spec.path) == 1
        }
        self.id = self.columns.get(self.model._meta.pk.name)
        self.natural_keys = self.model.natural_keys() if issubclass(self.model, NaturalKeyModel) else ()

    def read(self, context: ReadContext, raw: dict[str, Any], path: str, parent_columns: Mapping[str, Any]) -> Key:
        if self.fixed_id is not None:
            return self.fixed_id
        placeholder_id = None
        if self.id is not None and (raw_id := raw.get(self.id.key)) not in (None, ""):
            pk = self.id.value(context, raw_id, path)
            if not is_placeholder_id(pk):
                return pk
            placeholder_id = pk  # a placeholder id of another spacedb server, meaningless here
        present = {name for name, reader in self.columns.items() if raw.get(reader.key) not in (None, "")}
        for names in self.natural_keys:
            if present | parent_columns.keys() >= {*names}:
                values = tuple(
                    parent_columns[name]
                    if name in parent_columns
                    else (reader := self.columns[name]).value(context, raw[reader.key], path)
                    for name in names
                )
                natural_key = NaturalKey(self.model, names, values)
                if placeholder_id is not None:
                    context.record_set.placeholder_ids.setdefault(natural_key, placeholder_id)
                return natural_key
        if placeholder_id is not None:
            reason = f"The id {placeholder_id} is that of a placeholder, and no natural key identifies the object."
            raise DocumentError(reason, path)
        raise DocumentError("The object has no id.", path)


class InlineReader:
    """Reads a part of the same object, which is represented as a nested object."""

    def __init__(self, spec: InlineSpec) -> None:
        self.key, self.null_without = spec.key, spec.null_without
        self.part = object_reader(spec.serializer)

    def read(self, context: ReadContext, record: Record, owner: Key, raw: Any, path: str) -> None:
        path = join(path, self.key)
        if isinstance(raw, dict):
            self.part.read_into(context, record, owner, raw, path)
        elif raw is None and self.null_without:
            set_column(record, self.null_without, None, path)
        else:
            raise DocumentError(f"Expected an object, got {shorten(raw)}.", path)


class NestedReader:
    """Reads a related object."""

    def __init__(self, spec: NestedSpec, serializer: SerializerClass) -> None:
        self.key, self.column, self.nullable = spec.key, f"{spec.relation}_id", spec.nullable
        self.field = model_of(serializer)._meta.get_field(spec.relation)
        self.related = object_reader(spec.serializer)
        # Null may mean an object that the version lacks.
        self.ignores_null = spec.serializer.overrides_substitute()

    def read(self, context: ReadContext, record: Record, owner: Key, raw: Any, path: str) -> None:
        path = join(path, self.key)
        if raw is not None:
            target = self.related.read(context, raw, path)
            context.claim(self.field, target, owner, path)
            set_column(record, self.column, keep_equivalent_id(self.related.serializer, target), path)
        elif not self.nullable:
            raise DocumentError("Expected an object, got null.", path)
        elif not self.ignores_null:
            set_column(record, self.column, None, path)


class _ListReader:
    """Reads a list of related objects, or the value that represents it."""

    def __init__(self, spec: NestedListSpec, serializer: SerializerClass) -> None:
        self.key, self.spec, self.reduction, self.is_text = spec.key, spec, spec.reduction, is_text(spec)
        self.relation = list_relation(model_of(serializer), spec.relation)
        self.item = object_reader(spec.serializer)

    def read(self, context: ReadContext, record: Record, owner: Key, raw: Any, path: str) -> None:
        path = join(path, self.key)
        rows = [] if raw is None and self.spec.is_nullable else raw
        if self.reduction is not None:
            rows = expand(self.reduction, raw, path)
            if self.is_text:
                set_received(record, self.key, raw, reduce_rows(self.reduction, rows or []))
            if rows is None:
                return
        if not isinstance(rows, list):
            raise DocumentError(f"Expected a list, got {shorten(rows)}.", path)
        self.read_list(context, record, owner, rows, path)

    def read_list(self, context: ReadContext, record: Record, owner: Key, rows: list[object], path: str) -> None:
        raise NotImplementedError

    def read_rows(
        self, context: ReadContext, rows: list[object], path: str, read: Callable[[object, str], T]
    ) -> Iterator[T]:
        """Read the rows of a list. Rows that cannot be read are refused."""
        for number, row in enumerate(rows):
            try:
                yield read(row, f"{path}[{number}]" if self.reduction is None else path)
            except DocumentError as error:
                context.refuse(error)


class ObjectListReader(_ListReader):
    """Reads a list of objects with ids."""

    def __init__(self, spec: NestedListSpec, serializer: SerializerClass) -> None:
        super().__init__(spec, serializer)
        self.is_partial = bool(spec.match) or (self.reduction is not None and self.reduction.is_partial)
        self.required_column = self.reduction.key if self.reduction is not None else ""
        self.child_field = self.relation.field if isinstance(self.relation, ManyToOneRel) else None
        self.is_positioned = self.child_field and issubclass(self.item.model, PositionedPart) and not self.is_partial

    @override
    def read_list(self, context: ReadContext, record: Record, owner: Key, rows: list[object], path: str) -> None:
        field, child_records = self.child_field, context.record_set.records[self.item.model]
        parent_columns = NO_COLUMNS if field is None else {field.attname: owner}

        def read(row: object, row_path: str) -> Key:
            child = self.item.read(context, row, row_path, parent_columns)
            if field is not None:
                context.claim(field, owner, child, row_path)
                set_column(child_records[child], field.attname, owner, row_path)
            return child

        results = list(self.read_rows(context, rows, path, read))
        keys = tuple(dict.fromkeys(results))
        if self.is_positioned:
            for position, child in enumerate(keys):
                child_records[child].columns["position"] = position
        # Of a list with an unreadable object, the other objects are added, and none is removed.
        is_partial = self.is_partial or len(results) < len(rows)
        if self.relation is not None and not (field is not None and is_partial):
            list_key = ListKey(
                self.spec.relation, self.spec.match, self.key if is_partial else "", self.required_column
            )
            _set_list(record, list_key, keys, path)
            context.record_set.has_reverse_lists |= isinstance(self.relation, ManyToManyRel)


class EmbeddedListReader(_ListReader):
    """Reads a list of objects without ids."""

    def __init__(self, spec: NestedListSpec, serializer: SerializerClass) -> None:
        super().__init__(spec, serializer)
        is_partial = self.reduction is not None and (spec.match or self.reduction.is_partial)
        self.list_key = ListKey(spec.relation, spec.match, spec.key if is_partial else "")
        owner = self.relation.field.name
        constraints = [each for each in self.item.model._meta.constraints if isinstance(each, models.UniqueConstraint)]
        names = {name for each in constraints if owner in each.fields for name in each.fields}
        self.unique_names = sorted(names - {owner, *dict(spec.match)})

    @override
    def read_list(self, context: ReadContext, record: Record, owner: Key, rows: list[object], path: str) -> None:
        def read(row: object, row_path: str) -> EmbeddedRow:
            return self.item.read_embedded(context, row, row_path)

        embedded = list(self.read_rows(context, rows, path, read))
        if self.unique_names:
            embedded = self._without_repeats(context, embedded, path)
        _set_list(record, self.list_key, tuple(embedded), path)

    def _without_repeats(self, context: ReadContext, rows: list[EmbeddedRow], path: str) -> list[EmbeddedRow]:
        """The rows, without values that must be unique in the list and that an earlier row has: the ids of a crew."""
        seen, results = set[Any](), []
        for number, row in enumerate(rows):
            columns = dict(row.columns)
            values = tuple(columns.get(name) for name in self.unique_names)
            if values in seen and None not in values:
                reason = f"The document contradicts itself: {shorten(values[0])} occurs twice in the list."
                context.refuse(DocumentError(reason, f"{path}[{number}]"))
                columns |= dict.fromkeys(self.unique_names)
            seen.add(values)
            results.append(EmbeddedRow(tuple(columns.items())))
        return results


def _set_list(record: Record, list_key: ListKey, items: tuple[object, ...], path: str) -> None:
    check_consistent(record.lists.setdefault(list_key, items), items, path)
