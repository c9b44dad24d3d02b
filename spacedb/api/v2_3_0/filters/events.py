"""Filters of events in Launch Library 2.3.0."""

from flights.models import Event
from spacedb.rest.filters import (
    COMPARISONS,
    CommaSeparatedFilter,
    CommaSeparatedIntegerFilter,
    CommaSeparatedNumberFilter,
    CommaSeparatedUUIDFilter,
    FilterSet,
    HideRecentFilter,
    YearNumberFilter,
)


class EventFilterSet(FilterSet):
    agency__ids = CommaSeparatedIntegerFilter(field_name="agencies__id", help_text="Comma-separated agency IDs.")
    day = CommaSeparatedNumberFilter(
        field_name="date__day", label="Day", help_text="Comma-separated days of the month, in UTC."
    )
    expedition__ids = CommaSeparatedIntegerFilter(
        field_name="expeditions__id", help_text="Comma-separated expedition IDs."
    )
    id = CommaSeparatedIntegerFilter(field_name="id", help_text="Comma-separated event IDs.")
    launch__ids = CommaSeparatedUUIDFilter(field_name="launches__id", help_text="Comma-separated launch IDs.")
    month = CommaSeparatedNumberFilter(
        field_name="date__month", label="Month", help_text="Comma-separated months, in UTC."
    )
    program__ids = CommaSeparatedIntegerFilter(field_name="program__id", help_text="Comma-separated program IDs.")
    spacestation__ids = CommaSeparatedIntegerFilter(
        field_name="spacestations__id", help_text="Comma-separated space station IDs."
    )
    type__ids = CommaSeparatedIntegerFilter(field_name="type__id", help_text="Comma-separated event type IDs.")
    video_url = CommaSeparatedFilter(field_name="vid_urls__url", help_text="Comma-separated video URLs.")
    year = YearNumberFilter(field_name="date__year", label="Year", help_text="Comma-separated years, in UTC.")

    class Meta:
        model = Event
        fields = {
            "date": COMPARISONS,
            "last_updated": ("gte", "lte"),
            "program": ("exact",),
            "slug": ("exact",),
            "type": ("exact",),
        }


class UpcomingEventFilterSet(EventFilterSet):
    hide_recent_previous = HideRecentFilter(
        field_name="date",
        label="Hide recent previous",
        help_text="Hide events from the past 24 hours, which are included by default for convenience.",
    )
