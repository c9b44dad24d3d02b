"""Serializers of mission patches in Launch Library 2.2.0."""

from flights import models
from spacedb.api.v2_2_0.serializers.agencies import AgencySerializerMini
from spacedb.serializers.base import Serializer, field_names


class MissionPatch(Serializer):
    agency = AgencySerializerMini(allow_null=True)

    class Meta:
        model = models.MissionPatch
        fields = field_names("id name priority image_url agency")
