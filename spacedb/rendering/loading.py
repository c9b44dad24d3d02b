"""Loading all that a form needs for a page of objects, in a number of queries that the form alone decides."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeAlias

from django.db import models
from django.db.models.fields.related import ManyToManyField
from django.db.models.fields.reverse_related import ManyToManyRel

from spacedb.rendering.plan import Edge, Path, QueryPlan, query_plan
from spacedb.serializers.base import SerializerClass, Via, list_relation, model_of, sort_related

Model: TypeAlias = "type[models.Model]"

Wanted: TypeAlias = "dict[SerializerClass, list[Any]]"
"""Objects, under each of the forms that they are wanted in."""


def load(queryset: models.QuerySet[Any], form: SerializerClass) -> list[Any]:
    """The objects of the queryset with all that the form nests."""
    needed = query_plan(form)
    objects = list(_joined(queryset, needed.joins(form)))
    _Loader(needed).load({form: objects})
    return objects


@dataclass
class _List:
    """One list of some owners, with the forms in which its objects are wanted.

    It is that of a relation, of all objects found `via` others, or both together.
    """

    name: str
    model: Model
    relation: Any
    via: Via | None
    owners: dict[Any, list[Any]] = field(default_factory=lambda: defaultdict(list))
    forms: dict[SerializerClass, dict[Any, None]] = field(default_factory=lambda: defaultdict(dict))
    found: dict[Any, list[Any]] = field(default_factory=dict)

    def add(self, form: SerializerClass, owners: Iterable[Any]) -> None:
        for owner in owners:
            self.owners[owner.pk].append(owner)
            self.forms[form][owner.pk] = None

    def fill(self) -> Wanted:
        """Hand each owner its list, and tell which objects are wanted in which form."""
        for pk, owners in self.owners.items():
            objects = sort_related(self.found.get(pk, []))
            for owner in owners:
                owner.__dict__.setdefault("_prefetched_objects_cache", {})[self.name] = objects
        return {form: [one for pk in pks for one in self.found.get(pk, ())] for form, pks in self.forms.items()}


class _Loader:
    """One answer's loading. Of shared models it keeps what is known, and what is wanted but not loaded yet."""

    def __init__(self, needed: QueryPlan) -> None:
        self.plan = needed
        self.known: dict[Model, dict[Any, Any]] = defaultdict(dict)
        self.references: dict[Model, list[tuple[Edge, list[Any]]]] = defaultdict(list)
        self.lists: dict[Model, list[_List]] = defaultdict(list)

    def load(self, wanted: Wanted) -> None:
        self._follow(wanted)
        while due := [model for model in self.plan.order if self.references[model] or self.lists[model]]:
            self._load_shared(due[0])

    def _follow(self, wanted: Wanted) -> None:
        """Query the lists of these objects, one query a relation; note the shared objects that they refer to."""
        lists: dict[Any, _List] = {}
        for form, objects in wanted.items():
            for edge in self.plan.edges(form):
                owners = list(_at(objects, edge.path))
                if not owners:
                    continue
                if edge.many:
                    owner: Model = type(owners[0])
                    relation = list_relation(owner, edge.relation)
                    found = _List(edge.relation, model_of(edge.form), relation, edge.via)
                    lists.setdefault((owner, edge.relation), found).add(edge.form, owners)
                else:
                    self.references[model_of(edge.form)].append((edge, owners))
        for found in lists.values():
            self._load_list(found)

    def _load_list(self, wanted: _List) -> None:
        relation, model = wanted.relation, wanted.model
        linked = isinstance(relation, ManyToManyField | ManyToManyRel)
        if model in self.plan.shared and (linked or wanted.via):
            pairs = dict.fromkeys(chain(_linked(wanted) if linked else (), _found(wanted) if wanted.via else ()))
            for owner, target in pairs:
                wanted.found.setdefault(owner, []).append(target)
            self.lists[model].append(wanted)
            return
        if linked:
            rows = _links(relation, wanted.owners)
        else:
            rows = model._base_manager.filter(**{f"{relation.field.name}__in": wanted.owners}).order_by("pk")
        prefix = f"{_target(relation).removesuffix('_id')}" if linked else ""
        joins = dict.fromkeys(join for form in wanted.forms for join in self.plan.joins(form))
        if linked:
            for row in _joined(rows, [prefix, *(f"{prefix}__{join}" for join in joins)]):
                wanted.found.setdefault(getattr(row, _owner(relation)), []).append(getattr(row, prefix))
        else:
            for child in _joined(rows, list(joins)):
                wanted.found.setdefault(getattr(child, relation.field.attname), []).append(child)
        self._follow(wanted.fill())

    def _load_shared(self, model: Model) -> None:
        """Every object of this model that is wanted and not known yet, by one query; then what they need."""
        references, lists = self.references.pop(model, []), self.lists.pop(model, [])
        ids = {getattr(owner, f"{edge.relation}_id") for edge, owners in references for owner in owners} - {None}
        ids |= {pk for wanted in lists for found in wanted.found.values() for pk in found}
        known = self.known[model]
        if missing := ids - known.keys():
            for one in _joined(model._base_manager.filter(pk__in=missing), self.plan.shared_joins(model)):
                known[one.pk] = one
        wanted_in: dict[SerializerClass, dict[Any, Any]] = defaultdict(dict)
        for edge, owners in references:
            for owner in owners:
                if (pk := getattr(owner, f"{edge.relation}_id")) is not None:
                    owner._meta.get_field(edge.relation).set_cached_value(owner, known[pk])
                    wanted_in[edge.form][pk] = known[pk]
        for wanted in lists:
            wanted.found = {owner: [known[pk] for pk in found] for owner, found in wanted.found.items()}
            for form, objects in wanted.fill().items():
                wanted_in[form] |= {one.pk: one for one in objects}
        self._follow({form: list(objects.values()) for form, objects in wanted_in.items()})


