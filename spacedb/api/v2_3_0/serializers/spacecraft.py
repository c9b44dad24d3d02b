"""Serializers of spacecraft in Launch Library 2.3.0."""

from spacecraft import models
from spacedb.api.v2_3_0.serializers.common import Image
from spacedb.api.v2_3_0.serializers.spacecraft_configurations import SpacecraftConfigDetailed, SpacecraftConfigNormal
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField, IntegerField, ResponseModeField


class SpacecraftStatus(Serializer):
    class Meta:
        model = models.SpacecraftStatus
        fields = ("id", "name")


class SpacecraftNormal(Serializer):
    response_mode = ResponseModeField("normal")
    url = DetailURLField("2.3.0/spacecraft")
    image = Image(allow_null=True, read_only=True)
    status = SpacecraftStatus()
    spacecraft_config = SpacecraftConfigNormal()
    flights_count = IntegerField(allow_null=True)

    class Meta:
        model = models.Spacecraft
        fields: tuple[str, ...] = (
            "response_mode",
            "id",
            "url",
            "name",
            "serial_number",
            "is_placeholder",
            "image",
            "in_space",
            "time_in_space",
            "time_docked",
            "flights_count",
            "mission_ends_count",
            "status",
            "description",
            "spacecraft_config",
            "fastest_turnaround",
        )
        extra_kwargs = {"description": {"required": True}}


class SpacecraftDetailed(SpacecraftNormal):
    """Nested in a detailed flight. Its `response_mode` is `normal` although its configuration is detailed."""

    spacecraft_config = SpacecraftConfigDetailed()
