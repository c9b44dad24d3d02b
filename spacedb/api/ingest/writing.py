"""What documents told, written into the tables: what is new is created, what differs updated, the rest left alone."""

from collections import defaultdict
from typing import Any

from django.db import models
from django.db.models.fields.related import ManyToManyField
from django.db.models.fields.reverse_related import ManyToManyRel, ManyToOneRel

from spacedb.api.fields import Natural
from spacedb.api.ingest.reading import Key, Model, Owned, Records
from spacedb.api.models import Resource

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
        return len(self.touched[model] - self.created[model] - self.updated[model])

    def write(self, records: Records) -> None:
        ids = _Identities(records)
        resolved = {model: ids.resolve(told) for model, told in records.told.items()}
        for model, told in resolved.items():
            self._write_rows(model, {pk: _plain(record, ids) for pk, record in told.items()})
        for model, told in resolved.items():
            self._write_lists(model, told, ids)
        for model in records.told:
            self._merge_provisional(model)

    def _write_rows(self, model: Model, rows: dict[Any, dict[str, Any]]) -> None:
        existing = model._base_manager.in_bulk(list(rows))
        new = [model(pk=pk, **values) for pk, values in rows.items() if pk not in existing]
        model._base_manager.bulk_create(new, batch_size=BATCH)
        changes: dict[tuple[str, ...], list[models.Model]] = defaultdict(list)
        for pk, one in existing.items():
            changed = tuple(name for name, value in rows[pk].items() if getattr(one, name) != value)
            for name in changed:
                setattr(one, name, rows[pk][name])
            if changed:
                changes[changed].append(one)
        for names, changed_objects in changes.items():
            fields = [model._meta.get_field(name).name for name in names]
            model._base_manager.bulk_update(changed_objects, fields, batch_size=BATCH)
        self.touched[model] |= rows.keys()
        self.created[model] |= rows.keys() - existing.keys()
        self.updated[model] |= {one.pk for objects in changes.values() for one in objects} - self.created[model]

    def _write_lists(self, model: Model, told: dict[Any, dict[Any, Any]], ids: "_Identities") -> None:
        lists: dict[Any, dict[Any, Any]] = defaultdict(dict)
        for pk, record in told.items():
            for name, value in record.items():
                if isinstance(value, tuple):
                    lists[name][pk] = value
        for name, values in lists.items():
            if isinstance(name, tuple):
                relation: Any = model._meta.get_field(name[0])
                changed = self._write_owned(relation, dict(name[1]), values, ids)
            else:
                relation = model._meta.get_field(name)
                keys = {pk: list(dict.fromkeys(ids.of(key) for key in found)) for pk, found in values.items()}
                if isinstance(relation, ManyToManyField):
                    changed = _write_links(relation, keys)
                elif isinstance(relation, ManyToManyRel):
                    changed = _add_links(relation.field, keys)
                else:
                    changed = _remove_parts(relation, keys)
            self.updated[model] |= changed - self.created[model]

    def _write_owned(
        self, relation: ManyToOneRel, match: dict[str, Any], values: dict[Any, tuple[Owned, ...]], ids: "_Identities"
    ) -> set[Any]:
        """Replace the objects without ids of those owners for whom they differ from what was told."""
        model, column = relation.related_model, relation.field.attname
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
        changed = {pk for pk, told in after.items() if told != before[pk]}
        gone = rows.filter(**{f"{column}__in": changed})
        self.touched[model] -= set(gone.values_list("pk", flat=True))
        gone.delete()
        new = [model(**{column: pk}, **match, **told) for pk in changed for told in after[pk]]
        model._base_manager.bulk_create(new, batch_size=BATCH)
        self.touched[model] |= {one.pk for one in new}
        self.created[model] |= {one.pk for one in new}
        return changed

    def _merge_provisional(self, model: Model) -> None:
        """Let what refers to a provisional object refer to the real one that a document has now told of."""
        natural_key = getattr(model, "natural_key", None)
        if natural_key is None or not issubclass(model, Resource):
            return
        provisional = dict(model._base_manager.filter(pk__lt=0).values_list(natural_key, "pk"))
        if not provisional:
            return
        found = model._base_manager.filter(pk__gte=0, **{f"{natural_key}__in": provisional})
        merged = {provisional[value]: pk for value, pk in found.order_by("-pk").values_list(natural_key, "pk")}
        for old, new in merged.items():
            _redirect(model, old, new)
            for counted in (self.touched, self.created, self.updated):
                counted[model].discard(old)
        model._base_manager.filter(pk__in=merged).delete()


