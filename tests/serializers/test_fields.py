"""Fields return a value or a validation error, whatever a document contains."""

import itertools
from contextlib import suppress
from typing import Any

import pytest
from rest_framework.exceptions import ValidationError
from rest_framework.fields import SkipField

from spacedb.rendering.plan import nested_serializers
from spacedb.rest.viewsets import endpoint_serializers
from spacedb.serializers.describe import FieldSpec, flatten

HUGE = 10**400
NUMBERS = (0, -1, 1.5, 2**31, 2**63, -(2**64), 1e308, HUGE, -HUGE, float("inf"), float("nan"))
TEXTS = (
    "",
    " ",
    "x",
    "\x00",
    "\ud800",
    "-",
    "P",
    "PT",
    "1",
    "-1.5",
    "1e999",
    "nan",
    "inf",
    "9" * 5000,
    "\u0661",
    "true",
)
DURATIONS = ("P1D", "-P1D", "P1Y", "P99999999999D", "PT1e9S", "P1W", f"P{HUGE}D")
DATES = ("2026-01-01", "2026-13-01", "0000-00-00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00")
OTHERS: tuple[Any, ...] = (None, True, False, [], [1], {}, {"id": 1}, {"id": HUGE}, b"x")


@pytest.mark.vendor_neutral
def test_odd_values_are_returned_or_refused() -> None:
    serializers = {each for root in endpoint_serializers() for each in nested_serializers(root)}
    specs = {spec for serializer in serializers for spec in flatten(serializer) if isinstance(spec, FieldSpec)}
    fields: dict[Any, Any] = {repr(spec.field): spec.field for spec in specs if not spec.field.read_only}
    assert len({type(field) for field in fields.values()}) > 8
    for field, value in itertools.product(fields.values(), (*NUMBERS, *TEXTS, *DURATIONS, *DATES, *OTHERS)):
        with suppress(ValidationError, SkipField):
            field.run_validation(value)
