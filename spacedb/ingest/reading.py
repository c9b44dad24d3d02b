"""In: a document's objects read, by the serializers backwards, into records of what it tells.

A record holds only what the document's form has, so a poorer form never erases what a richer one told.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import models
from django.db.models.fields.reverse_related import ManyToOneRel
from rest_framework.exceptions import ValidationError

from spacedb.catalogue.models import Resource, UUIDResource
from spacedb.ingest.errors import DocumentError
from spacedb.ingest.values import LossyValue, NaturalKey
from spacedb.serializers.base import Reduction, SerializerClass, list_relation, model_of
from spacedb.serializers.describe import (
    Column,
    InlineSpec,
    NestedListSpec,
    NestedSpec,
    SlugRelatedSpec,
    Spec,
    Through,
    Whole,
    describe,
)
from spacedb.serializers.fields import DetailURLField

Model: TypeAlias = "type[models.Model]"
Key: TypeAlias = "Any"
"""An object's id, or a `Natural` where the document left the id out."""


@dataclass(frozen=True)
class EmbeddedRow:
    """An object without an id of its own, told as part of another: its attributes."""

    values: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class ListKey:
    """The name of a list in a record. Of some, a key tells a part alone: what it does not tell is not taken away.

    Of objects that are told `by` one attribute, those stay that have none.
    """

    relation: str
    match: tuple[tuple[str, Any], ...] = ()
    part: str = ""
    by: str = ""


