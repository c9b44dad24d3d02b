"""Reads the objects of a document into records, using the serializers in reverse.

A record contains only the keys that the document contains. So a short representation never erases values from a longer
one.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models.fields.reverse_related import ManyToOneRel
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from spacedb.catalogue.models import PositionedPart, Resource, UUIDResource
from spacedb.ingest.documents import ParsedObject
from spacedb.ingest.errors import DocumentError
from spacedb.ingest.messages import shorten
from spacedb.ingest.records import EmbeddedRow, Key, ListKey, LossyValue, Model, NaturalKey, Record, RecordSet
from spacedb.rest.versions import url_segments
from spacedb.serializers.base import Reduction, SerializerClass, list_relation, model_of
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


class DocumentReader:
    """Reads the objects of one document.

    An object may occur in several places; its values must be the same everywhere.
    """

    def __init__(self) -> None:
        self.record_set = RecordSet()
        self._raw_objects: dict[tuple[SerializerClass, Key], dict[str, Any]] = {}

    def read(self, parsed: ParsedObject) -> None:
        """Read one object with everything nested in it. Raises `DocumentError`."""
        self._read_object(parsed.raw, parsed.serializer, parsed.path)

    def finish(self) -> RecordSet:
        """The records, with the values that serializers infer from the whole document."""
        for serializer, key in self._raw_objects:
            record = self.record_set.record(model_of(serializer), key)
            inferred = serializer.infer_columns(record.columns, partial(self._related, serializer, record))
            for column, value in inferred.items():
                if value is not None:
                    record.columns.setdefault(column, _only_if_null(value))
        return self.record_set

    def _related(self, serializer: SerializerClass, record: Record, relation: str) -> Mapping[str, Any]:
        target: Any = model_of(serializer)._meta.get_field(relation).related_model
        related = self.record_set.records[target].get(record.columns.get(f"{relation}_id"))
        return related.columns if related else {}

    def _read_object(
        self, raw: Any, serializer: SerializerClass, path: str, parent_columns: Mapping[str, Any] | None = None
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
        unknown_keys = raw.keys() - {spec.key for spec in specs}
        self.record_set.unknown_keys |= {f"{serializer.__name__}.{name}" for name in unknown_keys}
        present = [(spec, raw[spec.key], _join(path, spec.key)) for spec in specs if spec.key in raw]
        for spec, value, value_path in present:
            if isinstance(spec, InlineSpec):
                self._read_inline(spec, record, key, value, value_path)
            else:
                self._read_value(spec, record, value, serializer, key, value_path)
        for spec, value, value_path in present:  # Second pass: related objects have been read.
            if isinstance(spec, FieldSpec) and len(spec.path) > 1 and value is not None:
                self._read_related_value(spec, record, value, model_of(serializer), value_path)

    def _read_inline(self, spec: InlineSpec, record: Record, key: Key, raw: Any, path: str) -> None:
        if raw is None:
            _set_column(record, spec.null_without, None, path)
        elif isinstance(raw, dict):
            self._read_into_record(record, key, raw, spec.serializer, path)
        else:
            raise DocumentError("Expected an object or null.", path)

    def _read_value(
        self, spec: Spec, record: Record, raw: Any, serializer: SerializerClass, key: Key, path: str
    ) -> None:
        """Read the value of one key into the record."""
        match spec:
            case FieldSpec(field=DetailURLField()):
                _check_detail_url(raw, key, path)
            case FieldSpec(path=("id",) | ("pk",)):
                pass
            case FieldSpec(path=(column,)):
                _set_column(record, column, _internal_value(spec, raw, path), path)
            case FieldSpec(path=()) if not spec.field.read_only:
                for column, value in (_internal_value(spec, raw, path) or {}).items():
                    _set_column(record, column, value, path)
            case SlugRelatedSpec():
                _set_column(record, f"{spec.relation}_id", self._read_slug_related(spec, raw, path), path)
            case NestedSpec():
                self._read_nested(spec, record, raw, path)
            case FieldSpec():
                pass  # Related values are read in the second pass; computed read-only values are ignored.
            case NestedListSpec():
                self._read_list(spec, record, raw, serializer, key, path)

    def _read_related_value(self, spec: FieldSpec, record: Record, raw: Any, model: Model, path: str) -> None:
        """Read a value of an object that the record refers to. Values at the end of longer paths are not read."""
        relation, *names = spec.path
        if len(names) > 1 or spec.field.read_only or (target := record.columns.get(f"{relation}_id")) is None:
            return
        related: Any = model._meta.get_field(relation).related_model
        column = related._meta.get_field(names[0])
        value = _internal_value(spec, raw, path)
        _set_column(self.record_set.record(related, target), names[0], value, path)
        if column.is_relation:
            self.record_set.record(column.related_model, value)

    def _read_nested(self, spec: NestedSpec, record: Record, raw: Any, path: str) -> None:
        column = f"{spec.relation}_id"
        if raw is not None:
            key = self._read_object(raw, spec.serializer, path)
            _set_column(record, column, _keep_equivalent_id(spec.serializer, key), path)
        elif not spec.nullable:
            raise DocumentError("Expected an object, got null.", path)
        elif not spec.serializer.overrides_substitute():  # else null may mean an object that the version lacks
            _set_column(record, column, None, path)

    def _read_slug_related(self, spec: SlugRelatedSpec, raw: Any, path: str) -> NaturalKey | None:
        if raw is None or raw == "":
            return None
        if not isinstance(raw, str):
            raise DocumentError(f"Expected a string or null, got {raw!r}."[:500], path)
        _check_text(spec.model._meta.get_field(spec.natural_key), raw, path)
        key = NaturalKey(spec.model, (spec.natural_key,), (raw,))
        self.record_set.record(spec.model, key).columns[spec.natural_key] = raw
        return key

    def _read_list(
        self, spec: NestedListSpec, record: Record, raw: Any, serializer: SerializerClass, key: Key, path: str
    ) -> None:
        reduction = spec.reduction
        rows = raw
        if reduction is not None:
            rows = None if reduction.read_only else _expand(reduction, raw, path)
            if rows is None:
                return
        if not isinstance(rows, list):
            raise DocumentError(f"Expected a list, got {rows!r}."[:500], path)
        if issubclass(model_of(spec.serializer), Resource | UUIDResource):
            self._read_list_of_objects(spec, record, rows, serializer, key, path)
            return
        partial_key = spec.key if reduction is not None and (spec.match or reduction.is_partial) else ""
        embedded = tuple(self._read_embedded(spec.serializer, row, f"{path}[{n}]") for n, row in enumerate(rows))
        _set_list(record, ListKey(spec.relation, spec.match, partial_key), embedded, path)

    def _read_list_of_objects(
        self, spec: NestedListSpec, record: Record, rows: list[Any], serializer: SerializerClass, key: Key, path: str
    ) -> None:
        relation, reduction = list_relation(model_of(serializer), spec.relation), spec.reduction
        is_partial = bool(spec.match) or (reduction is not None and reduction.is_partial)
        parent_columns = {relation.field.attname: key} if isinstance(relation, ManyToOneRel) else {}
        keys = dict.fromkeys(
            self._read_object(row, spec.serializer, f"{path}[{n}]", parent_columns) for n, row in enumerate(rows)
        )
        if isinstance(relation, ManyToOneRel):
            has_positions = issubclass(model_of(spec.serializer), PositionedPart)
            for position, child in enumerate(keys):
                child_record = self.record_set.record(model_of(spec.serializer), child)
                _set_column(child_record, relation.field.attname, key, path)
                if has_positions and not is_partial:
                    child_record.columns["position"] = position
        if relation is None or (isinstance(relation, ManyToOneRel) and is_partial):
            return
        required_column = reduction.key if reduction is not None else ""
        list_key = ListKey(spec.relation, (), spec.key if is_partial else "", required_column)
        _set_list(record, list_key, tuple(keys), path)

    def _read_embedded(self, serializer: SerializerClass, raw: Any, path: str) -> EmbeddedRow:
        if not isinstance(raw, dict):
            raise DocumentError("Expected an object.", path)
        record = Record()
        self._read_into_record(record, None, raw, serializer, path)
        return EmbeddedRow(tuple(sorted(record.columns.items())))

    def _read_key(
        self, raw: dict[str, Any], serializer: SerializerClass, path: str, parent_columns: Mapping[str, Any]
    ) -> Key:
        """Return the id of an object, or its natural key if it has no id."""
        model: Any = model_of(serializer)
        present = {
            spec.path[0]: spec
            for spec in describe(serializer)
            if isinstance(spec, FieldSpec) and len(spec.path) == 1 and raw.get(spec.key) not in (None, "")
        }

        def value(name: str) -> Any:
            spec = present[name]
            return _internal_value(spec, raw[spec.key], _join(path, spec.key))

        placeholder_id = None
        if (pk_name := model._meta.pk.name) in present:
            pk = value(pk_name)
            if not (isinstance(pk, int) and pk < 0):
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


def _set_column(record: Record, column: str, value: Any, path: str) -> None:
    _check_consistent(record.columns.setdefault(column, value), value, path)


def _set_list(record: Record, list_key: ListKey, items: tuple[Any, ...], path: str) -> None:
    _check_consistent(record.lists.setdefault(list_key, items), items, path)


def _check_consistent(before: Any, value: Any, path: str) -> None:
    if before is not value and before != value:
        reason = f"The document contradicts itself: the value is {value!r} here and {before!r} elsewhere."
        raise DocumentError(reason[:500], path)


def _check_detail_url(url: Any, key: Key, path: str) -> None:
    """The last segment of an object's URL is its id, perhaps with a format suffix."""
    if isinstance(url, str) and not isinstance(key, NaturalKey) and url_segments(url)[-1:] != [str(key)]:
        reason = f"The document contradicts itself: {shorten(url)} is not the URL of the object with id {key}."
        raise DocumentError(reason, path)


