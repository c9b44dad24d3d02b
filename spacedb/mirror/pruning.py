"""Finding and deleting the objects that the source no longer has.

Objects created here and placeholders are never deleted, because the source never had them.

The source has no snapshots. An object that is created after the pages of its collection were read can still be on a
later page of another collection. Therefore an object that is on no page of one complete reading counts as missing, and
only an object that was also on no page of the previous one counts as missing twice. A full run reads each collection
completely, and incremental runs do so in turn.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.deletion import Collector, ProtectedError

from spacedb.catalogue.models import Resource, UUIDResource, is_upstream_id
from spacedb.mirror.collections import Collection, collections
from spacedb.mirror.fetching import CompletedCollection
from spacedb.mirror.page_store import PageStore

IdsByModel: TypeAlias = Mapping[type[models.Model], set[Any]]


@dataclass
class Comparison:
    """The differences between a collection in the database and at the source."""

    collection: Collection
    total: int
    """The number of listed objects in the database that came from the source."""
    missing: list[Any]
    """Ids that are in the database and were on no page of this reading."""
    missing_twice: list[Any]
    """Those of `missing` that were on no page of the previous reading either."""
    not_stored: set[Any]
    """Ids that are at the source and not in the database."""
    needed_by: dict[Any, str] = field(default_factory=dict)
    """Ids of `missing_twice` that cannot be deleted, each with the object that needs it."""
    exceeds_max_delete: bool = False


def compare(
    page_store: PageStore,
    completed: CompletedCollection,
    missing_before: Sequence[Any],
    *,
    found: Iterable[Any] = (),
) -> Comparison:
    """Compare the pages of a complete reading with the database.

    `found` are ids of further objects that were found at the source while the pages were read.

    `missing` is empty if the collection was not read completely, or contains an object that cannot be identified.
    """
    model: Any = completed.collection.model
    pages = page_store.read_pages(completed.collection.name, completed.pages)
    ids = {_parse_id(model, pk) for _, page in pages for pk in page.ids} | {_parse_id(model, pk) for pk in found}
    at_source = ids - {None}
    stored = set(model._base_manager.values_list("pk", flat=True).iterator())
    condition = completed.collection.listed
    listed = set(model._base_manager.filter(condition).values_list("pk", flat=True)) if condition else stored
    is_comparable = completed.complete and None not in ids
    missing = sorted(pk for pk in listed - at_source if is_upstream_id(pk)) if is_comparable else []
    previously_missing = {_parse_id(model, pk) for pk in missing_before}
    return Comparison(
        completed.collection,
        total=sum(map(is_upstream_id, listed)),
        missing=missing,
        missing_twice=[pk for pk in missing if pk in previously_missing],
        not_stored=at_source - stored,
    )


def _parse_id(model: Any, pk: Any) -> Any:
    """An id of a page; None if the model cannot have it."""
    field = model._meta.pk
    try:
        value = field.to_python(pk)
        field.run_validators(value)
    except ValidationError:
        return None
    return value


def prune(comparisons: Sequence[Comparison], max_delete: float) -> int:
    """Delete the objects that are missing twice, and return their number.

    Objects that refer to others are deleted first.

    An object is not deleted if that would also delete or change an object that must be preserved. If more than
    `max_delete` percent of a collection are missing twice, none of it is deleted: the source may have lost data.
    """
    for comparison in comparisons:
        comparison.exceeds_max_delete = len(comparison.missing_twice) * 100 > max_delete * comparison.total
    to_delete = {
        comparison.collection.model: set() if comparison.exceeds_max_delete else set(comparison.missing_twice)
        for comparison in comparisons
    }
    while True:  # an object that cannot be deleted may need others, so start again without it
        with transaction.atomic():
            deleted, needed_by = _delete(comparisons, to_delete)
            if not needed_by:
                return deleted
            transaction.set_rollback(True)
        for comparison in comparisons:
            comparison.needed_by |= needed_by[comparison.collection.model]
            to_delete[comparison.collection.model] -= needed_by[comparison.collection.model].keys()


def _delete(
    comparisons: Sequence[Comparison], to_delete: IdsByModel
) -> tuple[int, dict[type[models.Model], dict[Any, str]]]:
    """The number of objects deleted, and the ids that could not be deleted, each with the object that needs it."""
    deleted, needed_by = 0, defaultdict[type[models.Model], dict[Any, str]](dict)
    for comparison in reversed(comparisons):
        model = comparison.collection.model
        for pk in sorted(to_delete[model]):
            instance = model._base_manager.filter(pk=pk).first()
            if instance is None:  # deleted by a cascade
                deleted += 1
            elif dependent := _find_dependent(instance, to_delete):
                needed_by[model][pk] = dependent
            else:
                instance.delete()
                deleted += 1
    return deleted, needed_by


def _find_dependent(instance: models.Model, to_delete: IdsByModel) -> str:
    """Describe a preserved object that the deletion would delete or change. Empty if there is none."""
    collector: Any = Collector(using=instance._state.db or "default", origin=instance)
    try:
        collector.collect([instance])
    except ProtectedError as error:
        return _describe(next(iter(error.protected_objects)))
    affected: Iterable[Any] = (
        *(other for objects in collector.data.values() for other in objects),
        *(other for objects in collector.fast_deletes for other in objects),
        *(other for updates in collector.field_updates.values() for objects in updates for other in objects),
    )
    listed_models = {collection.model for collection in collections()}
    for other in affected:
        is_relevant = type(other) in listed_models or not is_upstream_id(other.pk)
        if (
            isinstance(other, Resource | UUIDResource)
            and is_relevant
            and not _is_deleted_with(instance, other, to_delete)
        ):
            return _describe(other)
    preserved = (other for other in _find_linking(instance) if not _is_deleted_with(instance, other, to_delete))
    return next(map(_describe, preserved), "")


def _is_deleted_with(instance: models.Model, other: models.Model, to_delete: IdsByModel) -> bool:
    return other == instance or other.pk in to_delete.get(type(other), ())


def _find_linking(instance: models.Model) -> Iterator[models.Model]:
    """The objects that link to it in a many-to-many field, and would lose the link."""
    for relation in instance._meta.get_fields(include_hidden=True):
        if relation.many_to_many and relation.auto_created:
            reverse: Any = relation
            yield from reverse.related_model._base_manager.filter(**{reverse.field.name: instance.pk}).iterator()


def _describe(instance: models.Model) -> str:
    return f"{instance._meta.verbose_name} {instance.pk}"
