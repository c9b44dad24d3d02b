"""Serializers of space stations with their expeditions and dockings in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers.agencies import Agency
from spacedb.api.v2_2_0.serializers.docking_events import DockingLocation
from spacedb.api.v2_2_0.serializers.docking_events_detailed import DockingEvent
from spacedb.api.v2_2_0.serializers.expeditions import (
    ExpeditionDetailedSerializerForSpacestation,
    ExpeditionSerializerForSpacestation,
)
from spacedb.api.v2_2_0.serializers.space_stations import SpaceStationBase
from spacedb.api.v2_2_0.serializers.spacecraft import SpacecraftDetailedNoFlights
from spacedb.api.v2_2_0.serializers.spacecraft_flights import SpacecraftFlight
from spacedb.serializers.base import field_names
from spacedb.serializers.reductions import FirstReduction


class SpacecraftFlightForDockingEvent(SpacecraftFlight):
    spacecraft = SpacecraftDetailedNoFlights()

    class Meta(SpacecraftFlight.Meta):
        fields = field_names("id url spacecraft launch")


class DockingEventDetailedSerializerForSpacestation(DockingEvent):
    flight_vehicle = SpacecraftFlightForDockingEvent(source="flight_vehicle_chaser")

    class Meta(DockingEvent.Meta):
        fields = field_names("id url docking departure flight_vehicle")


class DockingLocationSerializerForSpacestation(DockingLocation):
    docked = FirstReduction(
        DockingEventDetailedSerializerForSpacestation,
        source="docking_events",
        match={"departure": None, "is_at_station": True, "is_by_spacecraft_from_earth": True},
    )

    class Meta(DockingLocation.Meta):
        fields = field_names("id name docked")


class SpaceStation(SpaceStationBase):
    active_expedition = ExpeditionSerializerForSpacestation.filtered("expeditions", end=None)

    class Meta(SpaceStationBase.Meta):
        fields = field_names(
            "id url name status type founded deorbited description orbit owners active_expedition image_url"
        )


class SpaceStationDetailed(SpaceStation):
    owners = Agency(many=True)
    active_expeditions = ExpeditionDetailedSerializerForSpacestation.filtered("expeditions", end=None)
    docking_location = DockingLocationSerializerForSpacestation(many=True)

    class Meta(SpaceStation.Meta):
        fields = field_names(
            "id url name status type founded deorbited height width mass volume description orbit onboard_crew "
            "docked_vehicles owners active_expeditions docking_location image_url"
        )
