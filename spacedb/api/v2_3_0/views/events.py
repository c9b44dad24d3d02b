"""Endpoints of events in Launch Library 2.3.0."""

from flights.models import Event
from spacedb.api.v2_3_0.calendar_entries import EVENTS
from spacedb.api.v2_3_0.filters.events import EventFilterSet, UpcomingEventFilterSet
from spacedb.api.v2_3_0.serializers.events_detailed import (
    EventEndpointDetailed,
    EventEndpointList,
    EventEndpointNormal,
)
from spacedb.rest.timeline import PreviousViewSet, TimelineViewSet, UpcomingViewSet


class EventViewSet(TimelineViewSet):
    time_field = "date"
    calendar = EVENTS
    queryset = Event.objects.all()
    modes = {"list": EventEndpointList, "normal": EventEndpointNormal, "detailed": EventEndpointDetailed}
    columns = ("date", "type", "location", "webcast_live")
    resource_name = "Events"
    filterset_class = EventFilterSet
    filter_example = "type__ids=2,8"
    search_fields = ("name",)
    search_example = "Flyby"
    ordering_fields = ("date", "last_updated")
    ordering_example = "-last_updated"
    # The order of a response of version 2.1.0.
    ordering = ("name",)


class UpcomingEventViewSet(UpcomingViewSet, EventViewSet):
    filterset_class = UpcomingEventFilterSet
    ordering = ("date",)


class PreviousEventViewSet(PreviousViewSet, EventViewSet):
    ordering = ("-date",)
