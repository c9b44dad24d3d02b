"""Serializer fields for the values that Launch Library's JSON contains."""

import datetime as dt
import sys
from functools import lru_cache
from typing import Any, ClassVar

import isodate
from django.db import models
from django.utils.dateparse import parse_duration
from django.utils.duration import duration_string
from drf_spectacular.drainage import set_override
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from typing_extensions import override

from spacedb.serializers.context import RenderContext

LARGEST_FLOAT = sys.float_info.max


class ResponseModeField(serializers.ReadOnlyField):
    """`response_mode`: the level of detail of a representation, a constant of its serializer."""

    def __init__(self, mode: str) -> None:
        self.mode = mode
        super().__init__(default=mode, source="*")
        # The official document has no enum. With one, generated clients recognize the mode of an object.
        set_override(self, "field", {"type": "string", "enum": [mode]})

    @override
    def to_representation(self, value: Any) -> str:
        return self.mode


class NullField(serializers.ReadOnlyField):
    """A key that is null in all responses of upstream. `schema_type` is its type in the OpenAPI document."""

    def __init__(self, schema_type: OpenApiTypes) -> None:
        super().__init__(source="*", allow_null=True)
        set_override(self, "field", schema_type)

    @override
    def to_representation(self, value: Any) -> None:
        return None


@extend_schema_field(OpenApiTypes.URI)
class DetailURLField(serializers.ReadOnlyField):
    """`url`: the URL of the object's detail, on the host of the request.

    `path` is that of the endpoint, with the version: `2.3.0/spacecraft`.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(source="pk")

    @override
    def to_representation(self, value: Any) -> str:
        context: RenderContext = self.context["render_context"]
        return self.url(value, context)

    def url(self, pk: Any, context: RenderContext) -> str:
        return f"{context.origin}/{self.path}/{pk}/{context.url_suffix}"


@extend_schema_field(OpenApiTypes.STR)
class NaturalKeyField(serializers.SlugRelatedField):  # type: ignore[type-arg]
    """A related object, represented by its natural key alone: an agency's `parent`, a mission's `type`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)


@lru_cache(maxsize=4096)
def _duration_isoformat(value: dt.timedelta) -> str:
    """Cached, as it takes several times longer than rendering any other value."""
    return str(isodate.duration_isoformat(value))


class DurationField(serializers.DurationField):
    """A duration in ISO 8601 with days as the largest unit: `P292DT16H28M27S`, `P0D`."""

    LONGEST = dt.timedelta(microseconds=2**63 - 1)
    """The longest that both databases store: 292,471 years."""

    default_error_messages = {
        "invalid": "Duration has wrong format. Use ISO 8601, such as P1DT2H3M4S.",
        "too_long": "Ensure this duration is shorter than 106751991 days.",
    }

    @override
    def to_internal_value(self, value: Any) -> dt.timedelta:
        try:
            parsed = isodate.parse_duration(value)
        except (isodate.ISO8601Error, TypeError, OverflowError):
            self.fail("invalid")
        if not isinstance(parsed, dt.timedelta):  # years and months have no fixed length
            self.fail("invalid")
        return self.check_range(parsed)

    def check_range(self, value: dt.timedelta) -> dt.timedelta:
        if abs(value) > self.LONGEST:
            self.fail("too_long")
        return value

    @override
    def to_representation(self, value: dt.timedelta) -> str:
        return _duration_isoformat(value)


class DjangoDurationField(DurationField):
    """A duration in Django's own format: `1 00:00:00`. Only `length_of_day` of celestial bodies has it."""

    default_error_messages = {"invalid": "Duration has wrong format. Use [DD] [HH:[MM:]]ss[.uuuuuu]."}

    @override
    def to_internal_value(self, value: Any) -> dt.timedelta:
        try:
            parsed = parse_duration(value) if isinstance(value, str) else None
        except OverflowError:
            self.fail("too_long")
        if parsed is None:
            self.fail("invalid")
        return self.check_range(parsed)

    @override
    def to_representation(self, value: dt.timedelta) -> str:
        return duration_string(value)


