"""Serializers of astronauts with their flights, landings and spacewalks in Launch Library 2.3.0."""

from flights.models import AstronautFlight as Crew
from spacedb.api.v2_3_0.serializers.astronauts import AstronautDetailed
from spacedb.api.v2_3_0.serializers.launches import LaunchNormal
from spacedb.api.v2_3_0.serializers.spacecraft_flights import SpacecraftFlightNormal
from spacedb.api.v2_3_0.serializers.spacewalks import SpacewalkNormal
from spacedb.serializers.fields import ResponseModeField


class AstronautEndpointNormal(AstronautDetailed):
    response_mode = ResponseModeField("normal")

    class Meta(AstronautDetailed.Meta):
        fields = (*AstronautDetailed.Meta.fields, "flights_count", "landings_count", "spacewalks_count")


class AstronautEndpointDetailed(AstronautEndpointNormal):
    """An astronaut with all flights, landings and spacewalks.

    These are the ones whose crew includes the astronaut, and the ones that documents list for the astronaut.
    """

    response_mode = ResponseModeField("detailed")
    flights = LaunchNormal.through("crews__flight__launch")
    landings = SpacecraftFlightNormal.through("crews__flight", crews__phase=Crew.Phase.LANDING)
    spacewalks = SpacewalkNormal.through("crews__spacewalk")

    class Meta(AstronautEndpointNormal.Meta):
        fields = (*AstronautEndpointNormal.Meta.fields, "flights", "landings", "spacewalks")
