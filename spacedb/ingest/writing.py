"""What documents told, written into the tables: what is new is created, what differs updated, the rest left alone."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.fields.related import ManyToManyField
from django.db.models.fields.reverse_related import ManyToManyRel, ManyToOneRel

from spacedb.catalogue.models import Resource, UUIDResource
from spacedb.ingest.reading import EmbeddedRow, Key, ListKey, Model, RecordSet
from spacedb.ingest.values import LossyValue, NaturalKey

BATCH = 500


class Writer:
    """Writes records; `created`, `updated` and `unchanged` count objects per model.

    To be used within one transaction: references are checked when it is committed.
    """

    def __init__(self) -> None:
        self.created: dict[Model, set[Any]] = defaultdict(set)
        self.updated: dict[Model, set[Any]] = defaultdict(set)
        self.touched: dict[Model, set[Any]] = defaultdict(set)

    def unchanged(self, model: Model) -> int:
        return len(self.touched[model]) - len(self.created[model]) - len(self.updated[model])

    def write(self, records: RecordSet) -> None:
        ids = _Identities(records)
        resolved = {model: ids.resolve(told) for model, told in records.told.items()}
        for model, told in resolved.items():
            self._write_rows(model, {pk: _plain(record, ids) for pk, record in told.items()})
        for model, told in resolved.items():
            self._write_lists(model, told, ids)
        for model in records.told:
            self._merge_provisional(model)

    def _write_rows(self, model: Model, rows: dict[Any, dict[str, Any]]) -> None:
        released = _release(model, rows)
        existing = model._base_manager.in_bulk(list(rows))
        new = [
            model(pk=pk, **{name: _exact(value) for name, value in values.items()})
            for pk, values in rows.items()
            if pk not in existing
        ]
        model._base_manager.bulk_create(new, batch_size=BATCH)
        changes: dict[tuple[str, ...], list[models.Model]] = defaultdict(list)
        for pk, one in existing.items():
            changed = tuple(name for name, value in rows[pk].items() if not _equal(value, getattr(one, name)))
            for name in changed:
                setattr(one, name, _exact(rows[pk][name]))
            if changed:
                changes[changed].append(one)
        for names, changed_objects in changes.items():
            fields = [model._meta.get_field(name).name for name in names]
            model._base_manager.bulk_update(changed_objects, fields, batch_size=BATCH)
        self.touched[model] |= rows.keys() | released
        self.created[model] |= rows.keys() - existing.keys()
        changed_keys = {one.pk for objects in changes.values() for one in objects} | released
        self.updated[model] |= changed_keys - self.created[model]

    def _write_lists(self, model: Model, told: dict[Any, dict[Any, Any]], ids: "_Identities") -> None:
        lists: dict[ListKey, dict[Any, Any]] = defaultdict(dict)
        for pk, record in told.items():
            for name, value in record.items():
                if isinstance(name, ListKey):
                    lists[name][pk] = value
        for name, values in lists.items():
            relation: Any = model._meta.get_field(name.relation)
            if not issubclass(relation.related_model, Resource | UUIDResource):
                changed = self._write_owned(relation, name, values, ids)
            else:
                keys = {pk: list(dict.fromkeys(ids.of(key) for key in found)) for pk, found in values.items()}
                if isinstance(relation, ManyToManyRel) or name.part:
                    changed = _add_links(relation, keys)
                elif isinstance(relation, ManyToManyField):
                    changed = _write_links(relation, keys, name.by)
                else:
                    changed = _remove_parts(relation, keys)
            self.updated[model] |= changed - self.created[model]

    def _write_owned(
        self, relation: ManyToOneRel, name: ListKey, values: dict[Any, tuple[EmbeddedRow, ...]], ids: "_Identities"
    ) -> set[Any]:
        """Replace the objects without ids of those owners for whom they differ from what was told.

        What is a part alone is written where there is none at all.
        """
        model, column, match = relation.related_model, relation.field.attname, dict(name.match)
        names = {name for told in values.values() for owned in told for name, _ in owned.values}
        fields = {field.attname: field for field in model._meta.concrete_fields}
        defaults = {name: fields[name].get_default() for name in names}
        after = {
            pk: [defaults | {name: ids.of(value) for name, value in owned.values} for owned in told]
            for pk, told in values.items()
        }
        before: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        rows = model._base_manager.filter(**{f"{column}__in": list(values)}, **match).order_by("pk")
        for row in rows.values("pk", column, *names):
            self.touched[model].add(row.pop("pk"))
            before[row.pop(column)].append(row)
        changed = {pk for pk, told in after.items() if told != before[pk] and not (name.part and before[pk])}
        gone = rows.filter(**{f"{column}__in": changed})
        self._forget(model, gone.values_list("pk", flat=True))
        gone.delete()
        new = [model(**{column: pk}, **match, **told) for pk in changed for told in after[pk]]
        model._base_manager.bulk_create(new, batch_size=BATCH)
        self.touched[model] |= {one.pk for one in new}
        self.created[model] |= {one.pk for one in new}
        return changed

    def _forget(self, model: Model, gone: Iterable[Any]) -> None:
        """Of what is removed again, nothing is counted."""
        for pk in gone:
            for counted in (self.touched, self.created, self.updated):
                counted[model].discard(pk)

    def _merge_provisional(self, model: Model) -> None:
        """Let what refers to a provisional object refer to the real one that a document has now told of."""
        for names in model.natural_keys() if issubclass(model, Resource) else ():
            provisional = _by_key(model._base_manager.filter(pk__lt=0), names)
            if not provisional:
                continue
            found = _by_key(_with_keys(model, names, provisional).filter(pk__gte=0).order_by("-pk"), names)
            merged = {provisional[values]: pk for values, pk in found.items() if values in provisional}
            for old, new in merged.items():
                _redirect(model, old, new)
                self._forget(model, [old])
            model._base_manager.filter(pk__in=merged).delete()


class _Identities:
    """The ids of objects that documents named without an id: by natural key, or a new provisional one."""

    def __init__(self, records: RecordSet) -> None:
        self.ids: dict[NaturalKey, Any] = {}
        for model, told in records.told.items():
            naturals: dict[tuple[str, ...], list[NaturalKey]] = defaultdict(list)
            for key in told:
                if isinstance(key, NaturalKey):
                    naturals[key.names].append(key)
            for names, keys in naturals.items():
                self._find(model, names, keys, told, records.numbers)

    def of(self, key: Key) -> Any:
        return self.ids[key] if isinstance(key, NaturalKey) else key

    def resolve(self, told: dict[Key, dict[Any, Any]]) -> dict[Any, dict[Any, Any]]:
        """Records by id: what was told under an object's name is added to what was told under its id."""
        found: dict[Any, dict[Any, Any]] = defaultdict(dict)
        for key, record in told.items():
            found[self.of(key)] = (
                record | found[self.of(key)] if isinstance(key, NaturalKey) else found[self.of(key)] | record
            )
        return found

    def _find(
        self,
        model: Model,
        names: tuple[str, ...],
        naturals: list[NaturalKey],
        told: dict[Key, dict[Any, Any]],
        numbers: dict[NaturalKey, int],
    ) -> None:
        known: dict[tuple[Any, ...], Any] = {}
        stored = _with_keys(model, names, [key.values for key in naturals])
        for pk, *values in stored.order_by("pk").values_list("pk", *names):
            if known.get(tuple(values), -1) < 0:  # the real one before a provisional one
                known[tuple(values)] = pk
        for key, record in told.items():
            value = tuple(record.get(name) for name in names)
            if not isinstance(key, NaturalKey) and (known.get(value, -1) < 0 or key < known[value]):
                known[value] = key
        taken = {pk for key, pk in self.ids.items() if key.model is model and pk < 0}
        taken |= set(model._base_manager.filter(pk__lt=0).values_list("pk", flat=True))
        for key in sorted(naturals, key=lambda key: key not in numbers):  # a copy numbers them as its source does
            if key.values not in known:
                number = numbers.get(key, 0)
                known[key.values] = number if number < 0 and number not in taken else min(taken, default=0) - 1
                taken.add(known[key.values])
            self.ids[key] = known[key.values]


