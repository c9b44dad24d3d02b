"""Serializers of space stations in Launch Library 2.2.0."""

from flights import models
from spacedb.api.v2_2_0.serializers.agencies import AgencyList
from spacedb.api.v2_2_0.serializers.common import image_url_field
from spacedb.api.v2_3_0.serializers.space_stations import SpaceStationStatus, SpaceStationType
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import DetailURLField, NaturalKeyField


class SpaceStationBase(Serializer):
    """The fields from which the representations of space stations select."""

    url = DetailURLField("2.2.0/spacestation")
    status = SpaceStationStatus()
    type = SpaceStationType()
    orbit = NaturalKeyField(slug_field="name")
    owners = AgencyList(many=True)
    image_url = image_url_field("image")

    class Meta:
        model = models.SpaceStation
        fields: tuple[str, ...]


class SpaceStationSerializerForDocking(SpaceStationBase):
    class Meta(SpaceStationBase.Meta):
        fields = field_names("id url name")


class SpaceStationSerializerForDockingEvent(SpaceStationBase):
    class Meta(SpaceStationBase.Meta):
        fields = field_names("id url name image_url")


class SpaceStationSerializerForExpedition(SpaceStationBase):
    class Meta(SpaceStationBase.Meta):
        fields = field_names("id url name status orbit image_url")


class SpaceStationSerializerForCommon(SpaceStationBase):
    class Meta(SpaceStationBase.Meta):
        fields = field_names("id url name status founded description orbit image_url")


class SpaceStationDetailedSerializerForExpedition(SpaceStationSerializerForCommon):
    class Meta(SpaceStationSerializerForCommon.Meta):
        fields = (*SpaceStationSerializerForCommon.Meta.fields, "owners")
