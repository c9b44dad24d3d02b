"""Payloads and their flights in Launch Library 2.3.0."""

from agencies.serializers.v2_3_0 import AgencyDetailed, AgencyMini, AgencyNormal
from flights import models
from flights.serializers.v2_3_0.landings import Landing
from flights.serializers.v2_3_0.launches import LaunchMini, LaunchNormal
from flights.serializers.v2_3_0.programs import ProgramMini, ProgramNormal
from spacedb.api.fields import DetailURL, ResponseMode
from spacedb.api.serializers import Serializer
from spacedb.common.serializers.v2_3_0 import Image


class PayloadType(Serializer):
    class Meta:
        model = models.PayloadType
        fields = ("id", "name")


class PayloadMini(Serializer):
    response_mode = ResponseMode("list")
    type = PayloadType()
    manufacturer = AgencyMini()
    operator = AgencyMini()
    image = Image(allow_null=True)

    class Meta:
        model = models.Payload
        fields: tuple[str, ...] = ("response_mode", "id", "name", "type", "manufacturer", "operator", "image")


class PayloadNormal(PayloadMini):
    response_mode = ResponseMode("normal")
    manufacturer = AgencyNormal()
    operator = AgencyNormal()
    program = ProgramMini(many=True)

    class Meta(PayloadMini.Meta):
        fields = (*PayloadMini.Meta.fields, "wiki_link", "info_link", "program", "cost", "mass", "description")


class PayloadDetailed(PayloadNormal):
    response_mode = ResponseMode("detailed")
    manufacturer = AgencyDetailed()
    operator = AgencyDetailed()
    program = ProgramNormal(many=True)


class PayloadFlightMini(Serializer):
    response_mode = ResponseMode("list")
    url = DetailURL("2.3.0/payload_flights")
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
    response_mode = ResponseMode("normal")
    payload = PayloadNormal()
    launch = LaunchNormal()
