"""Documents made from the serializers' own declarations: every key filled, the same object always with the same values.

Object number n of every model refers to object n of the others (lists: to n and n + 1), numbers running in a
circle. So whatever forms an object is met in, they agree.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.fields.related import ManyToManyField
from django.db.models.fields.reverse_related import ManyToManyRel

from spacedb.api.fields import DetailURL, DjangoDuration, ResponseMode
from spacedb.api.serializers import Column, Form, Named, Nested, NestedList, Whole, model_of, structure

HOST = "http://testserver"
IDS_FROM = 1000
DAY = dt.timedelta(days=1)


def example(form: Form, n: int, circle: int) -> dict[str, Any]:
    """Object number `n` (from 1 on) of `circle` many, in this form."""
    return {part.key: _value(part, form, n, circle) for part in structure(form)}


def examples(form: Form, circle: int) -> list[dict[str, Any]]:
    return [example(form, n, circle) for n in range(1, circle + 1)]


def _value(part: Any, form: Form, n: int, circle: int) -> Any:
    model = model_of(form)
    match part:
        case Whole(field=ResponseMode() as mode):
            return mode.mode
        case Column(field=DetailURL() as url):
            return f"{HOST}/{url.path}/{_key(model, n)}/"
        case Column(attribute="id"):
            return _key(model, n)
        case Column(field=DjangoDuration()):
            return f"{n} 00:00:01"
        case Column(attribute=attribute):
            return _column(model._meta.get_field(attribute), n)
        case Named():
            return _column(part.model._meta.get_field(part.natural_key), n)
        case Nested():
            return example(part.form, n, circle)
        case NestedList():
            return [example(part.form, other, circle) for other in _listed(part, form, n, circle)]
    raise AssertionError(part)


def _listed(part: NestedList, form: Form, n: int, circle: int) -> list[int]:
    relation = model_of(form)._meta.get_field(part.relation)
    before, after = (n - 2) % circle + 1, n % circle + 1
    if isinstance(relation, ManyToManyRel):
        return sorted({before, n})
    if isinstance(relation, ManyToManyField):
        both = list(dict.fromkeys([n, after]))
        return sorted(both) if model_of(part.form)._meta.ordering else both
    return [n]


def _key(model: type[models.Model], n: int) -> Any:
    return str(UUID(int=n)) if isinstance(model._meta.pk, models.UUIDField) else IDS_FROM + n


def _column(field: Any, n: int) -> Any:
    values: Mapping[str, Any] = {
        "BooleanField": n % 2 == 0,
        "DateField": str(dt.date(1961, 4, 12) + n * DAY),
        "DateTimeField": f"{dt.date(1961, 4, 12) + n * DAY}T06:07:00Z",
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
