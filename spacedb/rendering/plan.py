"""The query plan of a form: what to join, what to load once for the whole answer, in which order.

To-one relations are joined. The exception are *shared* models: those that several relations of a form lead
to, and that have lists of their own (an image its variants, an agency its countries). Each list costs a query
for every way that leads to it, so such objects are loaded apart, each once, by one query for them all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from django.db import models

from spacedb.serializers.base import SerializerClass, Via, model_of
from spacedb.serializers.describe import (
    InlineSpec,
    NestedListSpec,
    NestedSpec,
    SlugRelatedSpec,
    Through,
    Whole,
    describe,
    flatten,
)

Path = tuple[str, ...]

MIN_JOINS_SAVED = 2
"""To be loaded apart costs a query; so much has to be spared."""


@dataclass(frozen=True)
class Edge:
    """A relation to follow by a query: from the objects at `path` (attribute names) along `relation`."""

    path: Path
    relation: str
    form: SerializerClass
    many: bool
    via: Via | None = None


@dataclass(frozen=True)
class QueryPlan:
    """What each form of an answer needs."""

    forms: tuple[SerializerClass, ...]
    shared: frozenset[type[models.Model]]

    def forms_of(self, model: type[models.Model]) -> Iterator[SerializerClass]:
        return (form for form in self.forms if model_of(form) is model)

    def shared_joins(self, model: type[models.Model]) -> list[str]:
        """The `select_related` lookups of a shared model: those of every form in which its objects may be wanted."""
        return list(dict.fromkeys(join for form in self.forms_of(model) for join in self.joins(form)))

    @cached_property
    def order(self) -> list[type[models.Model]]:
        """The shared models in the order to load them in: each before those that its objects refer to."""
        found: dict[type[models.Model], None] = {}
        seen: set[type[models.Model]] = set()

        def visit(forms: Iterable[SerializerClass]) -> None:
            for model in (model for form in forms for model in self._leads_to(form)):
                if model not in seen:
                    seen.add(model)
                    visit(self.forms_of(model))
                    found[model] = None

        visit(self.forms[:1])
        return list(reversed(found))

    def _leads_to(self, form: SerializerClass) -> Iterator[type[models.Model]]:
        for edge in self.edges(form):
            if model_of(edge.form) in self.shared:
                yield model_of(edge.form)
            if edge.many:
                yield from self._leads_to(edge.form)

    def joins(self, form: SerializerClass, prefix: str = "") -> list[str]:
        """The `select_related` lookups of a form."""
        found: list[str] = []
        for part in flatten(form):
            match part:
                case NestedSpec() if model_of(part.form) not in self.shared:
                    found.append(prefix + part.relation)
                    found += self.joins(part.form, f"{prefix}{part.relation}__")
                case SlugRelatedSpec():
                    found.append(prefix + part.relation)
                case Through():
                    found.append(prefix + part.join)
                case Whole():
                    found += [prefix + join for join in part.joins]
        return found

    def edges(self, form: SerializerClass, path: Path = ()) -> list[Edge]:
        """The relations of a form that joins do not cover: lists, and objects of shared models."""
        found: list[Edge] = []
        for part in flatten(form):
            match part:
                case NestedListSpec():
                    found.append(Edge(path, part.relation, part.form, many=True, via=part.via))
                case NestedSpec() if model_of(part.form) in self.shared:
                    found.append(Edge(path, part.relation, part.form, many=False))
                case NestedSpec():
                    found += self.edges(part.form, (*path, part.relation))
        return found


@cache
def query_plan(root: SerializerClass) -> QueryPlan:
    """The plan for answers made of objects in this form."""
    forms = nested_serializers(root)
    shared = _shared(forms)
    return QueryPlan(tuple(forms), shared | _few(root, shared))


def nested_serializers(root: SerializerClass) -> list[SerializerClass]:
    """Every form that the root is made of, each before those nested in it."""
    found: dict[SerializerClass, None] = {}

    def visit(form: SerializerClass) -> None:
        for part in describe(form):
            if isinstance(part, NestedSpec | NestedListSpec | InlineSpec) and part.form not in found:
                visit(part.form)
        found[form] = None

    visit(root)
    return list(reversed(found))


def _shared(forms: list[SerializerClass]) -> frozenset[type[models.Model]]:
    """Found from the leaves upward: what a shared model needs counts against that model alone."""
    shared: frozenset[type[models.Model]] = frozenset()
    ways: dict[type[models.Model], list[SerializerClass]] = {}
    for part in (part for form in forms for part in describe(form) if isinstance(part, NestedSpec | NestedListSpec)):
        ways.setdefault(model_of(part.form), []).append(part.form)
        if isinstance(part, NestedListSpec) and part.via:  # found by their ids
            shared |= {model_of(part.form)}
    models_deepest_first = dict.fromkeys(model_of(form) for form in reversed(forms))
    for model in models_deepest_first:
        if sum(_has_lists(form, shared) for form in ways.get(model, ())) > 1:
            shared |= {model}
    return shared


def _few(root: SerializerClass, shared: frozenset[type[models.Model]]) -> frozenset[type[models.Model]]:
    """What many objects of a page refer to, and what joins others itself: joined, it would be read once for each."""
    relations = (
        part for part in flatten(root) if isinstance(part, NestedSpec) and model_of(part.form) is not model_of(root)
    )
    return frozenset(
        model_of(part.form)
        for part in relations
        if model_of(root)._meta.get_field(part.relation).many_to_one
        and len(QueryPlan((), shared).joins(part.form)) >= MIN_JOINS_SAVED
    )


def _has_lists(form: SerializerClass, shared: frozenset[type[models.Model]]) -> bool:
    return any(
        isinstance(part, NestedListSpec)
        or (isinstance(part, NestedSpec) and model_of(part.form) not in shared and _has_lists(part.form, shared))
        for part in flatten(form)
    )
