"""Serializers of spacecraft flights with their crews and docking events in Launch Library 2.3.0."""

from flights.models import AstronautFlight as Crew
from spacedb.api.v2_3_0.serializers.astronauts import AstronautFlight
from spacedb.api.v2_3_0.serializers.docking_events import DockingEventForChaserNormal
from spacedb.api.v2_3_0.serializers.spacecraft import SpacecraftDetailed
from spacedb.api.v2_3_0.serializers.spacecraft_flights import SpacecraftFlightNormal
from spacedb.serializers.fields import ResponseModeField


class SpacecraftFlightDetailed(SpacecraftFlightNormal):
    response_mode = ResponseModeField("detailed")
    spacecraft = SpacecraftDetailed()
    launch_crew = AstronautFlight.filtered("crew", phase=Crew.Phase.LAUNCH)
    onboard_crew = AstronautFlight.filtered("crew", phase=Crew.Phase.ONBOARD)
    landing_crew = AstronautFlight.filtered("crew", phase=Crew.Phase.LANDING)
    docking_events = DockingEventForChaserNormal(many=True)

    class Meta(SpacecraftFlightNormal.Meta):
        fields = (
            *SpacecraftFlightNormal.Meta.fields,
            "launch_crew",
            "onboard_crew",
            "landing_crew",
            "docking_events",
        )
