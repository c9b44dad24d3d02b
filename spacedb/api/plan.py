"""The query plan of a form: what to join, what to load once for the whole answer, in which order.

To-one relations are joined. The exception are *shared* models: those that several relations of a form lead
to, and that have lists of their own (an image its variants, an agency its countries). Each list costs a query
for every way that leads to it, so such objects are loaded apart, each once, by one query for them all.
"""

from dataclasses import dataclass
from functools import cache

from django.db import models

from spacedb.api.serializers import Form, Named, Nested, NestedList, Whole, model_of, structure

Path = tuple[str, ...]


@dataclass(frozen=True)
class Edge:
    """A relation to follow by a query: from the objects at `path` (attribute names) along `relation`."""

    path: Path
    relation: str
    form: Form
    many: bool


@dataclass(frozen=True)
class Plan:
    """What each form of an answer needs; `order` is the order in which shared models are loaded."""

    shared: frozenset[type[models.Model]]
    order: tuple[type[models.Model], ...]

    def joins(self, form: Form, prefix: str = "") -> list[str]:
        """The `select_related` lookups of a form."""
        found: list[str] = []
        for part in structure(form):
            match part:
                case Nested() if model_of(part.form) not in self.shared:
                    found.append(prefix + part.relation)
                    found += self.joins(part.form, f"{prefix}{part.relation}__")
                case Named():
                    found.append(prefix + part.relation)
                case Whole():
                    found += [prefix + join for join in part.joins]
        return found

    def edges(self, form: Form, path: Path = ()) -> list[Edge]:
        """The relations of a form that joins do not cover: lists, and objects of shared models."""
        found: list[Edge] = []
        for part in structure(form):
            match part:
                case NestedList():
                    found.append(Edge(path, part.relation, part.form, many=True))
                case Nested() if model_of(part.form) in self.shared:
                    found.append(Edge(path, part.relation, part.form, many=False))
                case Nested():
                    found += self.edges(part.form, (*path, part.relation))
        return found


@cache
def plan(root: Form) -> Plan:
    """The plan for answers made of objects in this form."""
    forms = forms_of(root)
    shared = _shared(forms)
    order = dict.fromkeys(model_of(form) for form in reversed(forms) if model_of(form) in shared)
    return Plan(shared, tuple(reversed(order)))


def forms_of(root: Form) -> list[Form]:
    """Every form that the root is made of, each before those nested in it."""
    found: dict[Form, None] = {}

    def visit(form: Form) -> None:
        for nested in _nested(form):
            if nested not in found:
                visit(nested)
        found[form] = None

    visit(root)
    return list(reversed(found))


def _nested(form: Form) -> list[Form]:
    return [part.form for part in structure(form) if isinstance(part, Nested | NestedList)]


def _shared(forms: list[Form]) -> frozenset[type[models.Model]]:
    """Found from the leaves upward: what a shared model needs counts against that model alone."""
    shared: frozenset[type[models.Model]] = frozenset()
    ways: dict[type[models.Model], list[Form]] = {}
    for form in forms:
        for nested in _nested(form):
            ways.setdefault(model_of(nested), []).append(nested)
    models_deepest_first = dict.fromkeys(model_of(form) for form in reversed(forms))
    for model in models_deepest_first:
        if sum(_has_lists(form, shared) for form in ways.get(model, ())) > 1:
            shared |= {model}
    return shared


def _has_lists(form: Form, shared: frozenset[type[models.Model]]) -> bool:
    return any(
        isinstance(part, NestedList)
        or (isinstance(part, Nested) and model_of(part.form) not in shared and _has_lists(part.form, shared))
        for part in structure(form)
    )
