"""Serializers of launch pads in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.agencies import AgencyMini, AgencyNormal
from spacedb.api.v2_3_0.serializers.common import Country, Image
from spacedb.api.v2_3_0.serializers.locations import Location
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField


class PadSerializerNoLocation(Serializer):
    url = DetailURLField("2.3.0/pads")
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
