"""Serializers of locations in Launch Library 2.2.0."""

from flights import models
from spacedb.api.v2_2_0.serializers.common import country_code_field
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import DetailURLField


class Location(Serializer):
    url = DetailURLField("2.2.0/location")
    country_code = country_code_field()

    class Meta:
        model = models.Location
        fields: tuple[str, ...] = field_names(
            "id url name country_code description map_image timezone_name total_launch_count total_landing_count"
        )
