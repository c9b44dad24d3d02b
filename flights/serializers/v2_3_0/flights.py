"""Flights of spacecraft, without their crews and dockings, in Launch Library 2.3.0."""

from flights import models
from flights.serializers.v2_3_0.landings import Landing
from flights.serializers.v2_3_0.launches import LaunchMini, LaunchNormal
from spacecraft.serializers.v2_3_0 import SpacecraftNormal
from spacedb.api.fields import DetailURL, ResponseMode
from spacedb.api.serializers import Serializer


class SpacecraftFlightMini(Serializer):
    url = DetailURL("2.3.0/spacecraft_flights")
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
    response_mode = ResponseMode("normal")

    class Meta(SpacecraftFlightMini.Meta):
        fields = (*SpacecraftFlightMini.Meta.fields, "response_mode")
