"""Converts the values of a document to those of columns, exactly or as nearly as the columns can hold them."""

import datetime as dt
import json
import math
import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any

from django.core import validators
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import models
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.validators import ProhibitSurrogateCharactersValidator

from spacedb.ingest.errors import DocumentError
from spacedb.ingest.messages import shorten
from spacedb.ingest.records import Key, LossyValue, NaturalKey
from spacedb.rest.versions import url_segments
from spacedb.serializers.base import Reduction, SerializerClass
from spacedb.serializers.describe import FieldSpec
from spacedb.serializers.fields import (
    DaysField,
    DurationField,
    FloatField,
    IntegerField,
    NumericStringField,
    ResponseModeField,
    TextField,
    TruncatedFloatField,
    URLField,
)

MODES = ("list", "normal", "detailed")

MAX_INDEXED_BYTES = 2600
"""The length to which an indexed text is cut. PostgreSQL refuses index rows of more than 2704 bytes."""

MAX_CACHED_LENGTH = 64
"""The length up to which the values of strings are cached: the cache lives as long as the process."""

UNCERTAIN: Any = object()
"""Stands for the value of a JSON value that no quick check accepts."""

UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)

DURATION = re.compile(r"P(?!$)(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?", re.ASCII)
"""Durations as Launch Library writes them. No `timedelta` overflows with six digits of each unit."""

DETAIL_URL = re.compile(r"https?://[\w.:-]+(?:/[\w.-]+)*/([\w-]+)/", re.ASCII)
"""The URLs of most objects. The group is their last segment."""

THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")


