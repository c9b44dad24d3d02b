"""Filters of events in Launch Library 2.2.0."""

from spacedb.api.v2_3_0.filters import events as v2_3_0
from spacedb.rest.filters import IdFilter


class EventFilterSet(v2_3_0.EventFilterSet):
    included = ("id", "program", "slug", "type", "type__ids")

    id = IdFilter(field_name="id")


class UpcomingEventFilterSet(EventFilterSet, v2_3_0.UpcomingEventFilterSet):
    included = ("hide_recent_previous", *EventFilterSet.included)
