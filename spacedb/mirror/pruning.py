"""What is here and no longer at the source, and taking it away without tearing anything else.

Objects that were made here are nobody else's, and provisional ones were never at the source: neither is looked at.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models.deletion import Collector, ProtectedError

from spacedb.api.ingest.ids import Ids
from spacedb.api.models import Resource, UUIDResource, is_upstreams
from spacedb.mirror.collections import Collection, collections
from spacedb.mirror.run import Read
from spacedb.mirror.spool import Spool


@dataclass
class Missing:
    """Objects of a collection that the source does not have; of those that are kept, what refers to them."""

    collection: Collection
    ids: list[Any]
    kept: dict[Any, str] = field(default_factory=dict)


def find_missing(spool: Spool, read: Read) -> Missing:
    """What is here and was not on any page; nothing, where pages may have missed something."""
    if not read.complete:
        return Missing(read.collection, [])
    model: Any = read.collection.model
    stored = (page for _, page in spool.stored(spool.pages, read.collection.name))
    seen = Ids(model._meta.pk.to_python(pk) for page in stored for pk in page.ids)
    here = model._base_manager.order_by("pk").values_list("pk", flat=True)
    return Missing(read.collection, [pk for pk in here.iterator() if is_upstreams(pk) and pk not in seen])


def prune(missing: Sequence[Missing]) -> int:
    """Remove what is missing; how many objects that were. What refers to others comes before them.

    An object stays if something would go or change with it that is not missing itself.
    """
    gone = {found.collection.model: set(found.ids) for found in missing}
    removed = 0
    for found in reversed(missing):
        model = found.collection.model
        for pk in found.ids:
            one = model._base_manager.filter(pk=pk).first()
            if one is None:  # it went with another
                removed += 1
                continue
            if held := _held(one, gone):
                found.kept[pk] = held
            else:
                one.delete()
                removed += 1
    return removed


def _held(one: models.Model, gone: dict[type[models.Model], set[Any]]) -> str:
    """What speaks against removing an object: something that would go or change with it, and is still needed."""
    collector: Any = Collector(using=one._state.db or "default", origin=one)
    try:
        collector.collect([one])
    except ProtectedError as error:
        return _named(next(iter(error.protected_objects)))
    touched: Iterable[Any] = (
        *(other for objects in collector.data.values() for other in objects),
        *(other for objects in collector.fast_deletes for other in objects),
        *(other for changed in collector.field_updates.values() for objects in changed for other in objects),
    )
    listed = {collection.model for collection in collections()}
    for other in touched:
        is_missing = other == one or other.pk in gone.get(type(other), ())
        is_needed = type(other) in listed or not is_upstreams(other.pk)
        if isinstance(other, Resource | UUIDResource) and is_needed and not is_missing:
            return _named(other)
    return ""


def _named(one: models.Model) -> str:
    return f"{one._meta.verbose_name} {one.pk}"
