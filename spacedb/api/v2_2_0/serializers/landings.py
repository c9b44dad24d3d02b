"""Serializers of landings in Launch Library 2.2.0."""

from flights import models
from spacedb.api.v2_2_0.serializers.locations import Location
from spacedb.api.v2_3_0.serializers.landings import LandingType
from spacedb.serializers.base import Serializer, field_names


class LandingLocation(Serializer):
    location = Location()

    class Meta:
        model = models.LandingLocation
        fields = field_names("id name abbrev description location successful_landings")


class Landing(Serializer):
    location = LandingLocation(source="landing_location")
    type = LandingType()

    class Meta:
        model = models.Landing
        fields: tuple[str, ...] = field_names("id attempt success description downrange_distance location type")
