"""What payloads and their flights can be filtered by."""

from flights.models import Payload, PayloadFlight
from spacedb.api.filters import FilterSet


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


class PayloadFlightFilterSet(FilterSet):
    class Meta:
        model = PayloadFlight
        fields = ("payload",)
