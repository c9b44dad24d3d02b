"""The endpoint of spacecraft flights in Launch Library 2.3.0."""

from flights.filters.flights import SpacecraftFlightFilterSet
from flights.models import SpacecraftFlight
from flights.serializers.v2_3_0.flights import SpacecraftFlightNormal
from flights.serializers.v2_3_0.spacecraft_flights import SpacecraftFlightDetailed
from spacedb.api.viewsets import ReadOnlyViewSet


class SpacecraftFlightViewSet(ReadOnlyViewSet):
    queryset = SpacecraftFlight.objects.all()
    modes = {"normal": SpacecraftFlightNormal, "detailed": SpacecraftFlightDetailed}
    filterset_class = SpacecraftFlightFilterSet
    filter_example = "spacecraft=289"
