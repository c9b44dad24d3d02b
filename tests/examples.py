"""Example objects generated from the declarations of the serializers. Every key has a value.

The values depend on the model and the number of the object, so all representations of an object agree. Object n of
every model refers to object n of the others. Many-to-many relations refer to n and n + 1, or n - 1 and n in reverse.
Numbers wrap around at `count`. Of lists limited to matching objects, every second object has an item.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any, cast
from uuid import UUID

from django.db import models
from django.db.models.fields.related import ManyToManyField
from django.db.models.fields.reverse_related import ManyToManyRel, ManyToOneRel

from flights.models import CelestialBody
from spacedb.api.v2_1_0.serializers.launches import DerivedFlagField
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
    FallbackTextField,
    NullField,
    NumericStringField,
    ResponseModeField,
    TruncatedFloatField,
)
from tests.endpoints import resource_endpoints

HOST = "http://testserver"
ID_OFFSET = 1000
DAY = dt.timedelta(days=1)
FIRST_MOMENT = dt.datetime(1961, 4, 12, tzinfo=dt.UTC)
"""All times in the examples are later."""


@cache
def example(serializer: SerializerClass, n: int, count: int) -> dict[str, Any]:
    """Return the representation of object `n` of `count` objects, numbered from 1."""
    return {spec.key: _value(spec, serializer, n, count) for spec in describe(serializer)}


def examples(serializer: SerializerClass, count: int) -> list[dict[str, Any]]:
    return [example(serializer, n, count) for n in range(1, count + 1)]


def dashboard(serializer: SerializerClass, upcoming: int, previous: int) -> dict[str, Any]:
    """Return the representation of a dashboard with this number of upcoming and previous launches and events.

    The previous ones have the lower numbers. All of them belong to the program of the dashboard alone.
    """
    count = upcoming + previous
    numbers = {False: range(1, previous + 1), True: range(previous + 1, count + 1)}
    values: dict[str, Any] = {}
    for spec in describe(serializer):
        match spec:
            case InlineSpec():
                lists = cast("list[NestedListSpec]", describe(spec.serializer))
                values[spec.key] = {
                    nested.key: [
                        example(nested.serializer, n, count) for n in numbers[dict(nested.match)["is_upcoming"]]
                    ]
                    for nested in lists
                }
            case NestedListSpec(through_path=None):
                values[spec.key] = examples(spec.serializer, 1)
            case NestedListSpec():
                values[spec.key] = examples(spec.serializer, count)
            case _:
                values[spec.key] = _value(spec, serializer, 1, count)
    values = deepcopy(values)  # the examples are shared
    programs = (row["program"][0] for row in _launches_and_events(values) if row.get("program"))
    if program := next(programs, None):
        url = program["url"].replace(f"/{program['id']}/", f"/{serializer.fixed_id}/")
        for row in _launches_and_events(values):
            row["program"] = [program | {"id": serializer.fixed_id, "url": url}]
    return values


def _launches_and_events(data: Any) -> Iterator[dict[str, Any]]:
    """Yield the launches and events in the data that have a program."""
    if isinstance(data, dict) and "program" in data and re.search("/(launch|event)", data.get("url", "")):
        yield data
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _launches_and_events(value)


def _value(spec: Spec | InlineSpec, serializer: SerializerClass, n: int, count: int) -> Any:
    match spec:
        case FieldSpec():
            return _field_value(spec, model_of(serializer), n)
        case SlugRelatedSpec():
            return _column_value(spec.model._meta.get_field(spec.natural_key), n)
        case NestedSpec():
            return example(spec.serializer, 1 if model_of(spec.serializer) is CelestialBody else n, count)
        case NestedListSpec():
            rows = [example(spec.serializer, other, count) for other in _list_items(spec, serializer, n, count)]
            return rows if spec.reduction is None else spec.reduction.reduce(rows)
        case InlineSpec():
            return example(spec.serializer, n, count)


def _field_value(spec: FieldSpec, model: type[models.Model], n: int) -> Any:
    match spec.field:
        case ResponseModeField() as response_mode:
            return response_mode.mode
        case DerivedFlagField() as flag:
            return _column_value(model._meta.get_field(flag.attribute), n)
        case FallbackTextField() as text:
            return _related_value(model, text.path, n)
        case NullField():
            return None
        case DetailURLField() as url:
            return f"{HOST}/{url.path}/{example_pk(model, n)}/"
        case DjangoDurationField():
            return f"{n} 00:00:01"
        case _:
            pass  # a column
    *relations, name = spec.path
    if relations:
        return _related_value(model, spec.path, n)
    if name == "id":
        return example_pk(model, n)
    model_field: Any = model._meta.get_field(name)
    value = _column_value(model_field, n)
    if isinstance(spec.field, NumericStringField | TruncatedFloatField | DaysField):
        return spec.field.to_representation(model_field.to_python(value))
    return value


def _list_items(spec: NestedListSpec, serializer: SerializerClass, n: int, count: int) -> list[int]:
    """Return the numbers of the objects in a nested list of object `n`."""
    relation = list_relation(model_of(serializer), spec.relation)
    before, after = (n - 2) % count + 1, n % count + 1
    item_model = model_of(spec.serializer)
    columns = {column.path[0]: item_model._meta.get_field(column.path[0]) for column in _columns(spec.serializer)}
    if conditions := [(name, value) for name, value in spec.match if name in columns or name == "phase"]:
        matches = all(name == "phase" or _column_value(columns[name], n) == value for name, value in conditions)
        return [n] if matches else []
    if isinstance(relation, ManyToOneRel) and model_of(serializer) is CelestialBody:
        return list(range(1, count + 1)) if n == 1 else []
    if isinstance(relation, ManyToManyRel):
        return sorted({before, n})
    if isinstance(relation, ManyToManyField):
        items = list(dict.fromkeys([n, after]))
        return sorted(items) if item_model._meta.ordering else items
    return [n]


def _columns(serializer: SerializerClass) -> list[FieldSpec]:
    return [
        spec
        for spec in describe(serializer)
        if isinstance(spec, FieldSpec) and len(spec.path) == 1 and spec.path != ("pk",)
    ]


@cache
def _matching_values() -> dict[tuple[str, str], Any]:
    """Return the attributes that limit nested lists, as (model, name), each with the value that they require."""
    roots = {root for view in resource_endpoints().values() for root in view.modes.values()}
    serializers = {serializer for root in roots for serializer in nested_serializers(root)}
    lists = [spec for serializer in serializers for spec in describe(serializer) if isinstance(spec, NestedListSpec)]
    return {(model_of(spec.serializer)._meta.label, name): value for spec in lists for name, value in spec.match}


def _related_value(model: Any, path: tuple[str, ...], n: int) -> Any:
    *relations, name = path
    for relation in relations:
        model = model._meta.get_field(relation).related_model
    field = model._meta.get_field(name)
    return example_pk(field.related_model, n) if field.is_relation else _column_value(field, n)


def example_pk(model: type[models.Model], n: int) -> Any:
    if model is CelestialBody and n == 1:
        return CelestialBody.EARTH
    return str(UUID(int=n)) if isinstance(model._meta.pk, models.UUIDField) else ID_OFFSET + n


def _column_value(field: Any, n: int) -> Any:
    if (column := (field.model._meta.label, field.name)) in _matching_values() and n % 2:
        return _matching_values()[column]
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
