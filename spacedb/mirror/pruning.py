"""What is here and no longer at the source, and taking it away without tearing anything else.

Objects that were made here are nobody else's, and provisional ones were never at the source: neither is looked at.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models
from django.db.models.deletion import Collector, ProtectedError

from spacedb.api.ingest.ids import Ids
from spacedb.api.models import Resource, UUIDResource, is_upstreams
from spacedb.mirror.collections import Collection, collections
from spacedb.mirror.run import Read
from spacedb.mirror.spool import Page, Spool


@dataclass
class Comparison:
    """What differs between a collection here and at the source: what is `missing` there, and whether anything is
    `lost` here. `kept` tells, of what is missing and is not removed, what needs it; `note` why none or only part is.
    """

    collection: Collection
    total: int
    """How many objects of the source's are here."""
    missing: list[Any]
    lost: bool
    kept: dict[Any, str] = field(default_factory=dict)
    note: str = ""


def compare(spool: Spool, read: Read) -> Comparison:
    """Nothing is missing where pages may have left something out."""
    model: Any = read.collection.model
    there = _ids(model, spool.taken(read.collection.name, read.pages))
    here = Ids(model._base_manager.values_list("pk", flat=True).iterator())
    upstreams = [pk for pk in here if is_upstreams(pk)]
    missing = sorted(pk for pk in upstreams if pk not in there) if read.complete else []
    return Comparison(read.collection, len(upstreams), missing, lost=any(pk not in here for pk in there))


def prune(spool: Spool, compared: Sequence[Comparison], most: float) -> int:
    """Remove what is missing; how many objects that were. What refers to others comes before them.

    An object stays if something would go or change with it that stays. Nothing of a collection is removed if more than
    `most` percent of it are missing: then the source may have lost something. Where objects can change places between
    two pages, an object is removed that was not on the pages of the pass before either.
    """
    going = {found.collection.model: _removable(spool, found, most) for found in compared}
    removed = 0
    for found in reversed(compared):
        model = found.collection.model
        for pk in sorted(going[model]):
            one = model._base_manager.filter(pk=pk).first()
            if one is None:  # it went with another
                removed += 1
                continue
            if held := _held(one, going):
                found.kept[pk] = held
            else:
                one.delete()
                removed += 1
    return removed


def _removable(spool: Spool, found: Comparison, most: float) -> set[Any]:
    if len(found.missing) * 100 > most * found.total:
        found.note = f"{len(found.missing)} of {found.total} are more than --max-delete allows: all of them stay."
        return set()
    if found.collection.ordered:
        return set(found.missing)
    pages = list(spool.stored(spool.applied, found.collection.name))
    before = _ids(found.collection.model, pages)
    removable = {pk for pk in found.missing if pages and pk not in before}
    if len(removable) < len(found.missing):
        found.note = "It has no fixed order; what the next pass does not find either is removed then."
    return removable


def _ids(model: Any, pages: Iterable[tuple[Path, Page]]) -> Ids:
    return Ids(model._meta.pk.to_python(pk) for _, page in pages for pk in page.ids)


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