def _with_keys(
    model: Model, names: tuple[str, ...], values: Iterable[tuple[Any, ...]]
) -> "models.QuerySet[models.Model]":
    """The objects that may have one of these natural keys, and some more."""
    found = zip(*values, strict=True)
    return model._base_manager.filter(**{f"{name}__in": {*of} for name, of in zip(names, found, strict=True)})


def _by_key(objects: "models.QuerySet[models.Model]", names: tuple[str, ...]) -> dict[tuple[Any, ...], Any]:
    """The ids of objects by their natural keys, where they have one."""
    found = {tuple(values): pk for pk, *values in objects.values_list("pk", *names)}
    return {values: pk for values, pk in found.items() if not {None, ""} & {*values}}


def _equal(told: Any, stored: Any) -> bool:
    return told.equals(stored) if isinstance(told, LossyValue) else bool(told == stored)


def _exact(told: Any) -> Any:
    return told.value if isinstance(told, LossyValue) else told


def _plain(record: dict[Any, Any], ids: _Identities) -> dict[str, Any]:
    """The attributes of a record, without its lists."""
    return {name: ids.of(value) for name, value in record.items() if not isinstance(name, ListKey)}


def _release(model: Model, rows: dict[Any, dict[str, Any]]) -> set[Any]:
    """Let go of what only one may have (a landing) where it is told to be another's now; who had it."""
    released: set[Any] = set()
    for field in model._meta.concrete_fields:
        if isinstance(field, models.OneToOneField) and field.null:
            column = field.attname
            told = {values[column]: pk for pk, values in rows.items() if values.get(column) is not None}
            holders = model._base_manager.filter(**{f"{column}__in": list(told)}).values_list("pk", column)
            lost = {pk for pk, held in holders if told[held] != pk and rows.get(pk, {}).get(column) != held}
            model._base_manager.filter(pk__in=lost).update(**{column: None})
            released |= lost
    return released


