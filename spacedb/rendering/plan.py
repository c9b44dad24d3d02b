"""The query plan of a serializer: which relations to join, which to query, and in which order.

To-one relations are joined. The exception are *shared* models: models that several relations of a serializer lead to
and that have to-many relations of their own (an image has variants, an agency has countries). Each to-many relation
costs a query for every path that leads to it. So objects of shared models are loaded separately, each once, with one
query for all of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, TypeAlias

from django.db import models

from spacedb.serializers.base import SerializerClass, ThroughPath, list_relation, model_of
from spacedb.serializers.describe import (
    FieldSpec,
    InlineSpec,
    NestedListSpec,
    NestedSpec,
    SlugRelatedSpec,
    describe,
    flatten,
)

Path: TypeAlias = tuple[str, ...]
"""Names of to-one relations from one object to another."""

Model: TypeAlias = "type[models.Model]"

MIN_JOINS_SAVED = 2
"""Query a relation separately only if that saves at least this many joins."""


@dataclass(frozen=True)
class Edge:
    """A relation that needs a query: from the objects at `path` along `relation`."""

    path: Path
    relation: str
    serializer: SerializerClass
    many: bool
    through_path: ThroughPath | None = None

    @cached_property
    def column(self) -> str:
        """The column of a to-one relation."""
        return f"{self.relation}_id"


@dataclass(frozen=True)
class QueryPlan:
    """The joins and queries that the serializers of a response need."""

    serializers: tuple[SerializerClass, ...]
    shared: frozenset[Model]
    _joins: dict[SerializerClass, tuple[str, ...]] = field(default_factory=dict, compare=False)
    _edges: dict[SerializerClass, list[Edge]] = field(default_factory=dict, compare=False)
    _shared_joins: dict[Model, tuple[str, ...]] = field(default_factory=dict, compare=False)

    def serializers_of(self, model: Model) -> Iterator[SerializerClass]:
        return (serializer for serializer in self.serializers if model_of(serializer) is model)

    def shared_joins(self, model: Model) -> tuple[str, ...]:
        """The `select_related` lookups of a shared model: those of every serializer that may represent its objects."""
        if model not in self._shared_joins:
            joins = (join for serializer in self.serializers_of(model) for join in self.joins(serializer))
            self._shared_joins[model] = tuple(dict.fromkeys(joins))
        return self._shared_joins[model]

    @cached_property
    def order(self) -> list[Model]:
        """The shared models in the order in which to load them: each before those that its objects refer to."""
        visited: set[Model] = set()
        finished: list[Model] = []

        def visit(serializers: Iterable[SerializerClass]) -> None:
            for model in (model for serializer in serializers for model in self._shared_targets(serializer)):
                if model not in visited:
                    visited.add(model)
                    visit(self.serializers_of(model))
                    finished.append(model)

        visit(self.serializers[:1])
        return finished[::-1]

    def _shared_targets(self, serializer: SerializerClass) -> Iterator[Model]:
        """The shared models that a serializer's queried relations lead to."""
        for edge in self.edges(serializer):
            if model_of(edge.serializer) in self.shared:
                yield model_of(edge.serializer)
            if edge.many:
                yield from self._shared_targets(edge.serializer)

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """The tables that these joins and queries read, by name."""
        models = {model for serializer in self.serializers for model in self._models_read_by(serializer)}
        return tuple(sorted(model._meta.db_table for model in models))

    def _models_read_by(self, serializer: SerializerClass) -> Iterator[Model]:
        """The models whose tables the queries for a serializer read, without those of the serializers nested in it."""
        model = model_of(serializer)
        yield model
        for join in self.joins(serializer):
            yield from _models_along(model, join.split("__"))
        for edge in self.edges(serializer):
            path = [model, *_models_along(model, edge.path)]
            yield from path
            owner = path[-1]
            if list_relation(owner, edge.relation):
                yield from _models_along(owner, [edge.relation])
            if edge.through_path:
                filters = (lookup.split("__")[:-1] for lookup, _ in edge.through_path.filters)
                for relations in (edge.through_path.path.split("__"), *filters):
                    yield from _models_along(owner, relations)

    def joins(self, serializer: SerializerClass) -> tuple[str, ...]:
        """The `select_related` lookups of a serializer."""
        if serializer not in self._joins:
            self._joins[serializer] = tuple(self._find_joins(serializer))
        return self._joins[serializer]

    def edges(self, serializer: SerializerClass) -> list[Edge]:
        """The relations that joins do not cover: to-many relations, and relations to shared models."""
        if serializer not in self._edges:
            self._edges[serializer] = self._find_edges(serializer)
        return self._edges[serializer]

    def _find_joins(self, serializer: SerializerClass, prefix: str = "") -> list[str]:
        lookups: list[str] = []
        for spec in flatten(serializer):
            match spec:
                case NestedSpec() if model_of(spec.serializer) not in self.shared:
                    lookups.append(prefix + spec.relation)
                    lookups += self._find_joins(spec.serializer, f"{prefix}{spec.relation}__")
                case SlugRelatedSpec():
                    lookups.append(prefix + spec.relation)
                case FieldSpec():
                    lookups += [prefix + join for join in spec.joins]
                case NestedSpec() | NestedListSpec():
                    pass  # an edge
        return lookups

    def _find_edges(self, serializer: SerializerClass, path: Path = ()) -> list[Edge]:
        edges: list[Edge] = []
        for spec in flatten(serializer):
            match spec:
                case NestedListSpec():
                    edges.append(Edge(path, spec.relation, spec.serializer, many=True, through_path=spec.through_path))
                case NestedSpec() if model_of(spec.serializer) in self.shared:
                    edges.append(Edge(path, spec.relation, spec.serializer, many=False))
                case NestedSpec():
                    edges += self._find_edges(spec.serializer, (*path, spec.relation))
                case FieldSpec() | SlugRelatedSpec():
                    pass  # a join
        return edges


