"""Serializers of landings in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.celestial_bodies import CelestialBodyNormal
from spacedb.api.v2_3_0.serializers.common import Image
from spacedb.api.v2_3_0.serializers.locations import LocationSerializerNoCelestialBody
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField


class LandingType(Serializer):
    class Meta:
        model = models.LandingType
        fields = ("id", "name", "abbrev", "description")


class LandingLocation(Serializer):
    location = LocationSerializerNoCelestialBody()
    image = Image(allow_null=True)
    celestial_body = CelestialBodyNormal()

    class Meta:
        model = models.LandingLocation
        fields = (
            "id",
            "name",
            "active",
            "abbrev",
            "description",
            "location",
            "longitude",
            "latitude",
            "image",
            "successful_landings",
            "attempted_landings",
            "failed_landings",
            "celestial_body",
        )


class Landing(Serializer):
    url = DetailURLField("2.3.0/landings")
    landing_location = LandingLocation()
    type = LandingType()

    class Meta:
        model = models.Landing
        fields: tuple[str, ...] = (
            "id",
            "url",
            "attempt",
            "success",
            "description",
            "downrange_distance",
            "landing_location",
            "type",
        )
