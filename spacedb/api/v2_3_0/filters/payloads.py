"""Filters of payloads in Launch Library 2.3.0."""

from flights.models import Payload
from spacedb.rest.filters import FilterSet


class PayloadFilterSet(FilterSet):
    class Meta:
        model = Payload
        fields = (
            "manufacturer__id",
            "manufacturer__name",
            "name",
            "operator",
            "operator__id",
            "operator__name",
            "program__id",
        )
