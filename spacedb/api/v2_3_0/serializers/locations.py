"""Serializers of locations in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.celestial_bodies import CelestialBodyDetailed
from spacedb.api.v2_3_0.serializers.common import Country, Image
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField, ResponseModeField


class LocationSerializerNoCelestialBody(Serializer):
    response_mode = ResponseModeField("normal")
    url = DetailURLField("2.3.0/locations")
    country = Country(allow_null=True)
    image = Image(allow_null=True)

    class Meta:
        model = models.Location
        fields: tuple[str, ...] = (
            "response_mode",
            "id",
            "url",
            "name",
            "active",
            "country",
            "description",
            "image",
            "map_image",
            "longitude",
            "latitude",
            "timezone_name",
            "total_launch_count",
            "total_landing_count",
        )


class Location(LocationSerializerNoCelestialBody):
    celestial_body = CelestialBodyDetailed()

    class Meta(LocationSerializerNoCelestialBody.Meta):
        fields = (
            "response_mode",
            "id",
            "url",
            "name",
            "celestial_body",
            *LocationSerializerNoCelestialBody.Meta.fields[4:],
        )