def quick_conversion(spec: FieldSpec, model: type[models.Model], column: str) -> Callable[[Any], Any]:
    """Return a function that returns the value of a JSON value that is certainly valid, as most are, else `UNCERTAIN`.

    For the others, `python_value` decides. It would return the same for these, many times slower.
    """
    field: Any = spec.field
    nullable = spec.nullable
    limits = {type(each): each.limit_value for each in field.validators if hasattr(each, "limit_value")}
    others = {type(each) for each in field.validators} - limits.keys()
    assert len(limits) + len(others) == len(field.validators), "a field has one validator of each kind"
    if type(field) in (TextField, URLField) and not field.trim_whitespace:
        longest = limits.pop(validators.MaxLengthValidator, math.inf)
        if _is_indexed(model, column):
            longest = min(longest, MAX_INDEXED_BYTES // 4)
        if not limits and others <= {validators.ProhibitNullCharactersValidator, ProhibitSurrogateCharactersValidator}:
            return lambda raw: (
                raw
                if (type(raw) is str and len(raw) <= longest and raw.isascii() and "\x00" not in raw)
                or (raw is None and nullable)
                else UNCERTAIN
            )
    if type(field) is IntegerField:
        lowest = max(field.MIN, limits.pop(validators.MinValueValidator, field.MIN))
        highest = min(field.MAX, limits.pop(validators.MaxValueValidator, field.MAX))
        if not limits and not others:
            return lambda raw: (
                raw if (type(raw) is int and lowest <= raw <= highest) or (raw is None and nullable) else UNCERTAIN
            )
    if type(field) is FloatField and not field.validators:
        return lambda raw: (
            raw if (type(raw) is float and math.isfinite(raw)) or (raw is None and nullable) else UNCERTAIN
        )
    if type(field) is serializers.BooleanField and not field.validators:
        return lambda raw: raw if raw is True or raw is False or (raw is None and nullable) else UNCERTAIN
    if type(field) is serializers.DateTimeField and not field.validators:
        return lambda raw: None if raw is None and nullable else _utc_time(raw)
    if type(field) is DurationField and not field.validators:
        return lambda raw: None if raw is None and nullable else _duration(raw)
    return lambda raw: None if raw is None and nullable else UNCERTAIN


def _utc_time(raw: object) -> Any:
    if type(raw) is str and UTC_TIME.fullmatch(raw):
        with suppress(ValueError):
            return dt.datetime.fromisoformat(raw)
    return UNCERTAIN


def _duration(raw: object) -> Any:
    if type(raw) is str and (match := DURATION.fullmatch(raw)):
        days, hours, minutes, seconds = map(int, match.groups("0"))
        return dt.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return UNCERTAIN


def python_value(spec: FieldSpec, raw: object, path: str) -> Any:
    """The Python value of a JSON value, validated by the serializer field. Raises `DocumentError` if it is invalid."""
    if raw is None:
        if spec.nullable:
            return None
        raise DocumentError("This value may not be null.", path)
    field = spec.field
    if isinstance(field, serializers.UUIDField) and not isinstance(raw, str):  # else 1 is a UUID too
        raise DocumentError(f"Expected a UUID. Got {shorten(raw)}.", path)
    try:
        is_cached = isinstance(raw, str) and len(raw) <= MAX_CACHED_LENGTH
        value = _cached_value_of(field, raw) if is_cached else _value_of(field, raw)
    except (ValidationError, DjangoValidationError) as error:
        details = error.detail if isinstance(error, ValidationError) else error.messages
        reasons = " ".join(str(reason) for reason in (details if isinstance(details, list) else [details]))
        raise DocumentError(f"{reasons} Got {shorten(raw)}.", path) from error
    except (TypeError, ValueError, OverflowError, AttributeError) as error:
        raise DocumentError(f"Not a valid value. Got {shorten(raw)}.", path) from error
    return LossyValue(value, raw, field.to_representation) if getattr(field, "is_lossy", False) else value


def _value_of(field: serializers.Field[Any, Any, Any, Any], raw: object) -> Any:
    """Raises `ValidationError`."""
    value = field.to_internal_value(raw)
    field.run_validators(value)
    return value


_cached_value_of = lru_cache(maxsize=2**13)(_value_of)
"""Caches the values of short strings: dates, times and durations occur many times and are slow to parse."""


def nearest_value(spec: FieldSpec, raw: object) -> Any:
    """The value to store for an invalid one. Raises `ValueError` if there is none.

    Strings are stored in any length and format. Numbers are converted to strings, and strings to numbers. A string that
    contains no number becomes null if a number is represented as a string.
    """
    field = spec.field
    match field, raw:
        case serializers.CharField(), None:
            return ""  # the column cannot be null
        case serializers.CharField(), str() if "\x00" not in raw:
            return raw
        case serializers.CharField(), int() | float() if not isinstance(raw, bool):
            return str(raw)
        case NumericStringField(), int() | float() if not isinstance(raw, bool):
            return _valid(field, str(raw))
        case NumericStringField(), str() if "\x00" not in raw:
            try:
                return _valid(field, _without_separators(raw))
            except ValueError:
                return None
        case _, "" if spec.nullable and not isinstance(field, serializers.CharField):
            return None
        case serializers.IntegerField() | serializers.FloatField(), str():
            return _valid(field, _number(_without_separators(raw)))
        case serializers.IntegerField(), float() if raw.is_integer():
            return _valid(field, int(raw))
        case TruncatedFloatField() | DaysField(), str():
            value = _valid(field, _number(_without_separators(raw)))
            return LossyValue(value, field.to_representation(value), field.to_representation)
        case _:
            raise ValueError


def check_unstored(spec: FieldSpec, raw: object, path: str) -> None:
    """Raise `DocumentError` if a value that is not stored cannot be the one that is derived in its place."""
    if isinstance(raw, dict | list):
        raise DocumentError(f"Expected a single value, got {shorten(raw)}.", path)
    if isinstance(spec.field, ResponseModeField) and not (isinstance(raw, str) and raw in MODES):
        raise DocumentError(f"Expected one of {', '.join(MODES)}, got {shorten(raw)}.", path)


def check_text(column: Any, text: str, path: str) -> None:
    """Check a string that no serializer field validates. Raises `DocumentError` if it is invalid."""
    _refuse_null_characters(text, path)
    if column.max_length is not None and len(text) > column.max_length:
        raise DocumentError(f"Ensure this has at most {column.max_length} characters (it has {len(text)}).", path)


def check_detail_url(url: object, key: Key, path: str) -> None:
    """The last segment of an object's URL is its id, perhaps with a format suffix."""
    if isinstance(url, str) and not isinstance(key, NaturalKey) and _last_segment(url) != str(key):
        reason = f"The document contradicts itself: {shorten(url)} is not the URL of the object with id {key}."
        raise DocumentError(reason, path)


def _last_segment(url: str) -> str:
    match = DETAIL_URL.fullmatch(url)
    return match[1] if match else "".join(url_segments(url)[-1:])


def cut_to_index(model: type[models.Model], column: str, value: Any) -> Any:
    """A text of an indexed column, cut to the length that the index can hold; other values unchanged."""
    if not isinstance(value, str) or len(value) * 4 <= MAX_INDEXED_BYTES or not _is_indexed(model, column):
        return value
    return value.encode()[:MAX_INDEXED_BYTES].decode(errors="ignore")


def keep_equivalent_id(serializer: SerializerClass, key: Key) -> Any:
    """The id to write. A stored id that the API shows as this id is not overwritten."""
    if len(ids := serializer.stored_ids(key)) < 2:
        return key
    return LossyValue(key, key, lambda stored: key if stored in ids else stored)


def only_if_null(value: object) -> LossyValue:
    """A value to write only where nothing is stored: any stored value compares equal."""
    return LossyValue(value, value, lambda stored: value)


def expand(reduction: Reduction, raw: object, path: str) -> list[dict[str, Any]] | None:
    """The rows of a list that is represented by one value. Raises `DocumentError` if the value is invalid."""
    if isinstance(raw, str):
        _refuse_null_characters(raw, path)
    try:
        return reduction.expand(raw)
    except (TypeError, ValueError) as error:
        raise DocumentError(f"{error} Got {shorten(raw)}.", path) from error


def reduce_rows(reduction: Reduction, rows: list[dict[str, Any]]) -> Any:
    """The value for these rows as it will be returned: every object occurs once in a list."""
    unique = {json.dumps(row): row for row in rows}
    return reduction.reduce([*unique.values()])


def _refuse_null_characters(text: str, path: str) -> None:
    """PostgreSQL cannot store them."""
    if "\x00" in text:
        raise DocumentError("Null characters are not allowed.", path)


def _is_indexed(model: Any, column: str) -> bool:
    field = model._meta.get_field(column)
    return bool(field.db_index or any(column in index.fields for index in model._meta.indexes))


def _valid(field: serializers.Field[Any, Any, Any, Any], data: object) -> Any:
    """The Python value of a JSON value. Raises `ValueError` if the field does not accept it."""
    try:
        return _value_of(field, data)
    except (ValidationError, DjangoValidationError) as error:
        raise ValueError from error


def _number(text: str) -> int | float:
    number = float(text)
    return int(text) if re.fullmatch(r"\s*[+-]?\d+\s*", text) else int(number) if number.is_integer() else number


def _without_separators(text: str) -> str:
    """A number without separators of thousands: `50,000,000`."""
    return text.replace(",", "") if THOUSANDS.fullmatch(text.strip()) else text
