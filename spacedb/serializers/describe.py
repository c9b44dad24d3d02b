"""Describes a serializer: for each key, where its value comes from."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias, cast

from django.db import models
from django.db.models.fields.related import ForeignKey
from rest_framework import serializers

from spacedb.serializers.base import Reduction, RelatedList, Serializer, SerializerClass, Via, model_of
from spacedb.serializers.fields import NaturalKeyField


@dataclass(frozen=True)
class Column:
    """A value of the object itself. `nullable`: the model allows null."""

    key: str
    attribute: str
    field: serializers.Field[Any, Any, Any, Any] = field(compare=False)
    nullable: bool


@dataclass(frozen=True)
class Through:
    """A value of an object that a path of to-one relations leads to; null where the path ends before."""

    key: str
    path: tuple[str, ...]
    field: serializers.Field[Any, Any, Any, Any] = field(compare=False)

    @property
    def join(self) -> str:
        return "__".join(self.path[:-1])


@dataclass(frozen=True)
class Whole:
    """A value that its field makes from the whole object and reads into several of its attributes.

    `joins` names the relations that making it needs.
    """

    key: str
    field: serializers.Field[Any, Any, Any, Any] = field(compare=False)
    joins: tuple[str, ...] = ()


@dataclass(frozen=True)
class SlugRelatedSpec:
    """A related object by its natural key alone."""

    key: str
    relation: str
    model: type[models.Model]
    natural_key: str


@dataclass(frozen=True)
class NestedSpec:
    """A related object in a form of its own; null where not all of `match` holds for it."""

    key: str
    relation: str
    form: SerializerClass
    nullable: bool
    match: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class NestedListSpec:
    """Related objects, each in a form of its own: those for whom `match` holds, and those found `via` others.

    Of a list of which documents show the `first` alone, that one or null; of one that they `fold`, one value.
    """

    key: str
    relation: str
    form: SerializerClass
    match: tuple[tuple[str, Any], ...] = ()
    via: Via | None = None
    first: bool = False
    fold: Reduction | None = field(default=None, compare=False)


@dataclass(frozen=True)
class InlineSpec:
    """Another side of the same object in a form of its own; null where the attribute `absent_without` is."""

    key: str
    form: SerializerClass
    absent_without: str


Spec: TypeAlias = Column | Through | Whole | SlugRelatedSpec | NestedSpec | NestedListSpec


@cache
def describe(form: SerializerClass) -> tuple[Spec | InlineSpec, ...]:
    """The keys of a form in order, each with where its value comes from."""
    return tuple(_spec(model_of(form), key, declared) for key, declared in form().fields.items())


def flatten(form: SerializerClass) -> Iterator[Spec]:
    """The parts of a form, those of the other sides of its object among them."""
    for part in describe(form):
        if isinstance(part, InlineSpec):
            yield from flatten(part.form)
        else:
            yield part


def _spec(model: type[models.Model], key: str, declared: Any) -> Spec | InlineSpec:
    source = declared.source
    match declared:
        case RelatedList():
            form = cast("SerializerClass", type(declared.child))
            fold = declared if isinstance(declared, Reduction) else None
            return NestedListSpec(key, source, form, tuple(declared.match.items()), declared.via, fold=fold)
        case Serializer() if source == "*":
            return InlineSpec(key, type(declared), declared.absent_without)
        case Serializer() if declared.is_first_of(model):
            return NestedListSpec(key, source, type(declared), tuple((declared.first or {}).items()), first=True)
        case Serializer():
            relation = model._meta.get_field(source)
            nullable = isinstance(relation, ForeignKey) and relation.null
            return NestedSpec(key, source, type(declared), nullable, tuple(declared.match.items()))
        case NaturalKeyField():
            related = model._meta.get_field(source).related_model
            assert isinstance(related, type)
            return SlugRelatedSpec(key, source, related, declared.slug_field or "")
        case _ if source == "*":
            return Whole(key, declared, tuple(getattr(declared, "joins", ())))
        case _ if "." in source:
            return Through(key, tuple(source.split(".")), declared)
        case _:
            nullable = source != "pk" and bool(getattr(model._meta.get_field(source), "null", False))
            return Column(key, source, declared, nullable)
