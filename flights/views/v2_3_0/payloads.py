"""The endpoints of payloads and their flights in Launch Library 2.3.0."""

from flights.filters.payloads import PayloadFilterSet, PayloadFlightFilterSet
from flights.models import Payload, PayloadFlight
from flights.serializers.v2_3_0.payload_flights import PayloadFlightDetailed
from flights.serializers.v2_3_0.payloads import (
    PayloadDetailed,
    PayloadFlightMini,
    PayloadFlightNormal,
    PayloadMini,
    PayloadNormal,
)
from spacedb.api.viewsets import ReadOnlyViewSet


class PayloadViewSet(ReadOnlyViewSet):
    queryset = Payload.objects.all()
    modes = {"list": PayloadMini, "normal": PayloadNormal, "detailed": PayloadDetailed}
    filterset_class = PayloadFilterSet
    filter_example = "program__id=18"
    search_fields = (
        "manufacturer__name",
        "name",
        "operator__name",
        "payloadflight__destination",
        "payloadflight__rocket__launch__name",
    )
    search_example = "EarthCare"
    ordering_fields = ("id", "name", "payloadflight__rocket__launch__net")
    ordering_example = "-payloadflight__rocket__launch__net"
    aliases = {"payloadflight": "flights", "rocket__launch": "launch"}


class PayloadFlightViewSet(ReadOnlyViewSet):
    queryset = PayloadFlight.objects.all()
    modes = {"list": PayloadFlightMini, "normal": PayloadFlightNormal, "detailed": PayloadFlightDetailed}
    tags = ("Flights",)
    filterset_class = PayloadFlightFilterSet
    filter_example = "payload=2"
