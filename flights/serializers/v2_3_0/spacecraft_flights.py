"""Flights of spacecraft with their crews and dockings in Launch Library 2.3.0."""

from flights.models import AstronautFlight as Crew
from flights.serializers.v2_3_0.crews import AstronautFlight
from flights.serializers.v2_3_0.dockings import DockingEventForChaserNormal
from flights.serializers.v2_3_0.flights import SpacecraftFlightNormal
from spacecraft.serializers.v2_3_0 import SpacecraftDetailed
from spacedb.api.fields import ResponseMode


class SpacecraftFlightDetailed(SpacecraftFlightNormal):
    response_mode = ResponseMode("detailed")
    spacecraft = SpacecraftDetailed()
    launch_crew = AstronautFlight.listed("crew", phase=Crew.Phase.LAUNCH)
    onboard_crew = AstronautFlight.listed("crew", phase=Crew.Phase.ONBOARD)
    landing_crew = AstronautFlight.listed("crew", phase=Crew.Phase.LANDING)
    docking_events = DockingEventForChaserNormal(many=True)

    class Meta(SpacecraftFlightNormal.Meta):
        fields = (
            *SpacecraftFlightNormal.Meta.fields,
            "launch_crew",
            "onboard_crew",
            "landing_crew",
            "docking_events",
        )