def _keep_equivalent_id(serializer: SerializerClass, key: Key) -> Any:
    """The id to write. A stored id that the API shows as this id is not overwritten."""
    _, *others = serializer.stored_ids(key) or [key]
    return LossyValue(key, key, lambda stored: key if stored in others else stored) if others else key


def _only_if_null(value: Any) -> LossyValue:
    """A value to write only where nothing is stored: any stored value compares equal."""
    return LossyValue(value, value, lambda stored: value)


def _expand(reduction: Reduction, raw: Any, path: str) -> list[dict[str, Any]] | None:
    try:
        return reduction.expand(raw)
    except (TypeError, ValueError) as error:
        raise DocumentError(f"{error} Got {raw!r}."[:500], path) from error


def _check_text(field: Any, text: str, path: str) -> None:
    if "\x00" in text:
        raise DocumentError("Null characters are not allowed.", path)
    if field.max_length is not None and len(text) > field.max_length:
        raise DocumentError(f"Ensure this has at most {field.max_length} characters (it has {len(text)}).", path)


def _internal_value(spec: FieldSpec, raw: Any, path: str) -> Any:
    """The Python value of a JSON value, validated by the serializer field."""
    if raw is None:
        if spec.nullable:
            return None
        raise DocumentError("This value may not be null.", path)
    field: serializers.Field[Any, Any, Any, Any] = spec.field
    try:
        value = field.to_internal_value(raw)
        field.run_validators(value)
    except (ValidationError, DjangoValidationError) as error:
        details = error.detail if isinstance(error, ValidationError) else error.messages
        reasons = " ".join(str(reason) for reason in (details if isinstance(details, list) else [details]))
        raise DocumentError(f"{reasons} Got {raw!r}."[:500], path) from error
    except (TypeError, ValueError, OverflowError, AttributeError) as error:
        raise DocumentError(f"Not a valid value. Got {raw!r}."[:500], path) from error
    return LossyValue(value, raw, field.to_representation) if getattr(field, "is_lossy", False) else value
