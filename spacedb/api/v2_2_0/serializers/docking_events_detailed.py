"""Serializers of docking events with both vehicles in Launch Library 2.2.0."""

from collections.abc import Callable, Mapping
from typing import Any

from rest_framework.serializers import UUIDField
from typing_extensions import override

from spacedb.api.v2_2_0.serializers.docking_events import DockingEventSerializerForSpacecraftFlight
from spacedb.api.v2_2_0.serializers.space_stations import SpaceStationSerializerForDockingEvent
from spacedb.api.v2_2_0.serializers.spacecraft import SpacecraftDetailedNoFlights
from spacedb.api.v2_2_0.serializers.spacecraft_flights import SpacecraftFlight
from spacedb.serializers.base import field_names
from spacedb.serializers.fields import DetailURLField


class SpacecraftFlightSerializerForDockingEvent(SpacecraftFlight):
    class Meta(SpacecraftFlight.Meta):
        fields = field_names("id url destination mission_end spacecraft")


class SpacecraftFlightSerializerForDockingEventDetailed(SpacecraftFlightSerializerForDockingEvent):
    spacecraft = SpacecraftDetailedNoFlights()


class DockingEvent(DockingEventSerializerForSpacecraftFlight):
    url = DetailURLField("2.2.0/docking_event")
    launch_id = UUIDField(source="flight_vehicle_chaser.launch_id", allow_null=True, required=False)
    flight_vehicle = SpacecraftFlightSerializerForDockingEvent(source="flight_vehicle_chaser")

    @classmethod
    @override
    def infer_columns(cls, record: Mapping[str, Any], related: Callable[[str], Mapping[str, Any]]) -> dict[str, Any]:
        """The target is the station that the docking location belongs to."""
        return {"space_station_target_id": related("docking_location").get("spacestation_id")}

    class Meta(DockingEventSerializerForSpacecraftFlight.Meta):
        fields = field_names("id url launch_id docking departure flight_vehicle docking_location")


class DockingEventDetailed(DockingEvent):
    flight_vehicle = SpacecraftFlightSerializerForDockingEventDetailed(source="flight_vehicle_chaser")
    space_station = SpaceStationSerializerForDockingEvent(source="space_station_target")

    class Meta(DockingEvent.Meta):
        fields = (*DockingEvent.Meta.fields, "space_station")
