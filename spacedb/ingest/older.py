"""Finds objects that are stored in a later state than the document contains, so that they are not changed."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from django.db.models.fields.reverse_related import ManyToOneRel

from spacedb.catalogue.models import Resource, UUIDResource, refers_to_owner
from spacedb.ingest.identities import Identities
from spacedb.ingest.records import EmbeddedRow, Key, ListKey, Model, Record, plain_value

LAST_UPDATED = "last_updated"
"""The field in which Launch Library sends the time of the last change of an object."""

Records: TypeAlias = "dict[Model, dict[Key, Record]]"

Node: TypeAlias = "tuple[Model, Any]"
"""The model and the id of a record."""


def discard_older(by_model: Records, identities: Identities) -> dict[Model, set[Key]]:
    """Empty the records that are older than the stored objects. Return the ids of these objects, by model.

    Both must have a `last_updated`. Objects that only an older one contains have no time of their own: they are as old,
    so they are written only if they are not stored yet. Parts of the older object are removed from the records, such as
    the updates of a launch.
    """
    all_older = {model: older for model in by_model if (older := _older(model, by_model[model]))}
    older_nodes = {(model, pk) for model, pks in all_older.items() for pk in pks}
    if not older_nodes:
        return {}
    contained = _reachable(older_nodes, by_model, identities, set())
    others = {(model, pk) for model, records in by_model.items() for pk in records} - contained
    contained -= older_nodes | _reachable(others, by_model, identities, older_nodes)
    for model, pk in older_nodes:
        for list_key, items in by_model[model][pk].lists.items():
            _discard_parts(model, list_key, items, by_model, identities)
        by_model[model][pk] = Record()
    for model, records in by_model.items():
        pks = [pk for pk in records if (model, pk) in contained]
        for stored in model._base_manager.filter(pk__in=pks).values_list("pk", flat=True) if pks else ():
            records[stored] = Record()
    return all_older


def _older(model: Model, records: dict[Key, Record]) -> set[Key]:
    times = {pk: time for pk, record in records.items() if (time := record.columns.get(LAST_UPDATED)) is not None}
    stored = model._base_manager.only(LAST_UPDATED).in_bulk(list(times)) if times else {}
    return {pk for pk, each in stored.items() if (time := getattr(each, LAST_UPDATED)) and times[pk] < time}


def _reachable(start: Iterable[Node], by_model: Records, identities: Identities, barrier: set[Node]) -> set[Node]:
    """The records that these contain, directly or indirectly, and these themselves. Nothing beyond `barrier`."""
    found, queue = set(start), list(start)
    for node in queue:  # the loop appends to the list
        model, pk = node
        for target in _targets(model, by_model[model][pk]) if node not in barrier else ():
            related, key = target[0], identities.id_of(target[1])
            if key in by_model.get(related, {}) and (related, key) not in found:
                found.add((related, key))
                queue.append((related, key))
    return found


def _targets(model: Model, record: Record) -> Iterator[Node]:
    """The objects that a record refers to, by columns and by lists."""
    yield from _targets_of_columns(model, record.columns.items())
    for list_key, items in record.lists.items():
        related: Any = model._meta.get_field(list_key.relation).related_model
        for item in items:
            if isinstance(item, EmbeddedRow):
                yield from _targets_of_columns(related, item.columns)
            else:
                yield related, item


def _targets_of_columns(model: Model, columns: Iterable[tuple[str, Any]]) -> Iterator[Node]:
    for name, value in columns:
        field: Any = model._meta.get_field(name)
        if field.is_relation and value is not None:
            yield field.related_model, plain_value(value)


def _discard_parts(
    model: Model, list_key: ListKey, items: tuple[Any, ...], by_model: Records, identities: Identities
) -> None:
    relation: Any = model._meta.get_field(list_key.relation)
    part = relation.related_model
    if (
        isinstance(relation, ManyToOneRel)
        and refers_to_owner(relation.field)
        and issubclass(part, Resource | UUIDResource)
    ):
        for key in items:
            by_model[part].pop(identities.id_of(key), None)
