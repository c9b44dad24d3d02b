"""Reads the objects of a document into records, using the serializers in reverse.

A record contains only the keys that the document contains. So a short representation never erases values from a longer
one.

Values that cannot be stored and objects that cannot be identified are left out, and reported as warnings. Strict
reading refuses the document instead.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from django.db import models
from django.db.models.fields.reverse_related import ManyToOneRel

from spacedb.catalogue.models import PositionedPart, Resource, UUIDResource, is_placeholder_id
from spacedb.ingest.documents import ParsedObject
from spacedb.ingest.errors import DocumentError
from spacedb.ingest.messages import shorten
from spacedb.ingest.records import EmbeddedRow, Key, ListKey, Model, NaturalKey, Record, RecordSet, plain_value
from spacedb.ingest.values import (
    check_detail_url,
    check_text,
    check_unstored,
    cut_to_index,
    expand,
    keep_equivalent_id,
    nearest_value,
    only_if_null,
    python_value,
    reduce_rows,
)
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


class DocumentReader:
    """Reads the objects of one document.

    If an object occurs in several places with different values, the first value is stored.
    """

    def __init__(self, *, strict: bool = False) -> None:
        self.strict = strict
        self.record_set = RecordSet()
        self._raw_objects: dict[tuple[SerializerClass, Key], dict[str, Any]] = {}
        self._owners: dict[tuple[Model, str, Key], Key] = {}
        """The object that refers to another one in a one-to-one relation."""

    def read(self, parsed: ParsedObject) -> None:
        """Read one object with everything nested in it. Raises `DocumentError`."""
        self._read_object(parsed.raw, parsed.serializer, parsed.path)

    def refuse(self, error: DocumentError, outcome: str = "Not stored.") -> None:
        """Raise an error in strict mode; else add it to the warnings, with what became of the value."""
        if self.strict:
            raise error
        self._warn(error.path, f"{error.reason} {outcome}")

    def _warn(self, path: str, reason: str) -> None:
        self.record_set.warnings.append((path, reason))

    def finish(self) -> RecordSet:
        """The records, with the values that serializers infer from the whole document."""
        for serializer, key in self._raw_objects:
            record = self.record_set.record(model_of(serializer), key)
            if serializer.fixed_id is not None and not record.columns and not any(record.lists.values()):
                self.record_set.empty_objects[model_of(serializer)].add(key)
                continue
            inferred = serializer.infer_columns(record.columns, partial(self._related, serializer, record))
            for column, value in inferred.items():
                if value is not None:
                    record.columns.setdefault(column, only_if_null(value))
        return self.record_set

    def _related(self, serializer: SerializerClass, record: Record, relation: str) -> Mapping[str, Any]:
        target: Any = model_of(serializer)._meta.get_field(relation).related_model
        related = self.record_set.records[target].get(record.columns.get(f"{relation}_id"))
        return related.columns if related else {}

    def _read_object(
        self, raw: object, serializer: SerializerClass, path: str, parent_columns: Mapping[str, Any] | None = None
    ) -> Key:
        """Read one object and return its key. `parent_columns` holds the columns that refer to the object around it."""
        if not isinstance(raw, dict):
            raise DocumentError("Expected an object.", path)
        key = self._read_key(raw, serializer, path, parent_columns or {})
        if self._raw_objects.get((serializer, key)) != raw:
            record = self.record_set.record(model_of(serializer), key)
            self._read_into_record(record, key, raw, serializer, path)
            self._raw_objects[serializer, key] = raw
        return key

    def _read_into_record(
        self, record: Record, key: Key, raw: dict[str, Any], serializer: SerializerClass, path: str
    ) -> None:
        specs = readable(serializer)
        for name in raw.keys() - {spec.key for spec in specs}:
            self.record_set.unknown_keys.setdefault(f"{serializer.__name__}.{name}", _join(path, name))
        present = [(spec, raw[spec.key], _join(path, spec.key)) for spec in specs if spec.key in raw]
        for spec, value, value_path in present:
            try:
                if isinstance(spec, InlineSpec):
                    self._read_inline(spec, record, key, value, value_path)
                else:
                    self._read_value(spec, record, value, serializer, key, value_path)
            except DocumentError as error:
                self.refuse(error)
        for spec, value, value_path in present:  # now that the related objects have been read
            if isinstance(spec, FieldSpec) and len(spec.path) > 1:
                try:
                    self._read_related_value(spec, record, value, model_of(serializer), value_path)
                except DocumentError as error:
                    self.refuse(error)

    def _read_inline(self, spec: InlineSpec, record: Record, key: Key, raw: object, path: str) -> None:
        if isinstance(raw, dict):
            self._read_into_record(record, key, raw, spec.serializer, path)
        elif raw is None and spec.null_without:
            _set_column(record, spec.null_without, None, path)
        else:
            raise DocumentError(f"Expected an object, got {shorten(raw)}.", path)

    def _read_value(
        self, spec: Spec, record: Record, raw: object, serializer: SerializerClass, key: Key, path: str
    ) -> None:
        """Read the value of one key into the record."""
        match spec:
            case FieldSpec(field=DetailURLField()):
                check_detail_url(raw, key, path)
            case FieldSpec(path=("id",) | ("pk",)):
                pass
            case FieldSpec(path=(column,)):
                self._read_column(spec, column, record, raw, model_of(serializer), path)
            case FieldSpec(path=()) if not spec.field.read_only:
                for column, value in (self._field_value(spec, raw, path) or {}).items():
                    _set_column(record, column, value, path)
            case SlugRelatedSpec():
                self._read_slug_related(spec, record, raw, path)
            case NestedSpec():
                self._read_nested(spec, record, raw, model_of(serializer), key, path)
            case FieldSpec():  # of a related object, which is read later, or computed, which is not stored
                check_unstored(spec, raw, path)
            case NestedListSpec():
                self._read_list(spec, record, raw, serializer, key, path)

    def _field_value(self, spec: FieldSpec, raw: object, path: str) -> Any:
        """The value to store: exactly that of the document or, with a warning, the nearest one."""
        try:
            return python_value(spec, raw, path)
        except DocumentError as error:
            try:
                value = nearest_value(spec, raw)
            except ValueError:
                raise error from None
            is_exact = value == raw or (is_text(spec) and isinstance(raw, str | None))
            self.refuse(error, "Stored as it is." if is_exact else f"Stored as {shorten(plain_value(value))}.")
            return value

    def _read_column(self, spec: FieldSpec, column: str, record: Record, raw: object, model: Model, path: str) -> None:
        value = cut_to_index(model, column, self._field_value(spec, raw, path))
        _set_column(record, column, value, path)
        if is_text(spec):
            _set_received(record, spec.key, raw, None if value is None else spec.field.to_representation(value))

    def _read_related_value(self, spec: FieldSpec, record: Record, raw: object, model: Model, path: str) -> None:
        """Read a value of an object that the record refers to. Values at the end of longer paths are not read."""
        relation, *names = spec.path
        if len(names) > 1 or spec.field.read_only:
            return
        if (target := record.columns.get(f"{relation}_id")) is None:
            if raw not in ("", None):
                self._warn(path, f"There is no {relation} to which the value {shorten(raw)} belongs. Not stored.")
            return
        related: Any = model._meta.get_field(relation).related_model
        column = related._meta.get_field(names[0])
        if raw is None:
            if is_text(spec) and not column.null:
                _set_received(record, spec.key, raw, "")
            return
        value = self._field_value(spec, raw, path)
        _set_column(self.record_set.record(related, target), names[0], value, path)
        if column.is_relation:
            self.record_set.record(column.related_model, value)

    def _read_nested(self, spec: NestedSpec, record: Record, raw: object, model: Model, key: Key, path: str) -> None:
        column = f"{spec.relation}_id"
        if raw is not None:
            target = self._read_object(raw, spec.serializer, path)
            self._claim(model._meta.get_field(spec.relation), target, key, path)
            _set_column(record, column, keep_equivalent_id(spec.serializer, target), path)
        elif not spec.nullable:
            raise DocumentError("Expected an object, got null.", path)
        elif not spec.serializer.overrides_substitute():  # else null may mean an object that the version lacks
            _set_column(record, column, None, path)

    def _claim(self, field: Any, target: Key, owner: Key, path: str) -> None:
        """Check that no other object of the document refers to the same target in a one-to-one relation."""
        if isinstance(field, models.OneToOneField):
            first = self._owners.setdefault((field.model, field.name, target), owner)
            if first != owner:
                reason = f"The document contradicts itself: {target} belongs to {first}, and not to {owner}."
                raise DocumentError(reason, path)

    def _read_slug_related(self, spec: SlugRelatedSpec, record: Record, raw: object, path: str) -> None:
        column, key, text = f"{spec.relation}_id", None, None
        if raw is not None and raw != "":
            if not isinstance(raw, str):
                raise DocumentError(f"Expected a string or null, got {shorten(raw)}.", path)
            self._check_text(spec.model._meta.get_field(spec.natural_key), raw, path)
            text = cut_to_index(spec.model, spec.natural_key, raw)
            key = NaturalKey(spec.model, (spec.natural_key,), (text,))
        _set_column(record, column, key, path)
        if key is not None:
            self.record_set.record(spec.model, key).columns[spec.natural_key] = text
        _set_received(record, spec.key, raw, text)

    def _check_text(self, column: Any, text: str, path: str) -> None:
        try:
            check_text(column, text, path)
        except DocumentError as error:
            if "\x00" in text:
                raise
            self.refuse(error, "Stored as it is.")

    def _read_list(
        self, spec: NestedListSpec, record: Record, raw: object, serializer: SerializerClass, key: Key, path: str
    ) -> None:
        reduction = spec.reduction
        rows = [] if raw is None and spec.is_nullable else raw
        if reduction is not None:
            if reduction.read_only:
                return
            rows = expand(reduction, raw, path)
            if is_text(spec):
                _set_received(record, spec.key, raw, reduce_rows(reduction, rows or []))
            if rows is None:
                return
        if not isinstance(rows, list):
            raise DocumentError(f"Expected a list, got {shorten(rows)}.", path)
        if issubclass(model_of(spec.serializer), Resource | UUIDResource):
            self._read_list_of_objects(spec, record, rows, serializer, key, path)
            return
        partial_key = spec.key if reduction is not None and (spec.match or reduction.is_partial) else ""
        embedded = self._read_rows(
            spec, rows, path, lambda row, row_path: self._read_embedded(spec.serializer, row, row_path)
        )
        embedded = self._without_repeats(spec, serializer, embedded, path)
        _set_list(record, ListKey(spec.relation, spec.match, partial_key), tuple(embedded), path)

    def _read_rows(
        self, spec: NestedListSpec, rows: list[object], path: str, read: Callable[[object, str], T]
    ) -> list[T]:
        """Read the rows of a list. Rows that cannot be read are refused."""
        results = []
        for number, row in enumerate(rows):
            try:
                results.append(read(row, f"{path}[{number}]" if spec.reduction is None else path))
            except DocumentError as error:
                self.refuse(error)
        return results

    def _read_list_of_objects(
        self, spec: NestedListSpec, record: Record, rows: list[object], serializer: SerializerClass, key: Key, path: str
    ) -> None:
        relation, reduction = list_relation(model_of(serializer), spec.relation), spec.reduction
        is_partial = bool(spec.match) or (reduction is not None and reduction.is_partial)
        parent_columns = {relation.field.attname: key} if isinstance(relation, ManyToOneRel) else {}

        def read(row: object, row_path: str) -> Key:
            child = self._read_object(row, spec.serializer, row_path, parent_columns)
            if isinstance(relation, ManyToOneRel):
                self._claim(relation.field, key, child, row_path)
                child_record = self.record_set.record(model_of(spec.serializer), child)
                _set_column(child_record, relation.field.attname, key, row_path)
            return child

        results = self._read_rows(spec, rows, path, read)
        if (
            isinstance(relation, ManyToOneRel)
            and issubclass(model_of(spec.serializer), PositionedPart)
            and not is_partial
        ):
            for position, child in enumerate(dict.fromkeys(results)):
                self.record_set.record(model_of(spec.serializer), child).columns["position"] = position
        # Of a list with an unreadable object, the other objects are added, and none is removed.
        is_partial = is_partial or len(results) < len(rows)
        if relation is None or (isinstance(relation, ManyToOneRel) and is_partial):
            return
        required_column = reduction.key if reduction is not None else ""
        list_key = ListKey(spec.relation, spec.match, spec.key if is_partial else "", required_column)
        _set_list(record, list_key, tuple(dict.fromkeys(results)), path)

    def _without_repeats(
        self, spec: NestedListSpec, serializer: SerializerClass, rows: list[EmbeddedRow], path: str
    ) -> list[EmbeddedRow]:
        """The rows, without values that must be unique in the list and that an earlier row has: the ids of a crew."""
        owner: Any = list_relation(model_of(serializer), spec.relation).field.name
        names = {
            name
            for constraint in model_of(spec.serializer)._meta.constraints
            if isinstance(constraint, models.UniqueConstraint) and owner in constraint.fields
            for name in constraint.fields
        } - {owner, *dict(spec.match)}
        if not names:
            return rows
        seen, results = set[Any](), []
        for number, row in enumerate(rows):
            columns = dict(row.columns)
            values = tuple(columns.get(name) for name in sorted(names))
            if values in seen and None not in values:
                reason = f"The document contradicts itself: {shorten(values[0])} occurs twice in the list."
                self.refuse(DocumentError(reason, f"{path}[{number}]"))
                columns |= dict.fromkeys(names)
            seen.add(values)
            results.append(EmbeddedRow(tuple(columns.items())))
        return results

    def _read_embedded(self, serializer: SerializerClass, raw: object, path: str) -> EmbeddedRow:
        if not isinstance(raw, dict):
            raise DocumentError("Expected an object.", path)
        record = Record()
        self._read_into_record(record, None, raw, serializer, path)
        if not record.columns:
            raise DocumentError("Expected an object with values.", path)
        received = {name: pair for name, pair in record.received.items() if pair is not None} or None
        return EmbeddedRow(tuple(sorted((record.columns | {"received": received}).items())))

    def _read_key(
        self, raw: dict[str, Any], serializer: SerializerClass, path: str, parent_columns: Mapping[str, Any]
    ) -> Key:
        """Return the id of an object, or its natural key if it has no id."""
        if serializer.fixed_id is not None:
            return serializer.fixed_id
        model: Any = model_of(serializer)
        present = {
            spec.path[0]: spec
            for spec in describe(serializer)
            if isinstance(spec, FieldSpec) and len(spec.path) == 1 and raw.get(spec.key) not in (None, "")
        }

        def value(name: str) -> Any:
            spec = present[name]
            return cut_to_index(model, name, self._field_value(spec, raw[spec.key], _join(path, spec.key)))

        placeholder_id = None
        if (pk_name := model._meta.pk.name) in present:
            pk = value(pk_name)
            if not is_placeholder_id(pk):
                return pk
            placeholder_id = pk  # a placeholder id of another spacedb server, meaningless here
        for names in model.natural_keys():
            if present.keys() | parent_columns.keys() >= {*names}:
                values = tuple(parent_columns[name] if name in parent_columns else value(name) for name in names)
                natural_key = NaturalKey(model, names, values)
                if placeholder_id is not None:
                    self.record_set.placeholder_ids.setdefault(natural_key, placeholder_id)
                return natural_key
        if placeholder_id is not None:
            reason = f"The id {placeholder_id} is that of a placeholder, and no natural key identifies the object."
            raise DocumentError(reason, path)
        raise DocumentError("The object has no id.", path)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}".lstrip(".")


def _set_column(record: Record, column: str, value: object, path: str) -> None:
    _check_consistent(record.columns.setdefault(column, value), value, path)


def _set_list(record: Record, list_key: ListKey, items: tuple[object, ...], path: str) -> None:
    _check_consistent(record.lists.setdefault(list_key, items), items, path)


def _set_received(record: Record, key: str, raw: object, from_columns: object) -> None:
    """Record a string, or null, as it was received if the columns represent it differently."""
    if isinstance(raw, str | None):
        record.received[key] = None if raw == from_columns else [from_columns, raw]


def _check_consistent(before: object, value: object, path: str) -> None:
    if before is not value and before != value:
        values = f"{shorten(value)} here and {shorten(before)} elsewhere"
        raise DocumentError(f"The document contradicts itself: the value is {values}.", path)
