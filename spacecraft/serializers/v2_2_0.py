"""Spacecraft and their configurations in Launch Library 2.2.0."""

from agencies.serializers.v2_2_0 import Agency, AgencySerializerMini
from spacecraft import models
from spacecraft.serializers.v2_3_0 import SpacecraftConfigType, SpacecraftStatus
from spacedb.api.fields import DetailURL
from spacedb.api.serializers import Serializer, keys
from spacedb.common.serializers.v2_2_0 import picture


class SpacecraftConfig(Serializer):
    url = DetailURL("2.2.0/config/spacecraft")
    type = SpacecraftConfigType()
    agency = AgencySerializerMini()
    image_url = picture("image")

    class Meta:
        model = models.SpacecraftConfig
        fields: tuple[str, ...] = keys("id url name type agency in_use image_url")


class SpacecraftConfiguration(SpacecraftConfig):
    agency = Agency()

    class Meta(SpacecraftConfig.Meta):
        fields = keys(
            "id url name agency in_use capability maiden_flight human_rated crew_capacity image_url nation_url "
            "wiki_link info_link"
        )


class SpacecraftConfigurationDetail(SpacecraftConfiguration):
    class Meta(SpacecraftConfiguration.Meta):
        fields = keys(
            "id url name type agency in_use capability history details maiden_flight height diameter human_rated "
            "crew_capacity payload_capacity flight_life image_url nation_url wiki_link info_link"
        )


class Spacecraft(Serializer):
    url = DetailURL("2.2.0/spacecraft")
    status = SpacecraftStatus()
    spacecraft_config = SpacecraftConfig()

    class Meta:
        model = models.Spacecraft
        fields: tuple[str, ...] = keys(
            "id url name serial_number is_placeholder in_space time_in_space time_docked flights_count "
            "mission_ends_count status description spacecraft_config"
        )


class SpacecraftDetailedNoFlights(Spacecraft):
    spacecraft_config = SpacecraftConfigurationDetail()
