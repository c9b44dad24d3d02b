"""Finds the ids of objects that documents identify by a natural key, and creates placeholders for new ones.

A placeholder is an object with a negative id. When a later document contains the id of an object with the same natural
key, the placeholder is merged into that object.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from django.db import models
from django.db.models.fields.reverse_related import ManyToManyRel, ManyToOneRel

from spacedb.catalogue.models import Resource
from spacedb.databases.statements import Select
from spacedb.ingest.lists import through_table
from spacedb.ingest.records import Key, Model, NaturalKey, Record, RecordSet

Rows: TypeAlias = "models.QuerySet[models.Model]"


class Identities:
    """The ids of the objects of a record set.

    `has_conflicts` is set if an object has two records that do not agree, one under its id, or if a natural key is that
    of several objects.
    """

    def __init__(self, record_set: RecordSet) -> None:
        self.has_conflicts = False
        self._ids: dict[NaturalKey, Any] = {}
        for model, records in record_set.records.items():
            natural_keys: dict[tuple[str, ...], list[NaturalKey]] = defaultdict(list)
            for key in records:
                if isinstance(key, NaturalKey):
                    natural_keys[key.names].append(key)
            for names, keys in natural_keys.items():
                self._find(model, names, keys, record_set)

    def id_of(self, key: Key) -> Any:
        """The id of an object; other values are returned unchanged."""
        return self._ids[key] if isinstance(key, NaturalKey) else key

    def by_id(self, records: dict[Key, Record]) -> dict[Key, Record]:
        """The records by id. One object may have two records, under its natural key and under its id."""
        merged: dict[Key, Record] = {}
        for key, record in records.items():
            other = merged.setdefault(pk := self.id_of(key), record)
            if other is not record:
                self.has_conflicts |= not record.agrees_with(other)
                merged[pk] = record | other if isinstance(key, NaturalKey) else other | record
        return merged

    def resolve(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        """The columns, with ids in place of natural keys."""
        ids = self._ids  # not id_of(), because it would be called for each value
        return {name: ids[value] if isinstance(value, NaturalKey) else value for name, value in columns.items()}

    def _find(self, model: Model, names: tuple[str, ...], keys: list[NaturalKey], record_set: RecordSet) -> None:
        """Look natural keys up among the stored objects and in the record set, objects with upstream's ids first."""
        ids: dict[tuple[Any, ...], Any] = {}
        stored = _candidates(model, names, [key.values for key in keys])
        for pk, *values in stored.order_by("pk").values_list("pk", *names):
            if ids.get(tuple(values), -1) < 0:
                ids[tuple(values)] = pk
        wanted = {key.values for key in keys}
        for key, record in record_set.records[model].items():
            values = tuple(record.columns.get(name) for name in names)
            if not isinstance(key, NaturalKey) and values in wanted:
                other = ids.get(values, -1)
                self.has_conflicts |= other >= 0 and other != key
                ids[values] = min(key, other) if other >= 0 else key
        self._ids |= _with_new_placeholders(model, keys, ids, self._placeholder_ids(model), record_set.placeholder_ids)

    def _placeholder_ids(self, model: Model) -> set[int]:
        """The negative ids that are in use."""
        new = {pk for key, pk in self._ids.items() if key.model is model and pk < 0}
        stored = Select(model, values=("pk",), filters=(("pk__lt", 0),)).fetch()
        return new | {pk for (pk,) in stored}


def _with_new_placeholders(
    model: Model,
    keys: list[NaturalKey],
    ids: dict[tuple[Any, ...], Any],
    used: set[int],
    preferred_ids: dict[NaturalKey, int],
) -> dict[NaturalKey, Any]:
    """An id for each natural key: a free negative one for those that have none.

    The mirror of another spacedb server prefers that server's negative ids.
    """
    for key in sorted(keys, key=lambda key: key not in preferred_ids):
        if key.values not in ids:
            preferred = preferred_ids.get(key, 0)
            ids[key.values] = preferred if preferred < 0 and preferred not in used else min(used, default=0) - 1
            used.add(ids[key.values])
    return {key: ids[key.values] for key in keys}


def merge_placeholders(model: Model) -> list[int]:
    """Merge placeholders into the objects with upstream's ids that have the same natural key.

    Returns the ids of the placeholders, which are deleted.
    """
    merged_ids: list[int] = []
    for names in model.natural_keys() if issubclass(model, Resource) else ():
        placeholders = _ids_by_natural_key(Select(model, values=("pk", *names), filters=(("pk__lt", 0),)).fetch())
        if not placeholders:
            continue
        identified = _candidates(model, names, placeholders).filter(pk__gte=0).order_by("-pk")
        targets = _ids_by_natural_key(identified.values_list("pk", *names))
        merged = {placeholders[values]: pk for values, pk in targets.items() if values in placeholders}
        for placeholder_id, pk in merged.items():
            _redirect_references(model, placeholder_id, pk)
        model._base_manager.filter(pk__in=merged).delete()
        merged_ids += merged
    return merged_ids


def _redirect_references(model: Model, old: Any, new: Any) -> None:
    """Redirect all references from one object to another."""
    for relation in model._meta.get_fields(include_hidden=True):  # includes those with related_name="+"
        if isinstance(relation, ManyToOneRel) and not relation.related_model._meta.auto_created:
            column = relation.field.attname
            relation.related_model._base_manager.filter(**{column: old}).update(**{column: new})
        elif isinstance(relation, ManyToManyRel):
            through, owner, target = through_table(relation.field)
            linked = through._base_manager.filter(**{target: new}).values(owner)
            links = through._base_manager.filter(**{target: old})
            links.exclude(**{f"{owner}__in": linked}).update(**{target: new})


def _candidates(model: Model, names: tuple[str, ...], values: Iterable[tuple[Any, ...]]) -> Rows:
    """The objects that may have one of these natural keys, and some more."""
    columns = zip(*values, strict=True)
    lookups = {f"{name}__in": set(column) for name, column in zip(names, columns, strict=True)}
    return model._base_manager.filter(**lookups)


def _ids_by_natural_key(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, ...], Any]:
    """Ids by natural keys, from rows of both, where no part of the key is null or empty."""
    ids = {tuple(values): pk for pk, *values in rows}
    return {values: pk for values, pk in ids.items() if None not in values and "" not in values}
