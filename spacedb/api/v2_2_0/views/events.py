"""Endpoints of events in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.filters.events import EventFilterSet, UpcomingEventFilterSet
from spacedb.api.v2_2_0.serializers.events_detailed import Events
from spacedb.api.v2_3_0.views import events as v2_3_0


class EventViewSet(v2_3_0.EventViewSet):
    modes = {"normal": Events}
    filterset_class = EventFilterSet


class UpcomingEventViewSet(v2_3_0.UpcomingEventViewSet):
    modes = EventViewSet.modes
    filterset_class = UpcomingEventFilterSet


class PreviousEventViewSet(v2_3_0.PreviousEventViewSet):
    modes = EventViewSet.modes
    filterset_class = EventFilterSet
