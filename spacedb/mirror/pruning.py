"""What is here and no longer at the source, and taking it away without tearing anything else.

Objects that were made here are nobody else's, and provisional ones were never at the source: neither is looked at.

A source has no snapshot: an object may be new since the pages of its collection were read, and be told by a later page
all the same. So what was on no page of one pass may be missing; what was on none of the pass before either, is gone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from django.db import models, transaction
from django.db.models.deletion import Collector, ProtectedError

from spacedb.catalogue.models import Resource, UUIDResource, is_upstream_id
from spacedb.mirror.collections import Collection, collections
from spacedb.mirror.page_store import PageStore, StoredPage
from spacedb.mirror.run import ReadCollection

Objects: TypeAlias = Mapping[type[models.Model], set[Any]]
"""Objects by model and id."""


@dataclass
class Comparison:
    """What differs between a collection here and at the source.

    `missing` was on no page of this pass; `gone`, a part of it, on none of the pass before either. `lost` says whether
    anything is there and not here. `kept` tells, of what is gone and is not removed, what needs it.
    """

    collection: Collection
    total: int
    """How many objects of the source's are here."""
    missing: list[Any]
    gone: list[Any]
    lost: bool
    kept: dict[Any, str] = field(default_factory=dict)
    is_too_much: bool = False
    """Whether more is gone than may be removed."""


def compare(spool: PageStore, read: ReadCollection, missing_before: Sequence[Any]) -> Comparison:
    """Nothing is missing where pages may have left something out."""
    model: Any = read.collection.model
    there = _ids(model, spool.taken(read.collection.name, read.pages))
    here = set(model._base_manager.values_list("pk", flat=True).iterator())
    total = sum(map(is_upstream_id, here))
    missing = sorted(pk for pk in here if is_upstream_id(pk) and pk not in there) if read.complete else []
    before = {model._meta.pk.to_python(pk) for pk in missing_before}
    gone = [pk for pk in missing if pk in before]
    return Comparison(read.collection, total, missing, gone, lost=any(pk not in here for pk in there))


def prune(compared: Sequence[Comparison], most: float) -> int:
    """Remove what is gone; how many objects that were. What refers to others comes before them.

    An object stays if something would go or change with it that stays. Nothing of a collection is removed if more than
    `most` percent of it are gone: then the source may have lost something.
    """
    for found in compared:
        found.is_too_much = len(found.gone) * 100 > most * found.total
    going = {found.collection.model: set() if found.is_too_much else set(found.gone) for found in compared}
    while True:  # until nothing that goes is needed by what turned out to stay
        with transaction.atomic():
            removed, held = _remove(compared, going)
            if not held:
                return removed
            transaction.set_rollback(True)
        for found in compared:
            found.kept |= held[found.collection.model]
            going[found.collection.model] -= held[found.collection.model].keys()


def _remove(compared: Sequence[Comparison], going: Objects) -> tuple[int, dict[type[models.Model], dict[Any, str]]]:
    """How many objects were removed, and those that were not, with what needs them."""
    removed, held = 0, defaultdict[type[models.Model], dict[Any, str]](dict)
    for found in reversed(compared):
        model = found.collection.model
        for pk in sorted(going[model]):
            one = model._base_manager.filter(pk=pk).first()
            if one is None:  # it went with another
                removed += 1
            elif needed := _needed_by(one, going):
                held[model][pk] = needed
            else:
                one.delete()
                removed += 1
    return removed, held


def _needed_by(one: models.Model, going: Objects) -> str:
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
        is_needed = type(other) in listed or not is_upstream_id(other.pk)
        if isinstance(other, Resource | UUIDResource) and is_needed and not _goes(other, one, going):
            return _named(other)
    return next((_named(other) for other in _linked(one) if not _goes(other, one, going)), "")


def _goes(other: models.Model, one: models.Model, going: Objects) -> bool:
    return other == one or other.pk in going.get(type(other), ())


def _linked(one: models.Model) -> Iterator[models.Model]:
    """The objects that have it in a list of theirs: they would lose it."""
    for relation in one._meta.get_fields(include_hidden=True):
        if relation.many_to_many and relation.auto_created:
            there: Any = relation
            yield from there.related_model._base_manager.filter(**{there.field.name: one.pk}).iterator()


def _ids(model: Any, pages: Iterable[tuple[Path, StoredPage]]) -> set[Any]:
    return {model._meta.pk.to_python(pk) for _, page in pages for pk in page.ids}


def _named(one: models.Model) -> str:
    return f"{one._meta.verbose_name} {one.pk}"
