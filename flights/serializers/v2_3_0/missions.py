"""Missions and their orbits in Launch Library 2.3.0."""

from agencies.serializers.v2_3_0 import AgencyDetailed
from flights import models
from flights.serializers.v2_3_0.links import InfoURL, VidURL
from flights.serializers.v2_3_0.places import CelestialBodyMini
from spacedb.api.fields import NaturalKey
from spacedb.api.serializers import Serializer
from spacedb.common.serializers.v2_3_0 import Image


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
    type = NaturalKey(slug_field="name")
    image = Image(allow_null=True)
    orbit = Orbit()
    agencies = AgencyDetailed(many=True)
    info_urls = InfoURL(many=True)
    vid_urls = VidURL(many=True)

    class Meta:
        model = models.Mission
        fields = ("id", "name", "type", "description", "image", "orbit", "agencies", "info_urls", "vid_urls")
