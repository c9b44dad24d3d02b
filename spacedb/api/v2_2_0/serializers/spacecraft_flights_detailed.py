"""Serializers of spacecraft flights with their crews and docking events in Launch Library 2.2.0."""

from flights.models import AstronautFlight as Crew
from spacedb.api.v2_2_0.serializers.astronauts import AstronautFlight
from spacedb.api.v2_2_0.serializers.docking_events import DockingEventSerializerForSpacecraftFlight
from spacedb.api.v2_2_0.serializers.spacecraft import SpacecraftDetailedNoFlights
from spacedb.api.v2_2_0.serializers.spacecraft_flights import SpacecraftFlight
from spacedb.serializers.base import exclude_fields, field_names


class SpacecraftFlightDetailed(SpacecraftFlight):
    launch_crew = AstronautFlight.filtered("crew", phase=Crew.Phase.LAUNCH)
    onboard_crew = AstronautFlight.filtered("crew", phase=Crew.Phase.ONBOARD)
    landing_crew = AstronautFlight.filtered("crew", phase=Crew.Phase.LANDING)
    spacecraft = SpacecraftDetailedNoFlights()
    docking_events = DockingEventSerializerForSpacecraftFlight.filtered(is_at_station=True)

    class Meta(SpacecraftFlight.Meta):
        fields = field_names(
            "id url mission_end destination launch_crew onboard_crew landing_crew spacecraft launch landing "
            "docking_events"
        )


class SpacecraftFlightDetailedSerializerForLaunch(SpacecraftFlightDetailed):
    class Meta(SpacecraftFlightDetailed.Meta):
        fields = exclude_fields(SpacecraftFlightDetailed.Meta.fields, "launch")
