"""Endpoints of spacecraft flights in Launch Library 2.3.0."""

from flights.models import SpacecraftFlight
from spacedb.api.v2_3_0.calendar_entries import FLIGHTS
from spacedb.api.v2_3_0.filters.spacecraft_flights import SpacecraftFlightFilterSet
from spacedb.api.v2_3_0.serializers.spacecraft_flights import SpacecraftFlightNormal
from spacedb.api.v2_3_0.serializers.spacecraft_flights_detailed import SpacecraftFlightDetailed
from spacedb.rest.viewsets import ReadOnlyViewSet


class SpacecraftFlightViewSet(ReadOnlyViewSet):
    queryset = SpacecraftFlight.objects.all()
    calendar = FLIGHTS
    modes = {"normal": SpacecraftFlightNormal, "detailed": SpacecraftFlightDetailed}
    columns = ("spacecraft", "launch.net", "mission_end", "duration", "destination")
    title_paths = ("launch.mission.name",)
    filterset_class = SpacecraftFlightFilterSet
    filter_example = "spacecraft=289"
