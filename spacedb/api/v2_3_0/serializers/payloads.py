"""Serializers of payloads in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.agencies import AgencyDetailed, AgencyMini, AgencyNormal
from spacedb.api.v2_3_0.serializers.common import Image
from spacedb.api.v2_3_0.serializers.programs import ProgramMini, ProgramNormal
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import ResponseModeField


class PayloadType(Serializer):
    class Meta:
        model = models.PayloadType
        fields = ("id", "name")


class PayloadMini(Serializer):
    response_mode = ResponseModeField("list")
    type = PayloadType()
    manufacturer = AgencyMini()
    operator = AgencyMini()
    image = Image(allow_null=True)

    class Meta:
        model = models.Payload
        fields: tuple[str, ...] = ("response_mode", "id", "name", "type", "manufacturer", "operator", "image")


class PayloadNormal(PayloadMini):
    response_mode = ResponseModeField("normal")
    manufacturer = AgencyNormal()
    operator = AgencyNormal()
    program = ProgramMini(many=True)

    class Meta(PayloadMini.Meta):
        fields = (*PayloadMini.Meta.fields, "wiki_link", "info_link", "program", "cost", "mass", "description")


class PayloadDetailed(PayloadNormal):
    response_mode = ResponseModeField("detailed")
    manufacturer = AgencyDetailed()
    operator = AgencyDetailed()
    program = ProgramNormal(many=True)