def _models_along(model: Model, path: Iterable[str]) -> Iterator[Model]:
    """The models that a path of relations leads to, those of many-to-many tables included."""
    for name in path:
        relation: Any = model._meta.get_field(name)
        for part in relation.path_infos:
            model = part.to_opts.model
            yield model


@cache
def query_plan(root: SerializerClass) -> QueryPlan:
    """The plan for a response with objects represented by `root`."""
    serializers = nested_serializers(root)
    shared = _shared_models(serializers)
    return QueryPlan(tuple(serializers), shared | _repeated_models(root, shared))


def nested_serializers(root: SerializerClass) -> list[SerializerClass]:
    """The root and every serializer nested in it, each before those nested in it."""
    finished: dict[SerializerClass, None] = {}

    def visit(serializer: SerializerClass) -> None:
        for spec in describe(serializer):
            if isinstance(spec, NestedSpec | NestedListSpec | InlineSpec) and spec.serializer not in finished:
                visit(spec.serializer)
        finished[serializer] = None

    visit(root)
    return list(reversed(finished))


def _shared_models(serializers: list[SerializerClass]) -> frozenset[Model]:
    """Searched from the most deeply nested upwards: the lists of a shared model count for that model alone."""
    shared: frozenset[Model] = frozenset()
    uses: dict[Model, list[SerializerClass]] = {}
    specs = (spec for serializer in serializers for spec in describe(serializer))
    for spec in specs:
        if isinstance(spec, NestedSpec | NestedListSpec):
            uses.setdefault(model_of(spec.serializer), []).append(spec.serializer)
        if isinstance(spec, NestedListSpec) and spec.through_path:  # such objects are looked up by their ids
            shared |= {model_of(spec.serializer)}
    models_deepest_first = dict.fromkeys(model_of(serializer) for serializer in reversed(serializers))
    for model in models_deepest_first:
        if sum(_has_lists(serializer, shared) for serializer in uses.get(model, ())) > 1:
            shared |= {model}
    return shared


def _repeated_models(root: SerializerClass, shared: frozenset[Model]) -> frozenset[Model]:
    """Models that many objects of a page refer to and that join others: joined, an object would be read repeatedly."""
    model, joins = model_of(root), QueryPlan((), shared).joins
    return frozenset(
        model_of(spec.serializer)
        for spec in flatten(root)
        if isinstance(spec, NestedSpec)
        and model_of(spec.serializer) is not model
        and model._meta.get_field(spec.relation).many_to_one
        and len(joins(spec.serializer)) >= MIN_JOINS_SAVED
    )


def _has_lists(serializer: SerializerClass, shared: frozenset[Model]) -> bool:
    return any(
        isinstance(spec, NestedListSpec)
        or (
            isinstance(spec, NestedSpec)
            and model_of(spec.serializer) not in shared
            and _has_lists(spec.serializer, shared)
        )
        for spec in flatten(serializer)
    )
