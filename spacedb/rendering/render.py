"""Renders objects to JSON, with a plain function that is built once per serializer class."""

import datetime as dt
from collections.abc import Callable
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, TypeAlias

from django.db import models
from rest_framework import serializers

from spacedb.serializers import fields
from spacedb.serializers.base import RelationNotLoadedError, SerializerClass, model_of, related_objects
from spacedb.serializers.context import RenderContext
from spacedb.serializers.describe import (
    FieldSpec,
    InlineSpec,
    NestedListSpec,
    NestedSpec,
    SlugRelatedSpec,
    Spec,
    describe,
)
from spacedb.serializers.received import restore_received, text_keys

Getter: TypeAlias = Callable[[Any, RenderContext], Any]
"""Returns the JSON value of one key of an object."""

JSON_NATIVE = (
    serializers.IntegerField,
    serializers.FloatField,
    serializers.BooleanField,
    serializers.CharField,
)
"""Fields whose Python values are already JSON values."""


@cache
def renderer(serializer: SerializerClass) -> Callable[[Any, RenderContext], dict[str, Any] | None]:
    """The function that renders an object: a dict with its keys in the documented order.

    It returns the same as DRF's `serializer(instance).data`, except for values that are restored as they were received,
    and is many times faster. All related objects that the serializer needs must be loaded
    (`spacedb.rendering.loading`), or it raises `RelationNotLoadedError`.
    """
    specs = describe(serializer)
    pk = model_of(serializer)._meta.pk.attname
    template = {spec.key: _constant(spec) for spec in specs}
    columns = {spec.key: column for spec in specs if (column := _json_column(serializer, spec))}
    read_columns = _values_of(tuple(columns.values()))
    getters = [(spec.key, _getter(spec)) for spec in specs if spec.key not in columns and not _is_constant(spec)]
    substitute = serializer.substitute if serializer.overrides_substitute() else None
    text = text_keys(serializer)

    def render(instance: Any, context: RenderContext) -> dict[str, Any] | None:
        rendered, instance_id = context.rendered[serializer], vars(instance)[pk]
        if instance_id in rendered:
            return rendered[instance_id]
        shown = substitute(instance) if substitute else instance
        if shown is None:
            rendered[instance_id] = None
            return None
        values = vars(shown)
        result = template.copy()
        result.update(zip(columns, read_columns(values), strict=True))
        for key, get in getters:
            result[key] = get(shown, context)
        if received := values["received"]:
            restore_received(result, received, text)
        rendered[instance_id] = result
        return result

    return render


def _is_constant(spec: Spec | InlineSpec) -> bool:
    return isinstance(spec, FieldSpec) and isinstance(spec.field, fields.ResponseModeField | fields.NullField)


def _constant(spec: Spec | InlineSpec) -> str | None:
    """The value of a key whose value is the same for all objects; None for other keys."""
    return spec.field.mode if isinstance(spec, FieldSpec) and isinstance(spec.field, fields.ResponseModeField) else None


def _json_column(serializer: SerializerClass, spec: Spec | InlineSpec) -> str | None:
    """The column whose value is the JSON value of a key; None if the value is another one."""
    match spec:
        case FieldSpec(path=(name,), field=field) if isinstance(field, JSON_NATIVE):
            return _columns(model_of(serializer)).get(name)
        case _:
            return None


def _values_of(names: tuple[str, ...]) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    """A function that returns the values of these keys of a dictionary, as one tuple."""
    match names:
        case ():
            return lambda values: ()
        case (name,):
            return lambda values: (values[name],)
        case _:
            return itemgetter(*names)


@cache
def _columns(model: type[models.Model]) -> dict[str, str]:
    """The names of attributes in which objects hold the values of columns, by each name that serializers use."""
    columns = {field.attname: field.attname for field in model._meta.concrete_fields}
    return columns | {"pk": model._meta.pk.attname}


def _getter(spec: Spec | InlineSpec) -> Getter:
    match spec:
        case NestedSpec():
            return _nested(spec.relation, spec.serializer)
        case NestedListSpec(reduction=None):
            return _nested_list(spec)
        case NestedListSpec(reduction=reduction):
            rows = _nested_list(spec)
            return lambda instance, context: reduction.reduce(rows(instance, context))  # type: ignore[union-attr]
        case InlineSpec():
            return _inline(spec.null_without, renderer(spec.serializer))
        case SlugRelatedSpec():
            return _value(_along((spec.relation, spec.natural_key)), None)
        case FieldSpec(path=()):
            return lambda instance, context: spec.field.to_representation(instance)
        case FieldSpec(field=fields.DetailURLField() as url):
            return lambda instance, context: url.url(instance.pk, context)
        case FieldSpec():
            return _value(_along(spec.path), spec.field)


def _loaded_relation(name: str) -> Callable[[Any], Any]:
    """Reads a to-one relation and never queries it."""

    def get(instance: models.Model) -> Any:
        try:
            return instance._state.fields_cache[name]
        except KeyError:
            if getattr(instance, f"{name}_id") is not None:
                raise RelationNotLoadedError(instance, name) from None
            return None

    return get


def _along(path: tuple[str, ...]) -> Callable[[Any], Any]:
    """Reads an attribute at the end of a path of to-one relations; None if a relation on the path is null."""
    read = attrgetter(path[-1])
    if len(path) == 1:
        return read
    relations = [_loaded_relation(name) for name in path[:-1]]

    def get(instance: Any) -> Any:
        for relation in relations:
            instance = relation(instance)
            if instance is None:
                return None
        return read(instance)

    return get


def _nested(relation: str, serializer: SerializerClass) -> Getter:
    related, column, render = _loaded_relation(relation), f"{relation}_id", renderer(serializer)

    def get(instance: Any, context: RenderContext) -> Any:
        fragments = context.fragments.get(serializer)
        if fragments and (fragment := fragments.get(vars(instance).get(column))):
            return fragment
        target = instance._state.fields_cache.get(relation) or related(instance)
        return None if target is None else render(target, context)

    return get


def _nested_list(spec: NestedListSpec) -> Callable[[Any, RenderContext], list[Any]]:
    render, relation, match = renderer(spec.serializer), spec.relation, dict(spec.match)
    return lambda instance, context: [
        render(related, context) for related in related_objects(instance, relation, match)
    ]


def _inline(null_without: str, render: Getter) -> Getter:
    if not null_without:
        return render
    read = attrgetter(null_without)
    return lambda instance, context: None if read(instance) is None else render(instance, context)


def _value(read: Callable[[Any], Any], field: serializers.Field[Any, Any, Any, Any] | None) -> Getter:
    if field is None or isinstance(field, JSON_NATIVE):
        return lambda instance, context: read(instance)
    if isinstance(field, serializers.DateTimeField):
        return lambda instance, context: _utc(read(instance))
    represent = field.to_representation

    def get(instance: Any, context: RenderContext) -> Any:
        value = read(instance)
        return None if value is None else represent(value)

    return get


def _utc(value: dt.datetime | None) -> str | None:
    """ISO 8601 with `Z`, as DRF writes a time in UTC, but without DRF's search for the time zone."""
    return None if value is None else value.isoformat().replace("+00:00", "Z")
