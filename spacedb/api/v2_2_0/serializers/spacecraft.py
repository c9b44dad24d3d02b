"""Serializers of spacecraft in Launch Library 2.2.0."""

from spacecraft import models
from spacedb.api.v2_2_0.serializers.spacecraft_configurations import SpacecraftConfig, SpacecraftConfigurationDetail
from spacedb.api.v2_3_0.serializers.spacecraft import SpacecraftStatus
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import DetailURLField


class Spacecraft(Serializer):
    url = DetailURLField("2.2.0/spacecraft")
    status = SpacecraftStatus()
    spacecraft_config = SpacecraftConfig()

    class Meta:
        model = models.Spacecraft
        fields: tuple[str, ...] = field_names(
            "id url name serial_number is_placeholder in_space time_in_space time_docked flights_count "
            "mission_ends_count status description spacecraft_config"
        )


class SpacecraftDetailedNoFlights(Spacecraft):
    spacecraft_config = SpacecraftConfigurationDetail()