class _Identities:
    """The ids of objects that documents named without an id: by natural key, or a new provisional one."""

    def __init__(self, records: Records) -> None:
        self.ids: dict[Natural, Any] = {}
        for model, told in records.told.items():
            naturals = [key for key in told if isinstance(key, Natural)]
            if naturals:
                self._find(model, naturals, told)

    def of(self, key: Key) -> Any:
        return self.ids[key] if isinstance(key, Natural) else key

    def resolve(self, told: dict[Key, dict[Any, Any]]) -> dict[Any, dict[Any, Any]]:
        """Records by id: what was told under an object's name is added to what was told under its id."""
        found: dict[Any, dict[Any, Any]] = defaultdict(dict)
        for key, record in told.items():
            found[self.of(key)] = (
                record | found[self.of(key)] if isinstance(key, Natural) else found[self.of(key)] | record
            )
        return found

    def _find(self, model: Model, naturals: list[Natural], told: dict[Key, dict[Any, Any]]) -> None:
        name: str = getattr(model, "natural_key", "")
        known: dict[Any, Any] = {}
        stored = model._base_manager.filter(**{f"{name}__in": {key.value for key in naturals}})
        for pk, value in stored.order_by("pk").values_list("pk", name):
            if known.get(value, -1) < 0:  # the real one before a provisional one
                known[value] = pk
        for key, record in told.items():
            value = None if isinstance(key, Natural) else record.get(name)
            if value is not None and (known.get(value, -1) < 0 or key < known[value]):
                known[value] = key
        lowest = min(model._base_manager.aggregate(lowest=models.Min("pk"))["lowest"] or 0, 0)
        for key in naturals:
            if key.value not in known:
                lowest -= 1
                known[key.value] = lowest
            self.ids[key] = known[key.value]


def _plain(record: dict[Any, Any], ids: _Identities) -> dict[str, Any]:
    """The attributes of a record, without its lists."""
    return {name: ids.of(value) for name, value in record.items() if not isinstance(value, tuple)}


def _write_links(relation: "ManyToManyField[Any, Any]", told: dict[Any, list[Any]]) -> set[Any]:
    """Make the links of each owner those that were told, in that order; the owners for whom they differed."""
    through, owner, target = _through(relation)
    before: dict[Any, list[Any]] = defaultdict(list)
    rows = through._base_manager.filter(**{f"{owner}__in": list(told)}).order_by("pk")
    for owner_pk, target_pk in rows.values_list(owner, target):
        before[owner_pk].append(target_pk)
    changed = {pk for pk, targets in told.items() if targets != before[pk]}
    through._base_manager.filter(**{f"{owner}__in": changed}).delete()
    new = [through(**{owner: pk, target: other}) for pk in changed for other in told[pk]]
    through._base_manager.bulk_create(new, batch_size=BATCH)
    return changed


def _add_links(relation: "ManyToManyField[Any, Any]", told: dict[Any, list[Any]]) -> set[Any]:
    """Link from the far side: what was told is added, nothing taken away, for each owner's own document tells all."""
    through, owner, target = _through(relation)
    before = set(through._base_manager.filter(**{f"{target}__in": list(told)}).values_list(target, owner))
    new = [(pk, other) for pk, others in told.items() for other in others if (pk, other) not in before]
    through._base_manager.bulk_create([through(**{target: pk, owner: other}) for pk, other in new], batch_size=BATCH)
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
