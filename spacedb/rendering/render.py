"""Out: the JSON of an object in one form, by a plain function that is made once per form."""

import datetime as dt
from collections.abc import Callable
from functools import cache, partial
from operator import attrgetter
from typing import Any, TypeAlias

from rest_framework import serializers

from spacedb.serializers.base import Reduction, SerializerClass, matches, related_objects
from spacedb.serializers.context import RenderContext
from spacedb.serializers.describe import (
    Column,
    InlineSpec,
    NestedListSpec,
    NestedSpec,
    SlugRelatedSpec,
    Spec,
    Through,
    Whole,
    describe,
)
from spacedb.serializers.fields import DetailURLField, ResponseModeField

Getter: TypeAlias = Callable[[Any, RenderContext], Any]

JSON_NATIVE = (
    serializers.IntegerField,
    serializers.FloatField,
    serializers.BooleanField,
    serializers.CharField,
)
"""Fields whose values JSON has itself."""


@cache
def renderer(form: SerializerClass) -> Callable[[Any, RenderContext], dict[str, Any]]:
    """The function that gives the JSON of an object in this form: a dict, its keys in the documented order.

    What the form nests must have been loaded (`spacedb.api.loading`). Equal to DRF's own
    `form(instance).data`, many times faster.
    """
    getters = [(part.key, _getter(part)) for part in describe(form)]

    def dump(instance: Any, answer: RenderContext) -> dict[str, Any]:
        known = (form, instance.pk)
        result = answer.dumped.get(known)
        if result is None:
            shown = form.shown(instance) if form.shown_as else instance
            result = answer.dumped[known] = {key: get(shown, answer) for key, get in getters}
        return result

    return dump


def _getter(part: Spec | InlineSpec) -> Getter:
    match part:
        case NestedSpec():
            return _nested(attrgetter(part.relation), part.form, dict(part.match))
        case NestedListSpec(first=True):
            return _first(part.relation, part.form, dict(part.match))
        case NestedListSpec(fold=Reduction() as fold):
            listed = _nested_list(part.relation, part.form, dict(part.match))
            return lambda instance, answer: fold.show(listed(instance, answer))
        case NestedListSpec():
            return _nested_list(part.relation, part.form, dict(part.match))
        case InlineSpec():
            return _side(attrgetter(part.absent_without), part.form)
        case SlugRelatedSpec():
            return _named(attrgetter(part.relation), attrgetter(part.natural_key))
        case Through():
            return _column(partial(_at_end, part.path), part.field)
        case Whole(field=ResponseModeField() as mode):
            return lambda instance, answer: mode.mode
        case Whole():
            return lambda instance, answer: part.field.to_representation(instance)
        case Column(field=DetailURLField() as url):
            return lambda instance, answer: url.url(instance.pk, answer)
        case Column():
            return _column(attrgetter(part.attribute), part.field)


def _nested(related: Callable[[Any], Any], form: SerializerClass, match: dict[str, Any]) -> Getter:
    dump = renderer(form)

    def get(instance: Any, answer: RenderContext) -> Any:
        one = related(instance)
        return None if one is None or (match and not matches(one, match)) else dump(one, answer)

    return get


def _nested_list(relation: str, form: SerializerClass, match: dict[str, Any]) -> Getter:
    dump = renderer(form)
    return lambda instance, answer: [dump(child, answer) for child in related_objects(instance, relation, match)]


def _first(relation: str, form: SerializerClass, match: dict[str, Any]) -> Getter:
    dump = renderer(form)

    def get(instance: Any, answer: RenderContext) -> Any:
        found = related_objects(instance, relation, match)
        return dump(found[0], answer) if found else None

    return get


def _side(present: Callable[[Any], Any], form: SerializerClass) -> Getter:
    dump = renderer(form)
    return lambda instance, answer: None if present(instance) is None else dump(instance, answer)


def _named(related: Callable[[Any], Any], natural_key: Callable[[Any], Any]) -> Getter:
    def get(instance: Any, answer: RenderContext) -> Any:
        one = related(instance)
        return None if one is None else natural_key(one)

    return get


def _at_end(path: tuple[str, ...], instance: Any) -> Any:
    for name in path:
        if instance is None:
            break
        instance = getattr(instance, name)
    return instance


def _column(value: Callable[[Any], Any], field: serializers.Field[Any, Any, Any, Any]) -> Getter:
    if isinstance(field, JSON_NATIVE):
        return lambda instance, answer: value(instance)
    if isinstance(field, serializers.DateTimeField):
        return lambda instance, answer: _utc(value(instance))
    represent = field.to_representation

    def get(instance: Any, answer: RenderContext) -> Any:
        found = value(instance)
        return None if found is None else represent(found)

    return get


def _utc(value: dt.datetime | None) -> str | None:
    """ISO 8601 with `Z`, as DRF writes a time in UTC, without its search for the time zone."""
    return None if value is None else value.isoformat().replace("+00:00", "Z")
