"""Describes a serializer: for each key of its JSON, where the value comes from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias, cast

from django.db import models
from django.db.models.fields.related import ForeignKey
from rest_framework import serializers

from spacedb.serializers.base import (
    Reduction,
    RelatedList,
    Serializer,
    SerializerClass,
    ThroughPath,
    exclude_fields,
    model_of,
)
from spacedb.serializers.fields import NaturalKeyField
from spacedb.serializers.reductions import FirstReduction


@dataclass(frozen=True)
class FieldSpec:
    """A value that a serializer field renders.

    `path` leads to it from the object: one attribute, or attributes along to-one relations (`image`, `thumbnail_url`).
    An empty path means the whole object: the field computes the value from it, and for ingest it splits the value into
    several columns. `nullable` says whether the model allows null.
    """

    key: str
    path: tuple[str, ...]
    field: serializers.Field[Any, Any, Any, Any] = field(compare=False)
    nullable: bool = False

    @property
    def joins(self) -> tuple[str, ...]:
        """The `select_related` lookups that the value needs."""
        if not self.path:
            return tuple(getattr(self.field, "joins", ()))
        return ("__".join(self.path[:-1]),) if len(self.path) > 1 else ()


@dataclass(frozen=True)
class SlugRelatedSpec:
    """A related object, represented by its natural key alone."""

    key: str
    relation: str
    model: type[models.Model]
    natural_key: str


@dataclass(frozen=True)
class NestedSpec:
    """A related object, represented by a serializer of its own."""

    key: str
    relation: str
    serializer: SerializerClass
    nullable: bool


@dataclass(frozen=True)
class NestedListSpec:
    """Related objects, each represented by the same serializer; or by one value, if there is a `reduction`."""

    key: str
    relation: str
    serializer: SerializerClass
    match: tuple[tuple[str, Any], ...] = ()
    through_path: ThroughPath | None = None
    reduction: Reduction | None = field(default=None, compare=False)
    is_nullable: bool = False
    """Whether documents may contain null in place of an empty list."""


@dataclass(frozen=True)
class InlineSpec:
    """A part of the same object, represented as a nested object.

    It is null if the attribute `null_without` is null. It is never null if `null_without` is empty.
    """

    key: str
    serializer: SerializerClass
    null_without: str


Spec: TypeAlias = FieldSpec | SlugRelatedSpec | NestedSpec | NestedListSpec


@cache
def describe(serializer: SerializerClass) -> tuple[Spec | InlineSpec, ...]:
    """The keys of a serializer, in order."""
    return tuple(_spec(model_of(serializer), key, declared) for key, declared in serializer().fields.items())


@cache
def nullable_keys(serializer: SerializerClass) -> tuple[str, ...]:
    """The keys of a serializer whose value can be null, in order."""
    model = model_of(serializer)
    return tuple(spec.key for spec in describe(serializer) if _is_nullable(model, spec, serializer.null_without))


def _is_nullable(model: type[models.Model], spec: Spec | InlineSpec, null_without: str) -> bool:
    match spec:
        case FieldSpec(path=()):
            return bool(spec.field.allow_null)
        case FieldSpec(path=("pk",)):
            return False
        case FieldSpec():
            return spec.path != (null_without,) and _has_null(model, spec.path)
        case SlugRelatedSpec():
            return _has_null(model, (spec.relation, spec.natural_key))
        case NestedSpec():
            return spec.nullable or spec.serializer.overrides_substitute()
        case NestedListSpec():
            return spec.reduction is not None and spec.reduction.is_nullable
        case InlineSpec():
            return bool(spec.null_without) and _has_null(model, (spec.null_without,))


def _has_null(model: Any, path: Iterable[str]) -> bool:
    """Whether a column on a path of relations can be null."""
    for name in path:
        column = model._meta.get_field(name)
        if getattr(column, "null", False):
            return True
        model = column.related_model
    return False


def flatten(serializer: SerializerClass) -> Iterator[Spec]:
    """The keys of a serializer, and in place of each inline part the keys of that part."""
    for spec in describe(serializer):
        if isinstance(spec, InlineSpec):
            yield from flatten(spec.serializer)
        else:
            yield spec


@cache
def readable(serializer: SerializerClass) -> tuple[Spec | InlineSpec, ...]:
    """The keys that documents of a serializer may contain: its own, and those that its version had earlier.

    `Meta.former_fields` names the latter. They are read and not rendered.
    """
    former = exclude_fields(getattr(serializer.Meta, "former_fields", ()), *serializer.Meta.fields)
    if not former:
        return describe(serializer)
    meta = type("Meta", (serializer.Meta,), {"fields": former})
    return describe(serializer) + describe(type(serializer.__name__, (serializer,), {"Meta": meta}))


@cache
def _with_list_match(serializer: SerializerClass, list_match: tuple[tuple[str, Any], ...]) -> SerializerClass:
    """The serializer with this `list_match`: a subclass of the same name."""
    if not list_match:
        return serializer
    return cast("SerializerClass", type(serializer.__name__, (serializer,), {"list_match": dict(list_match)}))


def _spec(model: type[models.Model], key: str, declared: Any) -> Spec | InlineSpec:
    source = declared.source
    match declared:
        case RelatedList():
            child = cast("SerializerClass", type(declared.child))
            reduction = declared if isinstance(declared, Reduction) else None
            match_items, is_nullable = tuple(declared.match.items()), bool(declared.allow_null)
            return NestedListSpec(key, source, child, match_items, declared.through_path, reduction, is_nullable)
        case Serializer() if source == "*":
            return InlineSpec(
                key, _with_list_match(type(declared), tuple(declared.list_match.items())), declared.null_without
            )
        case Serializer() if declared.is_reverse_one_to_one(model):
            return NestedListSpec(key, source, type(declared), reduction=FirstReduction(type(declared)))
        case Serializer():
            relation = model._meta.get_field(source)
            return NestedSpec(key, source, type(declared), isinstance(relation, ForeignKey) and relation.null)
        case NaturalKeyField():
            related = model._meta.get_field(source).related_model
            assert isinstance(related, type)
            return SlugRelatedSpec(key, source, related, declared.slug_field or "")
        case _ if source == "*":
            return FieldSpec(key, (), declared, bool(declared.allow_null))
        case _ if "." in source:
            return FieldSpec(key, tuple(source.split(".")), declared)
        case _:
            nullable = source != "pk" and bool(getattr(model._meta.get_field(source), "null", False))
            return FieldSpec(key, (source,), declared, nullable)
