"""Writes records to the database: creates new objects and updates changed ones; unchanged ones are not written."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.fields.related import ManyToManyField
from django.db.models.fields.reverse_related import ManyToManyRel, ManyToOneRel

from spacedb.catalogue.models import Resource, UUIDResource
from spacedb.databases.statements import Select
from spacedb.ingest.identities import Identities, merge_placeholders
from spacedb.ingest.inserting import insert_rows
from spacedb.ingest.lists import add_links, delete_rows, missing_parts, replace_links
from spacedb.ingest.older import discard_older
from spacedb.ingest.records import (
    EmbeddedRow,
    Key,
    ListKey,
    LossyValue,
    Model,
    Received,
    Record,
    RecordSet,
    merge_received,
    plain_value,
)

BATCH_SIZE = 500
"""The number of rows that one statement updates."""


class Writer:
    """Writes record sets, within one transaction. Foreign keys are deferred until commit.

    `touched`, `created`, `updated` and `older` hold ids by model. `touched` holds the ids of all objects of the record
    sets, changed or not; the others are parts of it. `older` objects were left alone, because the stored ones were
    updated later at the source. With `overwrite` they are written. `deleted` holds the ids of deleted objects.
    `has_conflicts` is that of the `Identities`.
    """

    def __init__(self, *, overwrite: bool = False) -> None:
        self.overwrite = overwrite
        self.has_conflicts = False
        self.older: dict[Model, set[Key]] = defaultdict(set)
        self.touched: dict[Model, set[Key]] = defaultdict(set)
        self.created: dict[Model, set[Key]] = defaultdict(set)
        self.updated: dict[Model, set[Key]] = defaultdict(set)
        self.deleted: dict[Model, set[Key]] = defaultdict(set)

    def add(self, later: "Writer") -> None:
        """Add the counts of what was written later."""
        for model in later.touched.keys() | later.deleted.keys():
            self._remove_from_counts(model, later.deleted[model])
            self.touched[model] |= later.touched[model]
            self.created[model] |= later.created[model]
            self.updated[model] |= later.updated[model] - self.created[model]
            self.older[model] |= later.older[model]

    def unchanged(self, model: Model) -> int:
        """The number of objects of the model that already had the values of the record sets."""
        return len(self.touched[model]) - len(self.created[model]) - len(self.updated[model])

    def write(self, record_set: RecordSet) -> None:
        identities = Identities(record_set)
        by_model = {model: identities.by_id(records) for model, records in record_set.records.items()}
        self.has_conflicts |= identities.has_conflicts
        for model, pks in record_set.empty_objects.items():
            for pk in pks - set(model._base_manager.in_bulk(pks)):
                del by_model[model][pk]
        if not self.overwrite:
            for model, pks in discard_older(by_model, identities).items():
                self.older[model] |= pks
        for model, records in by_model.items():
            self._write_rows(model, records, identities)
        lists = [(model, list_key, items) for model in by_model for list_key, items in _lists(by_model[model])]
        # A document of the side that declares a relation contains all of its links, so that side is written last.
        for model, list_key, items_by_owner in sorted(lists, key=_is_declared_here):
            self._write_list(model, list_key, items_by_owner, identities)
        for model in record_set.records:
            self._remove_from_counts(model, merge_placeholders(model))

    def _write_rows(self, model: Model, records: dict[Key, Record], identities: Identities) -> None:
        rows = {pk: identities.resolve(record.columns) for pk, record in records.items()}
        cleared = _clear_moved_one_to_ones(model, rows)
        stored, pk_name = _stored_rows(model, rows), model._meta.pk.attname
        new, updates = list[dict[str, Any]](), defaultdict[tuple[str, ...], list[models.Model]](list)
        for pk, columns in rows.items():
            before = stored.get(pk)
            changes = _changes(columns, records[pk].received, before)
            if before is None:
                new.append({pk_name: pk, **changes})
            elif changes:
                updates[tuple(changes)].append(model(pk=pk, **changes))
        insert_rows(model, new)
        for names, instances in updates.items():
            fields = [model._meta.get_field(name).name for name in names]
            model._base_manager.bulk_update(instances, fields, batch_size=BATCH_SIZE)
        updated = {instance.pk for instances in updates.values() for instance in instances} | cleared
        self.touched[model] |= rows.keys() | cleared
        self.created[model] |= rows.keys() - stored.keys()
        self.updated[model] |= updated - self.created[model]

    def _write_list(
        self, model: Model, list_key: ListKey, items_by_owner: dict[Key, tuple[Any, ...]], identities: Identities
    ) -> None:
        relation: Any = model._meta.get_field(list_key.relation)
        if issubclass(relation.related_model, Resource | UUIDResource):
            targets = {
                pk: list(dict.fromkeys(identities.id_of(key) for key in keys)) for pk, keys in items_by_owner.items()
            }
            changed = self._write_targets(relation, list_key, targets)
        else:
            changed = self._write_embedded(relation, list_key, items_by_owner, identities)
        self.updated[model] |= changed - self.created[model]

    def _write_targets(self, relation: Any, list_key: ListKey, targets: dict[Key, list[Key]]) -> set[Key]:
        """Write the links or children of one list. Return the ids of the changed owners."""
        if isinstance(relation, ManyToManyRel) or list_key.partial_key:
            return add_links(relation, targets)
        if isinstance(relation, ManyToManyField):
            return replace_links(relation, targets, list_key.required_column)
        missing = missing_parts(relation, targets)
        owner_by_pk = dict(missing.values_list("pk", relation.field.attname))
        missing.delete()
        self._remove_from_counts(relation.related_model, owner_by_pk)
        return set(owner_by_pk.values())

    def _write_embedded(
        self,
        relation: ManyToOneRel,
        list_key: ListKey,
        items_by_owner: dict[Key, tuple[EmbeddedRow, ...]],
        identities: Identities,
    ) -> set[Key]:
        """Replace the rows of each owner whose rows differ. Return the ids of these owners.

        A list that represents a part of the relation is written only if the owner has no rows yet.
        """
        model, owner_column, match = relation.related_model, relation.field.attname, dict(list_key.match)
        names = {name for items in items_by_owner.values() for item in items for name, _ in item.columns}
        fields = {field.attname: field for field in model._meta.concrete_fields}
        defaults = {name: fields[name].get_default() for name in names}
        after = {
            pk: [defaults | identities.resolve(dict(item.columns)) for item in items]
            for pk, items in items_by_owner.items()
        }
        before: dict[Key, list[dict[str, Any]]] = defaultdict(list)
        values = ("pk", owner_column, *sorted(names))
        stored = Select(model, owner_column, order="pk", values=values, filters=list_key.match)
        ids: dict[Key, list[Any]] = defaultdict(list)
        for pk, owner, *row in stored.fetch(after):
            ids[owner].append(pk)
            before[owner].append(dict(zip(values[2:], row, strict=True)))
        self.touched[model].update(*ids.values())
        changed = {pk for pk, rows in after.items() if rows != before[pk] and not (list_key.partial_key and before[pk])}
        obsolete = [pk for owner in changed for pk in ids[owner]]
        self._remove_from_counts(model, obsolete)
        delete_rows(model, obsolete)
        insert_rows(model, [{owner_column: pk, **match, **columns} for pk in changed for columns in after[pk]])
        new_ids = {pk for pk, *_ in stored.fetch(changed)}
        self.touched[model] |= new_ids
        self.created[model] |= new_ids
        return changed

    def _remove_from_counts(self, model: Model, deleted: Iterable[Key]) -> None:
        """Remove deleted objects from the counts."""
        ids = set(deleted)
        self.deleted[model] |= ids
        for counted in (self.touched, self.created, self.updated, self.older):
            counted[model] -= ids


def _lists(records: dict[Key, Record]) -> Iterable[tuple[ListKey, dict[Key, tuple[Any, ...]]]]:
    """The lists of records: the items by owner, for each list."""
    lists: dict[ListKey, dict[Key, tuple[Any, ...]]] = defaultdict(dict)
    for pk, record in records.items():
        for list_key, items in record.lists.items():
            lists[list_key][pk] = items
    return lists.items()


def _is_declared_here(of_list: tuple[Model, ListKey, Any]) -> bool:
    """Whether no other model declares the relation of a list as its many-to-many relation."""
    model, list_key, _ = of_list
    return not isinstance(model._meta.get_field(list_key.relation), ManyToManyRel)


def _stored_rows(model: Model, rows: dict[Key, dict[str, Any]]) -> dict[Key, dict[str, Any]]:
    """The stored values of the columns that these rows have, and of `received`."""
    names = sorted({"received"}.union(*rows.values()))
    found = Select(model, "pk", values=("pk", *names)).fetch(rows)
    return {pk: dict(zip(names, values, strict=True)) for pk, *values in found}


def _changes(columns: dict[str, Any], received: Received, stored: dict[str, Any] | None) -> dict[str, Any]:
    """The values to write, of a new object or in place of the stored ones."""
    before = {} if stored is None else stored
    changes = {}
    if not columns.items() <= before.items():
        changes = {
            name: plain_value(value)
            for name, value in columns.items()
            if stored is None or not _is_stored(value, stored[name])
        }
    merged = merge_received(before.get("received"), received)
    return changes if merged == before.get("received") else changes | {"received": merged}


def _is_stored(value: Any, stored: Any) -> bool:
    """Whether the stored value needs no update."""
    return value.equals(stored) if isinstance(value, LossyValue) else bool(value == stored)


def _clear_moved_one_to_ones(model: Model, rows: dict[Key, dict[str, Any]]) -> set[Key]:
    """Set one-to-one columns to null whose target moves to another object. Return the ids of their objects."""
    all_cleared: set[Key] = set()
    for field in model._meta.concrete_fields:
        if isinstance(field, models.OneToOneField) and field.null:
            column = field.attname
            new_owners = {columns[column]: pk for pk, columns in rows.items() if columns.get(column) is not None}
            owners = model._base_manager.filter(**{f"{column}__in": list(new_owners)}).values_list("pk", column)
            cleared = {
                pk for pk, target in owners if new_owners[target] != pk and rows.get(pk, {}).get(column) != target
            }
            model._base_manager.filter(pk__in=cleared).update(**{column: None})
            all_cleared |= cleared
    return all_cleared
