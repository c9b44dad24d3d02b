"""Loads the related objects that a serializer needs, for a page of objects.

The number of queries depends on the serializer alone, not on the number of objects.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeAlias

from django.db import models
from django.db.models.fields.related import ManyToManyField
from django.db.models.fields.reverse_related import ManyToManyRel

from spacedb.rendering.plan import Edge, Model, Path, QueryPlan, query_plan
from spacedb.serializers.base import SerializerClass, ThroughPath, list_relation, model_of, sort_related

Objects: TypeAlias = "dict[SerializerClass, list[Any]]"
"""Objects by the serializer that will represent them."""


def load(queryset: models.QuerySet[Any], serializer: SerializerClass) -> list[Any]:
    """The objects of the queryset, with all related objects that the serializer needs."""
    return load_related(_select_related(queryset, query_plan(serializer).joins(serializer)), serializer)


def load_related(objects: Iterable[Any], serializer: SerializerClass) -> list[Any]:
    """The objects, with the related objects that the serializer needs and that no join loads."""
    loaded = list(objects)
    _Loader(query_plan(serializer)).load({serializer: loaded})
    return loaded


@dataclass
class _RelatedLists:
    """One to-many relation of several objects (the owners), and the serializers of the related objects.

    The related objects are those of the relation, those at the end of `through_path`, or the union of both.
    """

    name: str
    model: Model
    relation: Any
    through_path: ThroughPath | None
    owners: dict[Any, list[Any]] = field(default_factory=lambda: defaultdict(list))
    owner_ids: dict[SerializerClass, dict[Any, None]] = field(default_factory=lambda: defaultdict(dict))
    """The ids of the owners whose list each serializer represents."""
    related: dict[Any, list[Any]] = field(default_factory=dict)
    """The related objects, or their ids until they are loaded, by the id of the owner."""

    def add(self, serializer: SerializerClass, owners: Iterable[Any]) -> None:
        for owner in owners:
            self.owners[owner.pk].append(owner)
            self.owner_ids[serializer][owner.pk] = None

    def assign(self) -> Objects:
        """Set the loaded lists on their owners; returns the related objects by serializer."""
        for pk, owners in self.owners.items():
            objects = sort_related(self.related.get(pk, []))
            for owner in owners:
                owner.__dict__.setdefault("_prefetched_objects_cache", {})[self.name] = objects
        return {
            serializer: [related for pk in pks for related in self.related.get(pk, ())]
            for serializer, pks in self.owner_ids.items()
        }


class _Loader:
    """Loads the objects of one response.

    It collects references to shared models (see `spacedb.rendering.plan`) and queries them together.
    """

    def __init__(self, plan: QueryPlan) -> None:
        self.plan = plan
        self.loaded: dict[Model, dict[Any, Any]] = defaultdict(dict)
        self.references: dict[Model, list[tuple[Edge, list[Any]]]] = defaultdict(list)
        self.lists: dict[Model, list[_RelatedLists]] = defaultdict(list)

    def load(self, objects: Objects) -> None:
        self._load_related(objects)
        while pending := [model for model in self.plan.order if self.references[model] or self.lists[model]]:
            self._load_shared(pending[0])

    def _load_related(self, objects: Objects) -> None:
        """Query the to-many relations of these objects, one query each; collect the references to shared models."""
        lists: dict[Any, _RelatedLists] = {}
        for serializer, instances in objects.items():
            for edge in self.plan.edges(serializer):
                owners = list(_along_path(instances, edge.path))
                if not owners:
                    continue
                if edge.many:
                    owner: Model = type(owners[0])
                    relation = list_relation(owner, edge.relation)
                    new = _RelatedLists(edge.relation, model_of(edge.serializer), relation, edge.through_path)
                    lists.setdefault((owner, edge.relation), new).add(edge.serializer, owners)
                else:
                    self.references[model_of(edge.serializer)].append((edge, owners))
        for related_lists in lists.values():
            self._load_lists(related_lists)

    def _load_lists(self, lists: _RelatedLists) -> None:
        relation, model = lists.relation, lists.model
        is_many_to_many = isinstance(relation, ManyToManyField | ManyToManyRel)
        if model in self.plan.shared and (is_many_to_many or lists.through_path):
            linked = _linked_ids(lists) if is_many_to_many else ()
            through = _ids_through_path(lists) if lists.through_path else ()
            for owner_pk, related_pk in dict.fromkeys(chain(linked, through)):
                lists.related.setdefault(owner_pk, []).append(related_pk)
            self.lists[model].append(lists)
            return
        joins = list(dict.fromkeys(join for serializer in lists.owner_ids for join in self.plan.joins(serializer)))
        if is_many_to_many:
            target = _target_column(relation).removesuffix("_id")
            rows = _select_related(_links(relation, lists.owners), [target, *(f"{target}__{join}" for join in joins)])
            for row in rows:
                lists.related.setdefault(getattr(row, _owner_column(relation)), []).append(getattr(row, target))
        else:
            owner_field = relation.field
            rows = model._base_manager.filter(**{f"{owner_field.name}__in": lists.owners}).order_by("pk")
            for child in _select_related(rows, joins):
                lists.related.setdefault(getattr(child, owner_field.attname), []).append(child)
        self._load_related(lists.assign())

    def _load_shared(self, model: Model) -> None:
        """Load every collected object of this model that is not loaded yet, with one query.

        Then load the related objects of all collected ones.
        """
        references, lists = self.references.pop(model, []), self.lists.pop(model, [])
        ids = {getattr(owner, f"{edge.relation}_id") for edge, owners in references for owner in owners} - {None}
        ids |= {pk for related_lists in lists for pks in related_lists.related.values() for pk in pks}
        loaded = self.loaded[model]
        if missing := ids - loaded.keys():
            rows = model._base_manager.filter(pk__in=missing)
            loaded.update((row.pk, row) for row in _select_related(rows, self.plan.shared_joins(model)))
        represented: dict[SerializerClass, dict[Any, Any]] = defaultdict(dict)
        for edge, owners in references:
            for owner in owners:
                if (pk := getattr(owner, f"{edge.relation}_id")) is not None:
                    owner._meta.get_field(edge.relation).set_cached_value(owner, loaded[pk])
                    represented[edge.serializer][pk] = loaded[pk]
        for related_lists in lists:
            related_lists.related = {owner: [loaded[pk] for pk in pks] for owner, pks in related_lists.related.items()}
            for serializer, objects in related_lists.assign().items():
                represented[serializer] |= {related.pk: related for related in objects}
        self._load_related({serializer: list(objects.values()) for serializer, objects in represented.items()})


def _along_path(objects: Iterable[Any], path: Path) -> Iterator[Any]:
    """The objects at the end of a path of to-one relations, none where a relation is null."""
    for instance in objects:
        target = instance
        for name in path:
            target = getattr(target, name)
            if target is None:
                break
        else:
            yield target


def _select_related(queryset: models.QuerySet[Any], joins: list[str]) -> models.QuerySet[Any]:
    return queryset.select_related(*joins) if joins else queryset


def _linked_ids(lists: _RelatedLists) -> Iterator[tuple[Any, Any]]:
    """The ids of owners and of the objects that a many-to-many relation links with them."""
    columns = _owner_column(lists.relation), _target_column(lists.relation)
    yield from _links(lists.relation, lists.owners).values_list(*columns)


def _ids_through_path(lists: _RelatedLists) -> Iterator[tuple[Any, Any]]:
    """The ids of owners and of the objects at the end of the through path."""
    assert lists.through_path
    path, model = lists.through_path.path, type(next(iter(lists.owners.values()))[0])
    filters = dict(lists.through_path.filters)
    rows = model._base_manager.filter(pk__in=list(lists.owners), **{f"{path}__isnull": False}, **filters)
    yield from rows.order_by(path).values_list("pk", path)


def _links(relation: Any, owners: Iterable[Any]) -> models.QuerySet[Any]:
    """The rows of the through table of a many-to-many relation.

    On the side that declares the relation they are in the order in which they were linked. On the reverse side that
    order has no meaning, so they are ordered by id.
    """
    is_forward = isinstance(relation, ManyToManyField)
    through = relation.remote_field.through if is_forward else relation.through
    order = "pk" if is_forward else _target_column(relation)
    rows: models.QuerySet[Any] = through._base_manager.filter(**{f"{_owner_column(relation)}__in": list(owners)})
    return rows.order_by(order)


def _owner_column(relation: Any) -> str:
    """The column of the through table that holds the owner's id."""
    if isinstance(relation, ManyToManyField):
        return f"{relation.m2m_field_name()}_id"
    return f"{relation.field.m2m_reverse_field_name()}_id"


def _target_column(relation: Any) -> str:
    """The column of the through table that holds the id of the related object."""
    if isinstance(relation, ManyToManyField):
        return f"{relation.m2m_reverse_field_name()}_id"
    return f"{relation.field.m2m_field_name()}_id"