def _write_links(relation: "ManyToManyField[Any, Any]", told: dict[Any, list[Any]], by: str = "") -> set[Any]:
    """Make the links of each owner those that were told, in that order; the owners for whom they differed.

    Links to objects that have no `by`, of which the document could not tell, are left as they are.
    """
    through, owner, target = _through(relation)
    before: dict[Any, list[Any]] = defaultdict(list)
    rows = through._base_manager.filter(**{f"{owner}__in": list(told)}).order_by("pk")
    if by:
        rows = rows.exclude(**{f"{relation.m2m_reverse_field_name()}__{by}": ""})
    for owner_pk, target_pk in rows.values_list(owner, target):
        before[owner_pk].append(target_pk)
    changed = {pk for pk, targets in told.items() if targets != before[pk]}
    through._base_manager.filter(pk__in=rows.filter(**{f"{owner}__in": changed}).values_list("pk", flat=True)).delete()
    new = [through(**{owner: pk, target: other}) for pk in changed for other in told[pk]]
    through._base_manager.bulk_create(new, batch_size=BATCH)
    return changed


def _add_links(relation: "ManyToManyField[Any, Any] | ManyToManyRel", told: dict[Any, list[Any]]) -> set[Any]:
    """Add what was told, take nothing away: of a part; from the far side, for each owner's own document tells all."""
    through, owner, target = _through(relation if isinstance(relation, ManyToManyField) else relation.field)
    near, far = (owner, target) if isinstance(relation, ManyToManyField) else (target, owner)
    before = set(through._base_manager.filter(**{f"{near}__in": list(told)}).values_list(near, far))
    new = [(pk, other) for pk, others in told.items() for other in others if (pk, other) not in before]
    through._base_manager.bulk_create([through(**{near: pk, far: other}) for pk, other in new], batch_size=BATCH)
    return {pk for pk, _ in new}


def _remove_parts(relation: ManyToOneRel, told: dict[Any, list[Any]]) -> set[Any]:
    """Remove those parts of each owner that were not told, where they are nothing without it (an image's variants).

    Objects that stand on their own (a spacecraft's flights) stay: an older document does not know them yet.
    """
    if relation.field.null:
        return set()
    model, column = relation.related_model, relation.field.attname
    kept = [pk for parts in told.values() for pk in parts]
    gone = model._base_manager.filter(**{f"{column}__in": list(told)}).exclude(pk__in=kept)
    changed = set(gone.values_list(column, flat=True))
    gone.delete()
    return changed


def _redirect(model: Model, old: Any, new: Any) -> None:
    """Let everything that refers to one object refer to another."""
    for relation in model._meta.get_fields(include_hidden=True):  # also those without a way back: `related_name="+"`
        if isinstance(relation, ManyToOneRel) and not relation.related_model._meta.auto_created:
            column = relation.field.attname
            relation.related_model._base_manager.filter(**{column: old}).update(**{column: new})
        elif isinstance(relation, ManyToManyRel):
            through, owner, target = _through(relation.field)
            there = through._base_manager.filter(**{target: new}).values(owner)
            through._base_manager.filter(**{target: old}).exclude(**{f"{owner}__in": there}).update(**{target: new})


def _through(relation: "ManyToManyField[Any, Any]") -> tuple[Model, str, str]:
    """The table of a many-to-many relation, its columns for the owner and for the target."""
    through: Any = relation.remote_field.through
    return through, f"{relation.m2m_field_name()}_id", f"{relation.m2m_reverse_field_name()}_id"