@dataclass
class RecordSet:
    """What one document tells: of each object, its attributes, and its lists, each a tuple under its `Listed`.

    Objects without ids are told as `Owned`, others by their keys.
    """

    told: dict[Model, dict[Key, dict[Any, Any]]] = field(default_factory=lambda: defaultdict(dict))
    unknown: set[str] = field(default_factory=set)
    """Keys that no form knows, as `Form.key`: what upstream has added since."""
    seen: dict[tuple[SerializerClass, Any], dict[str, Any]] = field(default_factory=dict)
    numbers: dict[NaturalKey, int] = field(default_factory=dict)
    """The ids below zero by which another server knows provisional objects."""

    def read(self, raw: Any, form: SerializerClass, path: str, known: dict[str, Any] | None = None) -> Key:
        """Read one object and all that it nests; its id. `known` is what the place where it is told tells of it."""
        if not isinstance(raw, dict):
            raise DocumentError("is not an object", path)
        key = self._key(raw, form, path, known or {})
        if self.seen.get((form, key)) == raw:
            return key
        self._read_into(self.told[model_of(form)].setdefault(key, {}), key, raw, form, path)
        self.seen[form, key] = raw
        return key

    def _read_into(
        self, record: dict[Any, Any], key: Key, raw: dict[str, Any], form: SerializerClass, path: str
    ) -> None:
        parts = describe(form)
        self.unknown |= {f"{form.__name__}.{name}" for name in raw.keys() - {part.key for part in parts}}
        for part in parts:
            if part.key not in raw:
                continue
            if isinstance(part, InlineSpec):
                self._side(part, record, key, raw[part.key], f"{path}.{part.key}".lstrip("."))
            else:
                for name, value in self._values(part, raw[part.key], form, key, f"{path}.{part.key}".lstrip(".")):
                    self._tell(record, name, value, f"{path}.{part.key}".lstrip("."))
        for part in parts:
            if isinstance(part, Through) and raw.get(part.key) is not None:
                self._through(part, record, raw[part.key], model_of(form), f"{path}.{part.key}".lstrip("."))

    def _through(self, part: Through, record: dict[Any, Any], raw: Any, model: Model, path: str) -> None:
        """Tell the value of the object that the record refers to; farther ones are not known."""
        relation, *names = part.path
        if len(names) > 1 or part.field.read_only or (target := record.get(f"{relation}_id")) is None:
            return
        related: Model = model._meta.get_field(relation).related_model  # type: ignore[assignment]
        column = related._meta.get_field(names[0])
        value = _value(Column(part.key, names[0], part.field, nullable=False), raw, path)
        self._tell(self.told[related].setdefault(target, {}), names[0], value, path)
        if column.is_relation:
            self.told[column.related_model].setdefault(value, {})  # type: ignore[index]

    def complete(self) -> None:
        """Add what the objects imply, when all of the document is read."""
        for form, key in self.seen:
            record = self.told[model_of(form)][key]
            for relation, (nested, of_nested) in form.implied.items():
                related: Model = model_of(form)._meta.get_field(nested).related_model  # type: ignore[assignment]
                found = self.told[related].get(record.get(f"{nested}_id"), {}).get(f"{of_nested}_id")
                if found is not None:
                    record.setdefault(f"{relation}_id", LossyValue(found, found, partial(_known, found)))

    def _side(self, part: InlineSpec, record: dict[Any, Any], key: Key, raw: Any, path: str) -> None:
        if raw is None:
            self._tell(record, part.absent_without, None, path)
        elif isinstance(raw, dict):
            self._read_into(record, key, raw, part.form, path)
        else:
            raise DocumentError("is not an object", path)

    def _tell(self, record: dict[Any, Any], name: Any, value: Any, path: str) -> None:
        before = record.setdefault(name, value)
        if before is not value and before != value:
            raise DocumentError(f"contradicts this document itself: here {value!r}, before {before!r}"[:500], path)

    def _key(self, raw: dict[str, Any], form: SerializerClass, path: str, known: dict[str, Any]) -> Key:
        model: Any = model_of(form)
        columns = {part.attribute: part for part in describe(form) if isinstance(part, Column)}
        told = {name: (part, raw[part.key]) for name, part in columns.items() if raw.get(part.key) not in (None, "")}

        def value(name: str) -> Any:
            part, raw = told[name]
            return _value(part, raw, f"{path}.{part.key}".lstrip("."))

        number = None
        if (pk := model._meta.pk.name) in told:
            key = value(pk)
            if not (isinstance(key, int) and key < 0):
                return key
            number = key  # a server's own, for what it was not told the id of
        for names in model.natural_keys():
            if told.keys() | known.keys() >= {*names}:
                values = tuple(known[name] if name in known else value(name) for name in names)
                natural = NaturalKey(model, names, values)
                if number is not None:
                    self.numbers.setdefault(natural, number)
                return natural
        raise DocumentError("has no id", path)

    def _values(self, part: Spec, raw: Any, form: SerializerClass, key: Key, path: str) -> list[tuple[Any, Any]]:
        """What one key of an object tells: names of attributes or lists, with their values."""
        match part:
            case Column(field=DetailURLField()):
                _check_address(raw, key, path)
                return []
            case Column(attribute="id" | "pk"):
                return []
            case Column():
                return [(part.attribute, _value(part, raw, path))]
            case Through():
                return []
            case Whole() if part.field.read_only:
                return []
            case Whole():
                return list(_value(Column(part.key, part.key, part.field, nullable=False), raw, path).items())
            case SlugRelatedSpec():
                return [(f"{part.relation}_id", self._named(part, raw, path))]
            case NestedSpec():
                if raw is None:
                    if not part.nullable:
                        raise DocumentError("may not be null", path)
                    return [] if part.match else [(f"{part.relation}_id", None)]  # one that is not shown may be there
                return [(f"{part.relation}_id", _instead(part.form, self.read(raw, part.form, path)))]
            case NestedListSpec(first=True):
                return self._list(part, [] if raw is None else [raw], form, key, path)
            case NestedListSpec(fold=Reduction() as fold):
                told = None if fold.read_only else _unfolded(fold, raw, path)
                return [] if told is None else self._list(part, told, form, key, path)
            case NestedListSpec():
                return self._list(part, raw, form, key, path)

    def _named(self, part: SlugRelatedSpec, raw: Any, path: str) -> NaturalKey | None:
        if raw is None or raw == "":
            return None
        if not isinstance(raw, str):
            raise DocumentError("is not a string", path)
        _check_text(part.model._meta.get_field(part.natural_key), raw, path)
        key = NaturalKey(part.model, (part.natural_key,), (raw,))
        self.told[part.model].setdefault(key, {})[part.natural_key] = raw
        return key

    def _list(
        self, part: NestedListSpec, raw: Any, form: SerializerClass, key: Key, path: str
    ) -> list[tuple[Any, Any]]:
        if not isinstance(raw, list):
            raise DocumentError("is not a list", path)
        model, paths = model_of(part.form), [f"{path}[{number}]" for number in range(len(raw))]
        fold = part.fold
        partial = part.key if part.match or (fold is not None and fold.tells_part) else ""
        if not issubclass(model, Resource | UUIDResource):
            owned = tuple(self._owned(part.form, one, at) for one, at in zip(raw, paths, strict=True))
            return [(ListKey(part.relation, part.match, partial if fold is not None else ""), owned)]
        relation = list_relation(model_of(form), part.relation)
        known = {relation.field.attname: key} if isinstance(relation, ManyToOneRel) else {}
        keys = tuple(dict.fromkeys(self.read(one, part.form, at, known) for one, at in zip(raw, paths, strict=True)))
        if relation is None:
            return []
        if isinstance(relation, ManyToOneRel):
            for child, at in zip(keys, paths, strict=False):
                self._tell(self.told[model][child], relation.field.attname, key, at)
            if part.match or part.first:  # there may be others
                return []
        return [(ListKey(part.relation, part=partial, by=fold.key if fold is not None else ""), keys)]

    def _owned(self, form: SerializerClass, raw: Any, path: str) -> EmbeddedRow:
        if not isinstance(raw, dict):
            raise DocumentError("is not an object", path)
        record: dict[Any, Any] = {}
        self._read_into(record, None, raw, form, path)
        return EmbeddedRow(tuple(sorted(record.items())))


