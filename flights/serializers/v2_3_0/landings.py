"""Landings in Launch Library 2.3.0."""

from flights import models
from flights.serializers.v2_3_0.places import CelestialBodyNormal, LocationSerializerNoCelestialBody
from spacedb.api.fields import DetailURL
from spacedb.api.serializers import Serializer
from spacedb.common.serializers.v2_3_0 import Image


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
    url = DetailURL("2.3.0/landings")
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
