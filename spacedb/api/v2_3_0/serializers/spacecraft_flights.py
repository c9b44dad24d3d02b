"""Serializers of spacecraft flights in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.landings import Landing
from spacedb.api.v2_3_0.serializers.launches import LaunchMini, LaunchNormal
from spacedb.api.v2_3_0.serializers.spacecraft import SpacecraftNormal
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField, ResponseModeField


class SpacecraftFlightMini(Serializer):
    url = DetailURLField("2.3.0/spacecraft_flights")
    spacecraft = SpacecraftNormal()
    launch = LaunchMini()
    landing = Landing()

    class Meta:
        model = models.SpacecraftFlight
        fields: tuple[str, ...] = (
            "id",
            "url",
            "destination",
            "mission_end",
            "spacecraft",
            "launch",
            "landing",
            "duration",
            "turn_around_time",
        )
        extra_kwargs = {"duration": {"allow_null": False}, "turn_around_time": {"allow_null": False}}


class SpacecraftFlightNormal(SpacecraftFlightMini):
    launch = LaunchNormal()
    response_mode = ResponseModeField("normal")

    class Meta(SpacecraftFlightMini.Meta):
        fields = (*SpacecraftFlightMini.Meta.fields, "response_mode")