class IntegerField(serializers.IntegerField):
    """An integer of 32 bits, the range that both databases store."""

    MIN, MAX = -(2**31), 2**31 - 1

    default_error_messages = {"range": f"Ensure this value is between {MIN} and {MAX}."}

    @override
    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        if not self.MIN <= data <= self.MAX:
            self.fail("range")
        return data


class FloatField(serializers.FloatField):
    """A finite number."""

    @override
    def to_internal_value(self, data: Any) -> float:
        if not isinstance(data, int | float) or isinstance(data, bool) or not abs(data) <= LARGEST_FLOAT:
            self.fail("invalid")  # also infinite, NaN, or an integer that no float can hold
        return float(data)


class TextField(serializers.CharField):
    """A string, with leading and trailing blanks preserved."""

    unpublished_max_length: ClassVar[int | None] = None
    """The `max_length` of columns that upstream does not limit. The OpenAPI document leaves it out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"trim_whitespace": False} | kwargs)

    @override
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field(OpenApiTypes.STR)
class FallbackTextField(serializers.Field):  # type: ignore[type-arg]
    """A text of a related object, at the end of a path such as `pad.location.name`.

    A document that contains the text alone does not identify the related object. So ingest writes the text to the
    column `column`, which is represented while the first relation of the path is null.
    """

    def __init__(self, path: str, column: str) -> None:
        self.path, self.column = tuple(path.split(".")), column
        super().__init__(source="*", allow_null=True)

    @property
    def joins(self) -> tuple[str, ...]:
        """The `select_related` lookups that the value needs."""
        return ("__".join(self.path[:-1]),)

    @override
    def to_internal_value(self, data: Any) -> dict[str, str]:
        return {self.column: TextField(allow_blank=True).run_validation(data)}

    @override
    def to_representation(self, value: models.Model) -> str | None:
        related: Any = getattr(value, self.path[0])
        if related is None:
            stored: str | None = getattr(value, self.column)
            return stored
        for name in self.path[1:]:
            related = None if related is None else getattr(related, name)
        return related if isinstance(related, str) else None


@extend_schema_field(OpenApiTypes.URI)
class URLField(TextField):
    """The URL of a page or an image, as the document contains it, well-formed or not."""

    unpublished_max_length = 1000


class SlugField(serializers.SlugField):
    """A slug; empty where upstream has none."""

    unpublished_max_length = 1024

    @override
    def run_validators(self, value: Any) -> None:
        if value != "":
            super().run_validators(value)


@extend_schema_field(OpenApiTypes.STR)
class NumericStringField(serializers.Field):  # type: ignore[type-arg]
    """A number that is represented as a string: a latitude, a year."""

    default_error_messages = {"invalid": "A number is required, as a string."}

    def __init__(self, number_type: type[int] | type[float], **kwargs: Any) -> None:
        self.number_type = number_type
        super().__init__(**kwargs)

    @override
    def to_internal_value(self, data: Any) -> int | float | None:
        if data == "":
            return None
        try:
            number = self.number_type(data) if isinstance(data, str) else None
        except ValueError:
            number = None
        if number is None or not abs(number) <= (IntegerField.MAX if self.number_type is int else LARGEST_FLOAT):
            self.fail("invalid")
        return number

    @override
    def to_representation(self, value: float) -> str:
        return str(value)


@extend_schema_field(OpenApiTypes.INT)
class TruncatedFloatField(serializers.Field):  # type: ignore[type-arg]
    """A number that is represented without its fraction."""

    is_lossy = True

    @override
    def to_internal_value(self, data: Any) -> float:
        return FloatField().to_internal_value(data)

    @override
    def to_representation(self, value: float) -> int:
        return int(value)


@extend_schema_field(OpenApiTypes.INT)
class DaysField(serializers.Field):  # type: ignore[type-arg]
    """A duration that is represented in whole days."""

    default_error_messages = {"too_long": "Ensure this value has at most {max_days} days."}

    is_lossy = True

    @override
    def to_internal_value(self, data: Any) -> dt.timedelta:
        days = IntegerField().to_internal_value(data)
        if abs(days) > DurationField.LONGEST.days:
            self.fail("too_long", max_days=DurationField.LONGEST.days)
        return dt.timedelta(days=days)

    @override
    def to_representation(self, value: dt.timedelta) -> int:
        return value.days
