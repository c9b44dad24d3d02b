"""What the flights of spacecraft can be filtered by."""

from flights.models import SpacecraftFlight
from spacedb.api.filters import FilterSet


class SpacecraftFlightFilterSet(FilterSet):
    class Meta:
        model = SpacecraftFlight
        fields = ("spacecraft",)
