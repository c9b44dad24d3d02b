"""Serializers of launch pads in Launch Library 2.2.0."""

from flights import models
from spacedb.api.v2_2_0.serializers.agencies import AgencyId
from spacedb.api.v2_2_0.serializers.common import country_code_field
from spacedb.api.v2_2_0.serializers.locations import Location
from spacedb.serializers.base import Serializer, exclude_fields, field_names
from spacedb.serializers.fields import DetailURLField, NumericStringField
from spacedb.serializers.reductions import FirstIntegerReduction


class Pad(Serializer):
    url = DetailURLField("2.2.0/pad")
    agency_id = FirstIntegerReduction(AgencyId, "id", source="agencies")
    latitude = NumericStringField(float, allow_null=True)
    longitude = NumericStringField(float, allow_null=True)
    location = Location(allow_null=True)
    country_code = country_code_field()

    class Meta:
        model = models.Pad
        fields: tuple[str, ...] = field_names(
            "id url agency_id name description info_url wiki_url map_url latitude longitude location country_code "
            "map_image total_launch_count orbital_launch_attempt_count"
        )


class PadSerializerNoLocation(Pad):
    class Meta(Pad.Meta):
        fields = exclude_fields(Pad.Meta.fields, "description", "location", "orbital_launch_attempt_count")
