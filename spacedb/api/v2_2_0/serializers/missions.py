"""Serializers of missions and orbits in Launch Library 2.2.0."""

from flights import models
from spacedb.api.v2_2_0.serializers.agencies import AgencySerializerDetailedCommon
from spacedb.api.v2_2_0.serializers.common import InfoURL, VidURL
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import NaturalKeyField


class Orbit(Serializer):
    class Meta:
        model = models.Orbit
        fields = field_names("id name abbrev")


class Mission(Serializer):
    type = NaturalKeyField(slug_field="name")
    orbit = Orbit()
    agencies = AgencySerializerDetailedCommon(many=True)
    info_urls = InfoURL(many=True)
    vid_urls = VidURL(many=True)

    class Meta:
        model = models.Mission
        fields = field_names("id name description launch_designator type orbit agencies info_urls vid_urls")
