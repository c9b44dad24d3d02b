"""Records: the contents of a document, as columns and lists of objects, before they are written to the database."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from django.db import models

Model: TypeAlias = "type[models.Model]"

Key: TypeAlias = "Any"
"""An object's id, or a `NaturalKey` if the document leaves the id out."""


@dataclass(frozen=True)
class NaturalKey:
    """Identifies an object without its id, by the values of one or several fields: an agency by its name."""

    model: Model
    names: tuple[str, ...]
    values: tuple[Any, ...]


@dataclass(frozen=True)
class LossyValue:
    """A value that is not written if the stored value has the same representation.

    `represent` returns the representation of a stored value. There are three uses:

    - a representation that rounds: the stored value may be more exact;
    - a representation that substitutes objects: several stored ids are shown as the same id;
    - values that only fill nulls: any stored value compares equal.
    """

    value: Any
    representation: Any
    represent: Callable[[Any], Any] = field(compare=False)

    def equals(self, stored: Any) -> bool:
        return stored is not None and bool(self.represent(stored) == self.representation)


def plain_value(value: Any) -> Any:
    """The value of a `LossyValue`; other values unchanged."""
    return value.value if isinstance(value, LossyValue) else value


Received: TypeAlias = "dict[str, list[Any] | None]"
"""Changes of `RepresentedModel.received`, by JSON key. None if the columns give the value as it was received."""


def merge_received(stored: Mapping[str, Any] | None, changes: Received) -> Mapping[str, Any] | None:
    """The new value of the column `received`: the stored value, with the changes of a document."""
    if not stored and not any(changes.values()):
        return stored
    merged = {**(stored or {}), **changes}
    return {key: pair for key, pair in merged.items() if pair is not None} or None


@dataclass(frozen=True)
class EmbeddedRow:
    """An object without an id of its own, contained in another one: its columns."""

    columns: tuple[tuple[str, Any], ...]


class ListKey(NamedTuple):
    """Identifies a list of an object: the relation, and the columns that all of its objects have (`match`).

    If `partial_key` names the JSON key of a list that represents a part of the relation, ingest adds to the relation
    and removes nothing. Objects in which the column `required_column` is empty cannot be in the document, so they are
    not removed.
    """

    relation: str
    match: tuple[tuple[str, Any], ...] = ()
    partial_key: str = ""
    required_column: str = ""


@dataclass
class Record:
    """The values of one object in a document: only the columns and lists that the document contains.

    The items of a list are keys of objects, or `EmbeddedRow`s.
    """

    columns: dict[str, Any] = field(default_factory=dict)
    lists: dict[ListKey, tuple[Any, ...]] = field(default_factory=dict)
    received: Received = field(default_factory=dict)

    def __or__(self, other: "Record") -> "Record":
        """Both together; where both have a value, that of `other`."""
        return Record(self.columns | other.columns, self.lists | other.lists, self.received | other.received)

    def agrees_with(self, other: "Record") -> bool:
        """Whether the result of writing both does not depend on their order.

        It does if they contain different lists of the same relation: one may remove what the other adds.
        """
        relations = {key.relation for key in self.lists} & {key.relation for key in other.lists}
        different = self.lists.keys() ^ other.lists.keys()
        return self | other == other | self and all(key.relation not in relations for key in different)


@dataclass
class RecordSet:
    """The records of one document, by model and key."""

    records: dict[Model, dict[Key, Record]] = field(default_factory=lambda: defaultdict(dict))
    unknown_keys: dict[str, str] = field(default_factory=dict)
    """Keys that the serializer does not have, as `Serializer.key`, with the first path. Upstream has added them."""
    warnings: list[tuple[str, str]] = field(default_factory=list)
    """The path of each value that could not be stored, or that is invalid, and the reason."""
    empty_objects: dict[Model, set[Key]] = field(default_factory=lambda: defaultdict(set))
    """Objects of which the document contains nothing but empty lists, and which it does not name by an id. They are not
    created."""
    placeholder_ids: dict[NaturalKey, int] = field(default_factory=dict)
    """The negative ids by which another spacedb server identifies its placeholder objects."""
    has_reverse_lists: bool = False
    """Whether there are lists of many-to-many relations that other models declare."""
    owners: dict[tuple[Model, str, Key], Key] = field(default_factory=dict)
    """The object that refers to another one in a one-to-one relation: by its model, the relation and the other one."""

    def record(self, model: Model, key: Key) -> Record:
        """The record of an object, a new one if there is none yet."""
        return self.records[model].setdefault(key, Record())

    def agrees_with(self, other: "RecordSet") -> bool:
        """Whether the result of writing both does not depend on their order. The ids of natural keys are not known."""
        record_sets = (self, other)
        if any(each.has_reverse_lists or each.empty_objects for each in record_sets):
            return False
        for model, added in other.records.items():
            records = self.records.get(model, {})
            if not all(records[key].agrees_with(record) for key, record in added.items() if key in records):
                return False
        return all(self.owners.get(key, owner) == owner for key, owner in other.owners.items()) and all(
            self.placeholder_ids.get(key, pk) == pk for key, pk in other.placeholder_ids.items()
        )

    def add(self, other: "RecordSet") -> None:
        """Add the records of another set. Its warnings and unknown keys are not added."""
        for model, added in other.records.items():
            records = self.records[model]
            for key, record in added.items():
                records[key] = records[key] | record if key in records else record
        for model, keys in other.empty_objects.items():
            self.empty_objects[model] |= keys
        self.placeholder_ids |= other.placeholder_ids
        self.has_reverse_lists |= other.has_reverse_lists
        self.owners |= other.owners
