"""Serializers of space stations in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.agencies import AgencyNormal
from spacedb.api.v2_3_0.serializers.common import Image
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField, NaturalKeyField


class SpaceStationStatus(Serializer):
    class Meta:
        model = models.SpaceStationStatus
        fields = ("id", "name")


class SpaceStationType(Serializer):
    class Meta:
        model = models.SpaceStationType
        fields = ("id", "name")


class SpaceStationMini(Serializer):
    url = DetailURLField("2.3.0/space_stations")
    image = Image(allow_null=True)

    class Meta:
        model = models.SpaceStation
        fields: tuple[str, ...] = ("id", "url", "name", "image")


class SpaceStationNormal(SpaceStationMini):
    status = SpaceStationStatus()
    orbit = NaturalKeyField(slug_field="name", allow_null=True)
    type = SpaceStationType()

    class Meta(SpaceStationMini.Meta):
        fields = (
            *SpaceStationMini.Meta.fields,
            "status",
            "founded",
            "deorbited",
            "description",
            "orbit",
            "type",
        )
        extra_kwargs = {"founded": {"required": True, "allow_null": False}, "description": {"required": True}}


class SpaceStationDetailed(SpaceStationNormal):
    owners = AgencyNormal(many=True, allow_null=True)

    class Meta(SpaceStationNormal.Meta):
        fields = (*SpaceStationNormal.Meta.fields, "owners")
