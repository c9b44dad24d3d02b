"""Documents made from the serializers' own declarations: every key filled, the same object always with the same values.

Object number n of every model refers to object n of the others (lists: to n and n + 1), numbers running in a
circle. So whatever forms an object is met in, they agree. Where a list shows only objects that fit, every second does.
"""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.fields.related import ManyToManyField
from django.db.models.fields.reverse_related import ManyToManyRel, ManyToOneRel

from flights.models import CelestialBody
from spacedb.api.v2_0_0.serializers.launches import DerivedFlagField
from spacedb.rendering.plan import nested_serializers
from spacedb.serializers.base import SerializerClass, list_relation, model_of
from spacedb.serializers.describe import (
    FieldSpec,
    InlineSpec,
    NestedListSpec,
    NestedSpec,
    SlugRelatedSpec,
    Spec,
    describe,
)
from spacedb.serializers.fields import (
    DaysField,
    DetailURLField,
    DjangoDurationField,
    NumericStringField,
    ResponseModeField,
    TruncatedFloatField,
)
from tests.endpoints import endpoints

HOST = "http://testserver"
IDS_FROM = 1000
DAY = dt.timedelta(days=1)
FIRST_MOMENT = dt.datetime(1961, 4, 12, tzinfo=dt.UTC)
"""Whatever has a time in these documents happened later."""


@cache
def example(form: SerializerClass, n: int, circle: int) -> dict[str, Any]:
    """Object number `n` (from 1 on) of `circle` many, in this form."""
    return {part.key: _value(part, form, n, circle) for part in describe(form)}


def examples(form: SerializerClass, circle: int) -> list[dict[str, Any]]:
    return [example(form, n, circle) for n in range(1, circle + 1)]


def _value(spec: Spec | InlineSpec, serializer: SerializerClass, n: int, circle: int) -> Any:
    match spec:
        case FieldSpec():
            return _field_value(spec, model_of(serializer), n)
        case SlugRelatedSpec():
            return _column(spec.model._meta.get_field(spec.natural_key), n)
        case NestedSpec():
            return example(spec.serializer, 1 if model_of(spec.serializer) is CelestialBody else n, circle)
        case NestedListSpec():
            rows = [example(spec.serializer, other, circle) for other in _listed(spec, serializer, n, circle)]
            return rows if spec.reduction is None else spec.reduction.reduce(rows)
        case InlineSpec():
            return example(spec.serializer, n, circle)


def _field_value(spec: FieldSpec, model: type[models.Model], n: int) -> Any:
    match spec.field:
        case ResponseModeField() as response_mode:
            return response_mode.mode
        case DerivedFlagField() as flag:
            return _column(model._meta.get_field(flag.attribute), n)
        case DetailURLField() as url:
            return f"{HOST}/{url.path}/{key(model, n)}/"
        case DjangoDurationField():
            return f"{n} 00:00:01"
        case _:
            pass  # a column
    *relations, name = spec.path
    if relations:
        return _at_end(model, spec.path, n)
    if name == "id":
        return key(model, n)
    model_field: Any = model._meta.get_field(name)
    value = _column(model_field, n)
    if isinstance(spec.field, NumericStringField | TruncatedFloatField | DaysField):
        return spec.field.to_representation(model_field.to_python(value))
    return value


def _listed(part: NestedListSpec, form: SerializerClass, n: int, circle: int) -> list[int]:
    relation = list_relation(model_of(form), part.relation)
    before, after = (n - 2) % circle + 1, n % circle + 1
    shown = {one.path[0]: model_of(part.serializer)._meta.get_field(one.path[0]) for one in _columns(part.serializer)}
    if decisive := [(name, value) for name, value in part.match if name in shown or name == "phase"]:
        return [n] if all(name == "phase" or _column(shown[name], n) == value for name, value in decisive) else []
    if isinstance(relation, ManyToOneRel) and model_of(form) is CelestialBody:
        return list(range(1, circle + 1)) if n == 1 else []
    if isinstance(relation, ManyToManyRel):
        return sorted({before, n})
    if isinstance(relation, ManyToManyField):
        both = list(dict.fromkeys([n, after]))
        return sorted(both) if model_of(part.serializer)._meta.ordering else both
    return [n]


def _columns(form: SerializerClass) -> list[FieldSpec]:
    return [
        part for part in describe(form) if isinstance(part, FieldSpec) and len(part.path) == 1 and part.path != ("pk",)
    ]


@cache
def _matched() -> dict[tuple[str, str], Any]:
    """Columns whose value decides whether an object is in a list: the ports that nobody has left are those in use."""
    forms = {form for view in endpoints().values() for root in view.modes.values() for form in nested_serializers(root)}
    lists = [part for form in forms for part in describe(form) if isinstance(part, NestedListSpec)]
    return {(model_of(part.serializer)._meta.label, name): value for part in lists for name, value in part.match}


def _at_end(model: Any, path: tuple[str, ...], n: int) -> Any:
    *relations, name = path
    for relation in relations:
        model = model._meta.get_field(relation).related_model
    field = model._meta.get_field(name)
    return key(field.related_model, n) if field.is_relation else _column(field, n)


def key(model: type[models.Model], n: int) -> Any:
    if model is CelestialBody and n == 1:
        return CelestialBody.EARTH
    return str(UUID(int=n)) if isinstance(model._meta.pk, models.UUIDField) else IDS_FROM + n


def _column(field: Any, n: int) -> Any:
    if (decisive := (field.model._meta.label, field.name)) in _matched() and n % 2:
        return _matched()[decisive]
    values: Mapping[str, Any] = {
        "BooleanField": n % 2 == 0,
        "DateField": str(FIRST_MOMENT.date() + n * DAY),
        "DateTimeField": f"{FIRST_MOMENT.date() + n * DAY}T06:07:00Z",
        "DurationField": f"P{n}DT1H0.5S",
        "FloatField": n + 0.5,
        "IntegerField": n,
        "SlugField": f"slug-{n:04}",
        "UUIDField": str(UUID(int=n)),
        "URLField": f"https://example.com/{field.name}/{n:04}",
    }
    if field.get_internal_type() in values:
        return values[field.get_internal_type()]
    text = f"{field.model._meta.verbose_name}'s {field.name} {n:04}"
    if isinstance(field, models.URLField):
        return values["URLField"]
    return text if field.max_length is None or len(text) <= field.max_length else f"{n:04}"[-field.max_length :]
