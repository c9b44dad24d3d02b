"""Serializer fields for the values that Launch Library's JSON contains."""

import datetime as dt
import math
from typing import Any, ClassVar

import isodate
from django.utils.dateparse import parse_duration
from django.utils.duration import duration_string
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from spacedb.serializers.context import RenderContext


@extend_schema_field(OpenApiTypes.STR)
class ResponseModeField(serializers.ReadOnlyField):
    """`response_mode`: the level of detail that a form says of itself, a constant."""

    def __init__(self, mode: str) -> None:
        self.mode = mode
        super().__init__(default=mode, source="*")

    def to_representation(self, value: Any) -> str:
        return self.mode


@extend_schema_field(OpenApiTypes.URI)
class DetailURLField(serializers.ReadOnlyField):
    """`url`: where the object's own page is, on the host that was asked.

    `path` is the endpoint's, version and all: `2.3.0/spacecraft`.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(source="pk")

    def to_representation(self, value: Any) -> str:
        answer: RenderContext = self.context["answer"]
        return self.url(value, answer)

    def url(self, pk: Any, answer: RenderContext) -> str:
        return f"{answer.base}/{self.path}/{pk}/{answer.suffix}"


@extend_schema_field(OpenApiTypes.STR)
class NaturalKeyField(serializers.SlugRelatedField):  # type: ignore[type-arg]
    """A related object, given by its natural key alone: an agency's `parent`, a mission's `type`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)


class DurationField(serializers.DurationField):
    """A duration as ISO 8601 writes it, days the largest unit: `P292DT16H28M27S`, `P0D`."""

    LONGEST = dt.timedelta(microseconds=2**63 - 1)
    """What both databases hold: 292,471 years."""

    default_error_messages = {
        "invalid": "Duration has wrong format. Use ISO 8601, such as P1DT2H3M4S.",
        "too_long": "Ensure this duration is shorter than 106751991 days.",
    }

    def to_internal_value(self, value: Any) -> dt.timedelta:
        try:
            parsed = isodate.parse_duration(value)
        except (isodate.ISO8601Error, TypeError, OverflowError):
            self.fail("invalid")
        if not isinstance(parsed, dt.timedelta):  # years and months have no fixed length
            self.fail("invalid")
        return self.bounded(parsed)

    def bounded(self, value: dt.timedelta) -> dt.timedelta:
        if abs(value) > self.LONGEST:
            self.fail("too_long")
        return value

    def to_representation(self, value: dt.timedelta) -> str:
        return str(isodate.duration_isoformat(value))


class DjangoDurationField(DurationField):
    """A duration as Django writes it: `1 00:00:00`. A celestial body's `length_of_day` is the only one."""

    default_error_messages = {"invalid": "Duration has wrong format. Use [DD] [HH:[MM:]]ss[.uuuuuu]."}

    def to_internal_value(self, value: Any) -> dt.timedelta:
        parsed = parse_duration(value) if isinstance(value, str) else None
        if parsed is None:
            self.fail("invalid")
        return self.bounded(parsed)

    def to_representation(self, value: dt.timedelta) -> str:
        return duration_string(value)


class IntegerField(serializers.IntegerField):
    """A whole number of 32 bits, as both databases hold it."""

    MIN, MAX = -(2**31), 2**31 - 1

    default_error_messages = {"range": f"Ensure this value is between {MIN} and {MAX}."}

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        if not self.MIN <= data <= self.MAX:
            self.fail("range")
        return data


class FloatField(serializers.FloatField):
    """A finite number."""

    def to_internal_value(self, data: Any) -> float:
        if not isinstance(data, int | float) or isinstance(data, bool) or not math.isfinite(data):
            self.fail("invalid")
        return float(data)


class TextField(serializers.CharField):
    """A string, kept to the last blank."""

    own_limit: ClassVar[int | None] = None
    """The `max_length` of those that are unlimited upstream; the OpenAPI document does not tell it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"trim_whitespace": False} | kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field(OpenApiTypes.URI)
class URLField(TextField):
    """The address of a page or a picture, as the document tells it, well-formed or not."""

    own_limit = 1000


class SlugField(serializers.SlugField):
    """A name for urls; empty where upstream gave none."""

    own_limit = 1024

    def run_validators(self, value: Any) -> None:
        if value != "":
            super().run_validators(value)


@extend_schema_field(OpenApiTypes.STR)
class NumericStringField(serializers.Field):  # type: ignore[type-arg]
    """A number as a string: a latitude, a year."""

    default_error_messages = {"invalid": "A number is required, as a string."}

    def __init__(self, kind: type[int] | type[float], **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int | float | None:
        if data == "":
            return None
        try:
            number = self.kind(data) if isinstance(data, str) else None
        except ValueError:
            number = None
        if number is None or not math.isfinite(number) or (self.kind is int and abs(number) > IntegerField.MAX):
            self.fail("invalid")
        return number

    def to_representation(self, value: float) -> str:
        return str(value)


@extend_schema_field(OpenApiTypes.INT)
class TruncatedFloatField(serializers.Field):  # type: ignore[type-arg]
    """A number without what it has after the point."""

    rough = True

    def to_internal_value(self, data: Any) -> float:
        return FloatField().to_internal_value(data)

    def to_representation(self, value: float) -> int:
        return int(value)


@extend_schema_field(OpenApiTypes.INT)
class DaysField(serializers.Field):  # type: ignore[type-arg]
    """A duration in whole days."""

    rough = True

    def to_internal_value(self, data: Any) -> dt.timedelta:
        days = IntegerField().to_internal_value(data)
        if abs(days) > DurationField.LONGEST.days:
            self.fail("invalid")
        return dt.timedelta(days=days)

    def to_representation(self, value: dt.timedelta) -> int:
        return value.days
