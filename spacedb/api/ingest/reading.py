"""In: a document's objects read, by the serializers backwards, into records of what it tells.

A record holds only what the document's form has, so a poorer form never erases what a richer one told.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import models
from django.db.models.fields.reverse_related import ManyToOneRel
from rest_framework.exceptions import ValidationError

from spacedb.api.fields import DetailURL, Natural
from spacedb.api.ingest.errors import DocumentError
from spacedb.api.models import Resource, UUIDResource
from spacedb.api.serializers import (
    Column,
    Form,
    Named,
    Nested,
    NestedList,
    Part,
    Side,
    Whole,
    model_of,
    relation_of,
    structure,
)

Model: TypeAlias = "type[models.Model]"
Key: TypeAlias = "Any"
"""An object's id, or a `Natural` where the document left the id out."""


@dataclass(frozen=True)
class Owned:
    """An object without an id of its own, told as part of another: its attributes."""

    values: tuple[tuple[str, Any], ...]


@dataclass
class Records:
    """What one document tells: of each object, its attributes, and its lists under the relation's name.

    A list of objects without ids is under `(relation, match)`, a tuple of `Owned`.
    """

    told: dict[Model, dict[Key, dict[Any, Any]]] = field(default_factory=lambda: defaultdict(dict))
    unknown: set[str] = field(default_factory=set)
    """Keys that no form knows, as `Form.key`: what upstream has added since."""
    seen: dict[tuple[Form, Any], dict[str, Any]] = field(default_factory=dict)

    def read(self, raw: Any, form: Form, path: str) -> Key:
        """Read one object and all that it nests; its id."""
        if not isinstance(raw, dict):
            raise DocumentError("is not an object", path)
        key = self._key(raw, form, path)
        if self.seen.get((form, key)) == raw:
            return key
        self._read_into(self.told[model_of(form)].setdefault(key, {}), key, raw, form, path)
        self.seen[form, key] = raw
        return key

    def _read_into(self, record: dict[Any, Any], key: Key, raw: dict[str, Any], form: Form, path: str) -> None:
        parts = structure(form)
        self.unknown |= {f"{form.__name__}.{name}" for name in raw.keys() - {part.key for part in parts}}
        for part in parts:
            if part.key not in raw:
                continue
            if isinstance(part, Side):
                self._side(part, record, key, raw[part.key], f"{path}.{part.key}".lstrip("."))
            else:
                for name, value in self._values(part, raw[part.key], form, key, f"{path}.{part.key}".lstrip(".")):
                    self._tell(record, name, value, f"{path}.{part.key}".lstrip("."))

    def _side(self, part: Side, record: dict[Any, Any], key: Key, raw: Any, path: str) -> None:
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

    def _key(self, raw: dict[str, Any], form: Form, path: str) -> Key:
        model = model_of(form)
        for part in structure(form):
            if isinstance(part, Column) and part.attribute == model._meta.pk.name and raw.get(part.key) is not None:
                key = _value(part, raw[part.key], f"{path}.{part.key}".lstrip("."))
                if not (isinstance(key, int) and key < 0):  # a server's own, for what it was not told the id of
                    return key
        natural_key = getattr(model, "natural_key", None)
        for part in structure(form):
            if isinstance(part, Column) and part.attribute == natural_key and raw.get(part.key):
                return Natural(model, _value(part, raw[part.key], f"{path}.{part.key}".lstrip(".")))
        raise DocumentError("has no id", path)

    def _values(self, part: Part, raw: Any, form: Form, key: Key, path: str) -> list[tuple[Any, Any]]:
        """What one key of an object tells: names of attributes or lists, with their values."""
        match part:
            case Column(field=DetailURL()):
                _check_address(raw, key, path)
                return []
            case Column(attribute="id" | "pk"):
                return []
            case Column():
                return [(part.attribute, _value(part, raw, path))]
            case Whole():
                read = getattr(part.field, "to_internal_value", None)
                return list(read(raw).items()) if read and not part.field.read_only else []
            case Named():
                return [(f"{part.relation}_id", self._named(part, raw, path))]
            case Nested():
                if raw is None:
                    if not part.nullable:
                        raise DocumentError("may not be null", path)
                    return [(f"{part.relation}_id", None)]
                return [(f"{part.relation}_id", self.read(raw, part.form, path))]
            case NestedList(first=True):
                return self._list(part, [] if raw is None else [raw], form, key, path)
            case NestedList():
                return self._list(part, raw, form, key, path)

    def _named(self, part: Named, raw: Any, path: str) -> Natural | None:
        if raw is None or raw == "":
            return None
        if not isinstance(raw, str):
            raise DocumentError("is not a string", path)
        _check_text(part.model._meta.get_field(part.natural_key), raw, path)
        self.told[part.model].setdefault(Natural(part.model, raw), {})[part.natural_key] = raw
        return Natural(part.model, raw)

    def _list(self, part: NestedList, raw: Any, form: Form, key: Key, path: str) -> list[tuple[Any, Any]]:
        if not isinstance(raw, list):
            raise DocumentError("is not a list", path)
        model, paths = model_of(part.form), [f"{path}[{number}]" for number in range(len(raw))]
        if not issubclass(model, Resource | UUIDResource):
            owned = [self._owned(part.form, one, at) for one, at in zip(raw, paths, strict=True)]
            return [((part.relation, part.match), tuple(owned))]
        keys = tuple(dict.fromkeys(self.read(one, part.form, at) for one, at in zip(raw, paths, strict=True)))
        relation = relation_of(model_of(form), part.relation)
        if relation is None:
            return []
        if isinstance(relation, ManyToOneRel):
            for child, at in zip(keys, paths, strict=False):
                self._tell(self.told[model][child], relation.field.attname, key, at)
            if part.match or part.first:  # there may be others
                return []
        return [(part.relation, keys)]

    def _owned(self, form: Form, raw: Any, path: str) -> Owned:
        if not isinstance(raw, dict):
            raise DocumentError("is not an object", path)
        record: dict[Any, Any] = {}
        self._read_into(record, None, raw, form, path)
        return Owned(tuple(sorted(record.items())))


def _check_address(url: Any, key: Key, path: str) -> None:
    if isinstance(url, str) and not isinstance(key, Natural) and urlsplit(url).path.split("/")[-2:] != [str(key), ""]:
        raise DocumentError(f"contradicts this document itself: not the address of {key} (it is {url!r})"[:500], path)


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
    return value
