"""Filters of payload flights in Launch Library 2.3.0."""

from flights.models import PayloadFlight
from spacedb.rest.filters import FilterSet


class PayloadFlightFilterSet(FilterSet):
    class Meta:
        model = PayloadFlight
        fields = ("payload",)
