"""Endpoints of payload flights in Launch Library 2.3.0."""

from flights.models import PayloadFlight
from spacedb.api.v2_3_0.filters.payload_flights import PayloadFlightFilterSet
from spacedb.api.v2_3_0.serializers.payload_flights import PayloadFlightMini, PayloadFlightNormal
from spacedb.api.v2_3_0.serializers.payload_flights_detailed import PayloadFlightDetailed
from spacedb.rest.viewsets import ReadOnlyViewSet


class PayloadFlightViewSet(ReadOnlyViewSet):
    queryset = PayloadFlight.objects.all()
    modes = {"list": PayloadFlightMini, "normal": PayloadFlightNormal, "detailed": PayloadFlightDetailed}
    columns = ("launch", "launch.net", "destination", "landing")
    title_paths = ("payload.name",)
    filterset_class = PayloadFlightFilterSet
    filter_example = "payload=2"
