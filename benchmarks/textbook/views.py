"""Views of spacecraft and of detailed spacecraft flights with Django REST framework."""

from rest_framework.viewsets import ReadOnlyModelViewSet

from benchmarks.textbook.flights import SpacecraftFlightSerializer
from benchmarks.textbook.querysets import SPACECRAFT, SPACECRAFT_FLIGHTS
from benchmarks.textbook.serializers import SpacecraftSerializer
from flights.models import SpacecraftFlight
from spacecraft.models import Spacecraft


class SpacecraftViewSet(ReadOnlyModelViewSet[Spacecraft]):
    queryset = SPACECRAFT
    serializer_class = SpacecraftSerializer
    filterset_fields = ("name", "status", "in_space", "is_placeholder", "spacecraft_config")
    search_fields = ("name", "spacecraft_config__name")
    ordering_fields = ("id", "time_in_space", "time_docked", "flights_count", "mission_ends_count")


class SpacecraftFlightViewSet(ReadOnlyModelViewSet[SpacecraftFlight]):
    queryset = SPACECRAFT_FLIGHTS
    serializer_class = SpacecraftFlightSerializer
    filterset_fields = ("spacecraft",)