def _check_address(url: Any, key: Key, path: str) -> None:
    if (
        isinstance(url, str)
        and not isinstance(key, NaturalKey)
        and urlsplit(url).path.split("/")[-2:] != [str(key), ""]
    ):
        raise DocumentError(f"contradicts this document itself: not the address of {key} (it is {url!r})"[:500], path)


def _instead(form: SerializerClass, key: Key) -> Any:
    """The id that a document tells; what it stands for (`shown_as`) stays."""
    stands_for = form.ids_shown_as(key)[1:]
    return LossyValue(key, key, lambda stored: key if stored in stands_for else stored) if stands_for else key


def _known(told: Any, stored: Any) -> Any:
    """Whatever is stored is as good."""
    return told


def _unfolded(fold: Reduction, raw: Any, path: str) -> list[dict[str, Any]] | None:
    try:
        return fold.read(raw)
    except (TypeError, ValueError) as error:
        raise DocumentError(f"is not what can stand for a list (it is {raw!r})"[:500], path) from error


def _check_text(field: Any, text: str, path: str) -> None:
    if "\x00" in text or (field.max_length is not None and len(text) > field.max_length):
        raise DocumentError(f"is too long, or has null characters (it is {text!r})"[:500], path)


def _value(part: Column, raw: Any, path: str) -> Any:
    """A JSON value as Python has it, checked as the field checks it."""
    if raw is None:
        if not part.nullable:
            raise DocumentError("may not be null", path)
        return None
    try:
        value = part.field.to_internal_value(raw)
        part.field.run_validators(value)
    except (ValidationError, DjangoValidationError) as error:
        details = error.detail if isinstance(error, ValidationError) else error.messages
        reasons = " ".join(str(reason) for reason in (details if isinstance(details, list) else [details]))
        raise DocumentError(f"{reasons} (it is {raw!r})"[:500], path) from error
    except (TypeError, ValueError, OverflowError, AttributeError) as error:
        raise DocumentError(f"is not a {type(part.field).__name__} (it is {raw!r})"[:500], path) from error
    return LossyValue(value, raw, part.field.to_representation) if getattr(part.field, "rough", False) else value
