"""Serializers of missions and orbits in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.agencies import AgencyDetailed
from spacedb.api.v2_3_0.serializers.celestial_bodies import CelestialBodyMini
from spacedb.api.v2_3_0.serializers.common import Image, InfoURL, VidURL
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import NaturalKeyField


class MissionType(Serializer):
    class Meta:
        model = models.MissionType
        fields = ("id", "name")


class Orbit(Serializer):
    celestial_body = CelestialBodyMini()

    class Meta:
        model = models.Orbit
        fields = ("id", "name", "abbrev", "celestial_body")


class Mission(Serializer):
    type = NaturalKeyField(slug_field="name")
    image = Image(allow_null=True)
    orbit = Orbit()
    agencies = AgencyDetailed(many=True)
    info_urls = InfoURL(many=True)
    vid_urls = VidURL(many=True)

    class Meta:
        model = models.Mission
        fields = ("id", "name", "type", "description", "image", "orbit", "agencies", "info_urls", "vid_urls")
