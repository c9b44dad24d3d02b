"""Worlds, spaceports and launch pads in Launch Library 2.3.0."""

from agencies.serializers.v2_3_0 import AgencyMini, AgencyNormal
from flights import models
from spacedb.api.fields import DetailURL, DjangoDuration, ResponseMode
from spacedb.api.serializers import Serializer
from spacedb.common.serializers.v2_3_0 import Country, Image


class CelestialBodyType(Serializer):
    class Meta:
        model = models.CelestialBodyType
        fields = ("id", "name")


class CelestialBodyMini(Serializer):
    response_mode = ResponseMode("list")

    class Meta:
        model = models.CelestialBody
        fields: tuple[str, ...] = ("response_mode", "id", "name")


class CelestialBodyNormal(CelestialBodyMini):
    response_mode = ResponseMode("normal")
    type = CelestialBodyType()
    length_of_day = DjangoDuration(allow_null=True, required=False)
    image = Image()

    class Meta(CelestialBodyMini.Meta):
        fields = (
            *CelestialBodyMini.Meta.fields,
            "type",
            "diameter",
            "mass",
            "gravity",
            "length_of_day",
            "atmosphere",
            "image",
            "description",
            "wiki_url",
        )


class CelestialBodyDetailed(CelestialBodyNormal):
    """Nested in a location. It says `normal` of itself all the same."""

    class Meta(CelestialBodyNormal.Meta):
        fields = (
            *CelestialBodyNormal.Meta.fields,
            "total_attempted_launches",
            "successful_launches",
            "failed_launches",
            "total_attempted_landings",
            "successful_landings",
            "failed_landings",
        )


class LocationSerializerNoCelestialBody(Serializer):
    response_mode = ResponseMode("normal")
    url = DetailURL("2.3.0/locations")
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


class PadSerializerNoLocation(Serializer):
    url = DetailURL("2.3.0/pads")
    agencies = AgencyMini(many=True)
    image = Image(allow_null=True)
    country = Country(allow_null=True)

    class Meta:
        model = models.Pad
        fields: tuple[str, ...] = (
            "id",
            "url",
            "active",
            "agencies",
            "name",
            "image",
            "description",
            "info_url",
            "wiki_url",
            "map_url",
            "latitude",
            "longitude",
            "country",
            "map_image",
            "total_launch_count",
            "orbital_launch_attempt_count",
            "fastest_turnaround",
        )


class Pad(PadSerializerNoLocation):
    agencies = AgencyNormal(many=True)
    location = Location(allow_null=True)

    class Meta(PadSerializerNoLocation.Meta):
        fields = (*PadSerializerNoLocation.Meta.fields, "location")
