"""Payloads and their flights in Launch Library 2.3.0."""

from agencies.serializers.v2_3_0 import AgencyMini, AgencyNormal
from flights import models
from flights.serializers.v2_3_0.landings import Landing
from flights.serializers.v2_3_0.launches import LaunchNormal
from flights.serializers.v2_3_0.programs import ProgramMini
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


class PayloadFlightNormal(Serializer):
    response_mode = ResponseMode("normal")
    url = DetailURL("2.3.0/payload_flights")
    payload = PayloadNormal()
    launch = LaunchNormal()
    landing = Landing()

    class Meta:
        model = models.PayloadFlight
        fields = ("response_mode", "id", "url", "destination", "amount", "payload", "launch", "landing")
