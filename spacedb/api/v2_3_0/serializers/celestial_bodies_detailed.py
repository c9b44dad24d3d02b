"""Serializers of celestial bodies with their locations in Launch Library 2.3.0."""

from spacedb.api.v2_3_0.serializers.celestial_bodies import CelestialBodyDetailed
from spacedb.api.v2_3_0.serializers.locations import LocationSerializerNoCelestialBody
from spacedb.serializers.fields import ResponseModeField


class CelestialBodyEndpointDetailed(CelestialBodyDetailed):
    response_mode = ResponseModeField("detailed")
    locations = LocationSerializerNoCelestialBody(many=True)

    class Meta(CelestialBodyDetailed.Meta):
        fields = (*CelestialBodyDetailed.Meta.fields, "locations")
