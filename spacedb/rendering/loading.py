"""Loads the related objects that a serializer needs, for a page of objects.

The number of queries depends on the serializer alone, not on the number of objects.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Set
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeAlias, cast

from django.db import models
from django.db.models.fields.related import ManyToManyField
from django.db.models.fields.reverse_related import ManyToManyRel

from spacedb.databases.statements import Select, fetch
from spacedb.rendering.plan import Edge, Model, Path, QueryPlan, query_plan
from spacedb.serializers.base import SerializerClass, ThroughPath, list_relation, model_of, sort_related

Objects: TypeAlias = "dict[SerializerClass, list[Any]]"
"""Objects by the serializer that will represent them."""

FindCached: TypeAlias = Callable[[SerializerClass, Set[Any]], Collection[Any]]
"""Returns those of some ids whose objects need not be loaded for a serializer, because their JSON is cached."""


def _find_none(serializer: SerializerClass, ids: Set[Any]) -> Collection[Any]:
    """The default `FindCached`: no JSON is cached."""
    return ()


def load(queryset: models.QuerySet[Any], serializer: SerializerClass) -> list[Any]:
    """The objects of the queryset, with all related objects that the serializer needs."""
    joins = query_plan(serializer).joins(serializer)
    return load_related(fetch(queryset.select_related(*joins) if joins else queryset), serializer)


def load_by_id(ids: Collection[Any], serializer: SerializerClass, find_cached: FindCached = _find_none) -> list[Any]:
    """The objects with these ids, in no order, with all related objects that the serializer needs.

    `find_cached` is called with the ids of objects of shared models to which these objects, or those of their lists,
    refer. The objects that it returns are not loaded.
    """
    select = Select(model_of(serializer), "pk", query_plan(serializer).joins(serializer))
    return load_related(select.fetch(ids), serializer, find_cached)


def load_related(
    objects: Iterable[Any], serializer: SerializerClass, find_cached: FindCached = _find_none
) -> list[Any]:
    """The objects, with the related objects that the serializer needs and that no join loads."""
    loaded = list(objects)
    _Loader(query_plan(serializer), find_cached).load({serializer: loaded})
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

    def add(self, serializer: SerializerClass, owners: list[Any]) -> None:
        ids, pk = self.owner_ids[serializer], owners[0]._meta.pk.attname
        for owner in owners:
            owner_pk = vars(owner)[pk]
            self.owners[owner_pk].append(owner)
            ids[owner_pk] = None

    def assign(self) -> Objects:
        """Set the loaded lists on their owners; returns the related objects by serializer."""
        for pk, owners in self.owners.items():
            objects = sort_related(self.related.get(pk, []))
            for owner in owners:
                vars(owner).setdefault("_prefetched_objects_cache", {})[self.name] = objects
        return {
            serializer: [related for pk in pks for related in self.related.get(pk, ())]
            for serializer, pks in self.owner_ids.items()
        }


class _Loader:
    """Loads the objects of one response.

    It collects references to shared models (see `spacedb.rendering.plan`) and queries them together.
    """

    def __init__(self, plan: QueryPlan, find_cached: FindCached) -> None:
        self.plan, self.find_cached = plan, find_cached
        self.loaded: dict[Model, dict[Any, Any]] = defaultdict(dict)
        self.references: dict[Model, list[tuple[Edge, list[Any]]]] = defaultdict(list)
        self.lists: dict[Model, list[_RelatedLists]] = defaultdict(list)

    def load(self, objects: Objects) -> None:
        self._load_related(objects, within_shared=False)
        while pending := [model for model in self.plan.order if self.references[model] or self.lists[model]]:
            self._load_shared(pending[0])

    def _load_related(self, objects: Objects, *, within_shared: bool) -> None:
        """Query the to-many relations of these objects, one query each; collect the references to shared models.

        `within_shared` is whether they are objects of shared models, or nested in these. The JSON of such an object is
        cached as a whole, so objects nested in it are loaded even if they are cached.
        """
        lists: dict[Any, _RelatedLists] = {}
        for serializer, instances in objects.items():
            ends: dict[Path, list[Any]] = {(): instances}
            for edge in self.plan.edges(serializer):
                owners = _along_path(ends, edge.path)
                if not owners:
                    continue
                if edge.many:
                    owner: Model = type(owners[0])
                    relation = list_relation(owner, edge.relation)
                    new = _RelatedLists(edge.relation, model_of(edge.serializer), relation, edge.through_path)
                    lists.setdefault((owner, edge.relation), new).add(edge.serializer, owners)
                elif referring := owners if within_shared else self._without_cached(edge, owners):
                    self.references[model_of(edge.serializer)].append((edge, referring))
        for related_lists in lists.values():
            self._load_lists(related_lists, within_shared=within_shared)

    def _without_cached(self, edge: Edge, owners: list[Any]) -> list[Any]:
        """The owners, without those that refer to an object whose JSON is cached."""
        ids = {vars(owner)[edge.column] for owner in owners} - {None}
        cached = self.find_cached(edge.serializer, ids) if ids else ()
        return [owner for owner in owners if vars(owner)[edge.column] not in cached]

    def _load_lists(self, lists: _RelatedLists, *, within_shared: bool) -> None:
        relation, model = lists.relation, lists.model
        is_many_to_many = isinstance(relation, ManyToManyField | ManyToManyRel)
        if model in self.plan.shared and (is_many_to_many or lists.through_path):
            linked = _linked_ids(lists) if is_many_to_many else ()
            through = _ids_through_path(lists) if lists.through_path else ()
            for owner_pk, related_pk in dict.fromkeys(chain(linked, through)):
                lists.related.setdefault(owner_pk, []).append(related_pk)
            self.lists[model].append(lists)
            return
        joins = dict.fromkeys(join for serializer in lists.owner_ids for join in self.plan.joins(serializer))
        if is_many_to_many:
            target = _target_column(relation).removesuffix("_id")
            select = _links(relation, joins=(target, *(f"{target}__{join}" for join in joins)))
            for row in select.fetch(lists.owners):
                lists.related.setdefault(vars(row)[select.column], []).append(row._state.fields_cache[target])
        else:
            owner_column = relation.field.attname
            for child in Select(model, owner_column, tuple(joins), order="pk").fetch(lists.owners):
                lists.related.setdefault(vars(child)[owner_column], []).append(child)
        self._load_related(lists.assign(), within_shared=within_shared)

    def _load_shared(self, model: Model) -> None:
        """Load every collected object of this model that is not loaded yet, with one query.

        Then load the related objects of all collected ones.
        """
        references, lists = self.references.pop(model, []), self.lists.pop(model, [])
        ids = {vars(owner)[edge.column] for edge, owners in references for owner in owners} - {None}
        ids |= {pk for related_lists in lists for pks in related_lists.related.values() for pk in pks}
        loaded = self.loaded[model]
        if missing := ids - loaded.keys():
            rows = Select(model, "pk", self.plan.shared_joins(model)).fetch(missing)
            loaded.update((row.pk, row) for row in rows)
        represented: dict[SerializerClass, dict[Any, Any]] = defaultdict(dict)
        for edge, owners in references:
            represented_by = represented[edge.serializer]
            for owner in owners:
                if (pk := vars(owner)[edge.column]) is not None:
                    owner._state.fields_cache[edge.relation] = represented_by[pk] = loaded[pk]
        for related_lists in lists:
            related_lists.related = {owner: [loaded[pk] for pk in pks] for owner, pks in related_lists.related.items()}
            for serializer, objects in related_lists.assign().items():
                represented[serializer] |= {related.pk: related for related in objects}
        shared = {serializer: list(objects.values()) for serializer, objects in represented.items()}
        self._load_related(shared, within_shared=True)


def _along_path(ends: dict[Path, list[Any]], path: Path) -> list[Any]:
    """The objects at the end of a path of to-one relations, each once, none where a relation is null.

    `ends` has the objects at the start, and those at the end of each path that has been followed.
    """
    if path not in ends:
        name = path[-1]
        related = (instance._state.fields_cache.get(name) for instance in _along_path(ends, path[:-1]))
        ends[path] = list({id(instance): instance for instance in related if instance is not None}.values())
    return ends[path]


def _linked_ids(lists: _RelatedLists) -> list[tuple[Any, Any]]:
    """The ids of owners and of the objects that a many-to-many relation links with them."""
    values = _owner_column(lists.relation), _target_column(lists.relation)
    return _links(lists.relation, values=values).fetch(lists.owners)


def _ids_through_path(lists: _RelatedLists) -> list[tuple[Any, Any]]:
    """The ids of owners and of the objects at the end of the through path."""
    assert lists.through_path
    path, model = lists.through_path.path, type(next(iter(lists.owners.values()))[0])
    filters = ((f"{path}__isnull", False), *lists.through_path.filters)
    return Select(model, "pk", order=path, values=("pk", path), filters=filters).fetch(lists.owners)


def _links(relation: Any, joins: tuple[str, ...] = (), values: tuple[str, ...] = ()) -> Select:
    """The rows of the through table of a many-to-many relation, by the ids of the owners.

    On the side that declares the relation they are in the order in which they were linked. On the reverse side that
    order has no meaning, so they are ordered by id.
    """
    is_forward = isinstance(relation, ManyToManyField)
    through = cast("Model", relation.remote_field.through if is_forward else relation.through)
    order = "pk" if is_forward else _target_column(relation)
    return Select(through, _owner_column(relation), joins, order, values)


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
