"""Serializers of spacecraft configurations and their families in Launch Library 2.2.0."""

from spacecraft import models
from spacedb.api.v2_2_0.serializers.agencies import Agency, AgencySerializerMini
from spacedb.api.v2_2_0.serializers.common import image_url_field
from spacedb.api.v2_3_0.serializers.spacecraft_configurations import SpacecraftConfigType
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import DetailURLField


class SpacecraftConfig(Serializer):
    url = DetailURLField("2.2.0/config/spacecraft")
    type = SpacecraftConfigType()
    agency = AgencySerializerMini()
    image_url = image_url_field("image")

    class Meta:
        model = models.SpacecraftConfig
        fields: tuple[str, ...] = field_names("id url name type agency in_use image_url")


class SpacecraftConfiguration(SpacecraftConfig):
    agency = Agency()

    class Meta(SpacecraftConfig.Meta):
        fields = field_names(
            "id url name agency in_use capability maiden_flight human_rated crew_capacity image_url nation_url "
            "wiki_link info_link"
        )


class SpacecraftConfigurationDetail(SpacecraftConfiguration):
    class Meta(SpacecraftConfiguration.Meta):
        fields = field_names(
            "id url name type agency in_use capability history details maiden_flight height diameter human_rated "
            "crew_capacity payload_capacity payload_return_capacity flight_life image_url nation_url wiki_link "
            "info_link"
        )
