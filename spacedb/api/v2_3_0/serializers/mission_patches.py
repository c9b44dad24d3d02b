"""Serializers of mission patches in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.agencies import AgencyMini
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import ResponseModeField


class MissionPatch(Serializer):
    agency = AgencyMini(allow_null=True)
    response_mode = ResponseModeField("normal")

    class Meta:
        model = models.MissionPatch
        fields: tuple[str, ...] = ("id", "name", "priority", "image_url", "agency", "response_mode")
