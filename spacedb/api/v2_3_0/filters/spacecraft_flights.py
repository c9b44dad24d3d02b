"""Filters of spacecraft flights in Launch Library 2.3.0."""

from flights.models import SpacecraftFlight
from spacedb.rest.filters import FilterSet


class SpacecraftFlightFilterSet(FilterSet):
    class Meta:
        model = SpacecraftFlight
        fields = ("spacecraft",)
