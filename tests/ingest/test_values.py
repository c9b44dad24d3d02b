"""Quick conversions return what the serializer field returns, or leave the value to it."""

import pytest

from flights.models import SpacecraftFlight
from spacedb.ingest.errors import DocumentError
from spacedb.ingest.values import UNCERTAIN, python_value, quick_conversion
from spacedb.serializers.describe import FieldSpec
from spacedb.serializers.fields import DurationField

DURATION = FieldSpec("duration", ("duration",), DurationField(), nullable=True)

quick_duration = quick_conversion(DURATION, SpacecraftFlight, "duration")


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(
    "raw", ["P0D", "P292DT16H28M27S", "PT8H", "PT90M", "PT86401S", "P1DT5S", "P999999DT999999S", "PT", None]
)
def test_usual_durations_are_converted_quickly(raw: str | None) -> None:
    assert quick_duration(raw) == python_value(DURATION, raw, "")


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(
    "raw", ["-P1D", "+P1D", "P1W", "PT1.5S", "PT0,5H", "P1000000D", "P0001-01-01T00:00:00", "P1DT5S\n"]
)
def test_unusual_durations_are_left_to_the_field(raw: str) -> None:
    assert quick_duration(raw) is UNCERTAIN


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(
    "raw", ["P", "", "P1D2H", "PD", "1D", "p1d", "P1Y", "P1M", "P\N{ARABIC-INDIC DIGIT ONE}D", "PT5", " P1D", 5, True]
)
def test_invalid_durations_are_left_to_the_field(raw: object) -> None:
    assert quick_duration(raw) is UNCERTAIN
    with pytest.raises(DocumentError):
        python_value(DURATION, raw, "")
