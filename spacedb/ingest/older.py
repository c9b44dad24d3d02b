"""Finds objects that are stored in a later state than the document contains, so that they are not changed."""

from typing import Any

from django.db.models.fields.reverse_related import ManyToOneRel

from spacedb.catalogue.models import Resource, UUIDResource
from spacedb.ingest.identities import Identities
from spacedb.ingest.records import ListKey, Model, Record

LAST_UPDATED = "last_updated"
"""The field in which Launch Library sends the time of the last change of an object."""


def discard_older(by_model: dict[Model, dict[Any, Record]], identities: Identities) -> dict[Model, set[Any]]:
    """Empty the records that are older than the stored objects. Return the ids of these objects, by model.

    Both must have a `last_updated`. Parts that cannot exist without the object, such as its updates, are removed from
    the records. Other objects that are nested in it have no time, so they stay.
    """
    all_older: dict[Model, set[Any]] = {}
    for model, records in by_model.items():
        times = {pk: time for pk, record in records.items() if (time := record.columns.get(LAST_UPDATED)) is not None}
        if not times:
            continue
        stored = model._base_manager.only(LAST_UPDATED).in_bulk(list(times))
        older = {pk for pk, each in stored.items() if (time := getattr(each, LAST_UPDATED)) and times[pk] < time}
        for pk in older:
            for list_key, items in records[pk].lists.items():
                _discard_parts(model, list_key, items, by_model, identities)
            records[pk] = Record()
        all_older[model] = older
    return all_older


def _discard_parts(
    model: Model,
    list_key: ListKey,
    items: tuple[Any, ...],
    by_model: dict[Model, dict[Any, Record]],
    identities: Identities,
) -> None:
    relation: Any = model._meta.get_field(list_key.relation)
    part = relation.related_model
    if isinstance(relation, ManyToOneRel) and not relation.field.null and issubclass(part, Resource | UUIDResource):
        for key in items:
            by_model[part].pop(identities.id_of(key), None)