def _at(objects: Iterable[Any], path: Path) -> Iterator[Any]:
    """What the objects refer to along a path of to-one relations, nothing where a relation is empty."""
    for one in objects:
        at = one
        for name in path:
            at = getattr(at, name)
            if at is None:
                break
        else:
            yield at


def _joined(queryset: models.QuerySet[Any], joins: list[str]) -> models.QuerySet[Any]:
    return queryset.select_related(*joins) if joins else queryset


def _linked(wanted: _List) -> Iterator[tuple[Any, Any]]:
    """The ids of owners and of the objects linked with them."""
    columns = _owner(wanted.relation), _target(wanted.relation)
    yield from _links(wanted.relation, wanted.owners).values_list(*columns)


def _found(wanted: _List) -> Iterator[tuple[Any, Any]]:
    """The ids of owners and of the objects found for them via others."""
    assert wanted.via
    path, model = wanted.via.path, type(next(iter(wanted.owners.values()))[0])
    rows = model._base_manager.filter(
        pk__in=list(wanted.owners), **{f"{path}__isnull": False}, **dict(wanted.via.match)
    )
    yield from rows.order_by(path).values_list("pk", path)


def _links(relation: Any, owners: Iterable[Any]) -> models.QuerySet[Any]:
    """The rows that link owners to the objects of a many-to-many relation, in the order of linking.

    From the far side, that order means nothing: there it is by id.
    """
    forward = isinstance(relation, ManyToManyField)
    through = relation.remote_field.through if forward else relation.through
    order = "pk" if forward else _target(relation)
    return through._base_manager.filter(**{f"{_owner(relation)}__in": list(owners)}).order_by(order)  # type: ignore[no-any-return]


def _owner(relation: Any) -> str:
    """The column that holds the owner's id in the rows of a many-to-many relation."""
    if isinstance(relation, ManyToManyField):
        return f"{relation.m2m_field_name()}_id"
    return f"{relation.field.m2m_reverse_field_name()}_id"


def _target(relation: Any) -> str:
    if isinstance(relation, ManyToManyField):
        return f"{relation.m2m_reverse_field_name()}_id"
    return f"{relation.field.m2m_field_name()}_id"
