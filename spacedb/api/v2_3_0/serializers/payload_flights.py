"""Serializers of payload flights in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.landings import Landing
from spacedb.api.v2_3_0.serializers.launches import LaunchMini, LaunchNormal
from spacedb.api.v2_3_0.serializers.payloads import PayloadMini, PayloadNormal
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField, ResponseModeField


class PayloadFlightMini(Serializer):
    response_mode = ResponseModeField("list")
    url = DetailURLField("2.3.0/payload_flights")
    payload = PayloadMini()
    launch = LaunchMini()
    landing = Landing()

    class Meta:
        model = models.PayloadFlight
        fields: tuple[str, ...] = (
            "response_mode",
            "id",
            "url",
            "destination",
            "amount",
            "payload",
            "launch",
            "landing",
        )


class PayloadFlightNormal(PayloadFlightMini):
    response_mode = ResponseModeField("normal")
    payload = PayloadNormal()
    launch = LaunchNormal()
