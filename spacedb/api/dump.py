"""Out: the JSON of an object in one form, by a plain function that is made once per form."""

import datetime as dt
from collections.abc import Callable
from functools import cache, partial
from operator import attrgetter
from typing import Any, TypeAlias

from rest_framework import serializers

from spacedb.api import fields
from spacedb.api.serializers import (
    Column,
    Folded,
    Form,
    Named,
    Nested,
    NestedList,
    Part,
    Side,
    Through,
    Whole,
    children,
    matches,
    structure,
)

Getter: TypeAlias = Callable[[Any, fields.Answer], Any]

JSON_NATIVE = (
    serializers.IntegerField,
    serializers.FloatField,
    serializers.BooleanField,
    serializers.CharField,
)
"""Fields whose values JSON has itself."""


@cache
def dumper(form: Form) -> Callable[[Any, fields.Answer], dict[str, Any]]:
    """The function that gives the JSON of an object in this form: a dict, its keys in the documented order.

    What the form nests must have been loaded (`spacedb.api.loading`). Equal to DRF's own
    `form(instance).data`, many times faster.
    """
    getters = [(part.key, _getter(part)) for part in structure(form)]

    def dump(instance: Any, answer: fields.Answer) -> dict[str, Any]:
        known = (form, instance.pk)
        result = answer.dumped.get(known)
        if result is None:
            shown = form.shown(instance) if form.shown_as else instance
            result = answer.dumped[known] = {key: get(shown, answer) for key, get in getters}
        return result

    return dump


def _getter(part: Part | Side) -> Getter:
    match part:
        case Nested():
            return _nested(attrgetter(part.relation), part.form, dict(part.match))
        case NestedList(first=True):
            return _first(part.relation, part.form, dict(part.match))
        case NestedList(fold=Folded() as fold):
            listed = _nested_list(part.relation, part.form, dict(part.match))
            return lambda instance, answer: fold.show(listed(instance, answer))
        case NestedList():
            return _nested_list(part.relation, part.form, dict(part.match))
        case Side():
            return _side(attrgetter(part.absent_without), part.form)
        case Named():
            return _named(attrgetter(part.relation), attrgetter(part.natural_key))
        case Through():
            return _column(partial(_at_end, part.path), part.field)
        case Whole(field=fields.ResponseMode() as mode):
            return lambda instance, answer: mode.mode
        case Whole():
            return lambda instance, answer: part.field.to_representation(instance)
        case Column(field=fields.DetailURL() as url):
            return lambda instance, answer: url.url(instance.pk, answer)
        case Column():
            return _column(attrgetter(part.attribute), part.field)


def _nested(related: Callable[[Any], Any], form: Form, match: dict[str, Any]) -> Getter:
    dump = dumper(form)

    def get(instance: Any, answer: fields.Answer) -> Any:
        one = related(instance)
        return None if one is None or (match and not matches(one, match)) else dump(one, answer)

    return get


def _nested_list(relation: str, form: Form, match: dict[str, Any]) -> Getter:
    dump = dumper(form)
    return lambda instance, answer: [dump(child, answer) for child in children(instance, relation, match)]


def _first(relation: str, form: Form, match: dict[str, Any]) -> Getter:
    dump = dumper(form)

    def get(instance: Any, answer: fields.Answer) -> Any:
        found = children(instance, relation, match)
        return dump(found[0], answer) if found else None

    return get


def _side(present: Callable[[Any], Any], form: Form) -> Getter:
    dump = dumper(form)
    return lambda instance, answer: None if present(instance) is None else dump(instance, answer)


def _named(related: Callable[[Any], Any], natural_key: Callable[[Any], Any]) -> Getter:
    def get(instance: Any, answer: fields.Answer) -> Any:
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

    def get(instance: Any, answer: fields.Answer) -> Any:
        found = value(instance)
        return None if found is None else represent(found)

    return get


def _utc(value: dt.datetime | None) -> str | None:
    """ISO 8601 with `Z`, as DRF writes a time in UTC, without its search for the time zone."""
    return None if value is None else value.isoformat().replace("+00:00", "Z")
