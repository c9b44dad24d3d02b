"""Endpoints of payloads in Launch Library 2.3.0."""

from flights.models import Payload
from spacedb.api.v2_3_0.filters.payloads import PayloadFilterSet
from spacedb.api.v2_3_0.serializers.payloads import PayloadDetailed, PayloadMini, PayloadNormal
from spacedb.rest.viewsets import ReadOnlyViewSet


class PayloadViewSet(ReadOnlyViewSet):
    queryset = Payload.objects.all()
    modes = {"list": PayloadMini, "normal": PayloadNormal, "detailed": PayloadDetailed}
    columns = ("type", "manufacturer", "operator", "mass")
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
