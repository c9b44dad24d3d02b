"""Filters of spacewalks in Launch Library 2.3.0."""

from flights.models import Spacewalk
from spacedb.rest.filters import (
    COMPARISONS,
    NUMBER_LOOKUPS,
    TEXT_LOOKUPS,
    CommaSeparatedIntegerFilter,
    CommaSeparatedNumberFilter,
    CommaSeparatedUUIDFilter,
    FilterSet,
    YearFilter,
)


class SpacewalkFilterSet(FilterSet):
    astronaut__ids = CommaSeparatedIntegerFilter(field_name="crew__astronaut__id")
    day = CommaSeparatedIntegerFilter(
        field_name="start__day", label="Day", help_text="Comma-separated days of the month, in UTC."
    )
    event__ids = CommaSeparatedIntegerFilter(field_name="event__id")
    ids = CommaSeparatedIntegerFilter(field_name="id")
    launch__ids = CommaSeparatedUUIDFilter(
        field_name="spacecraft_flight__launch__id",
        help_text="Comma-separated IDs of the launches of the spacecraft flights.",
    )
    month = CommaSeparatedIntegerFilter(
        field_name="start__month", label="Month", help_text="Comma-separated months, in UTC."
    )
    owner__ids = CommaSeparatedNumberFilter(
        field_name="spacestation__owners", help_text="Comma-separated agency IDs of the station's owners."
    )
    program__ids = CommaSeparatedIntegerFilter(field_name="program__id")
    spacestation__ids = CommaSeparatedIntegerFilter(field_name="spacestation__id")
    year = YearFilter(field_name="start__year", label="Year", help_text="Comma-separated years, in UTC.")

    class Meta:
        model = Spacewalk
        fields = {
            "end": NUMBER_LOOKUPS,
            "id": ("exact",),
            "name": TEXT_LOOKUPS,
            "program__name": TEXT_LOOKUPS,
            "start": COMPARISONS,
        }
