"""Serializers of space stations with their expeditions and dockings in Launch Library 2.3.0."""

from flights.models import DockingEvent, DockingLocation, SpacecraftFlight
from spacedb.api.v2_3_0.serializers.docking_events import DockingEventForChaserNormal
from spacedb.api.v2_3_0.serializers.expeditions import ExpeditionMini
from spacedb.api.v2_3_0.serializers.launches import LaunchNormal
from spacedb.api.v2_3_0.serializers.payload_flights import PayloadFlightNormal
from spacedb.api.v2_3_0.serializers.space_stations import SpaceStationDetailed, SpaceStationNormal
from spacedb.api.v2_3_0.serializers.spacecraft import SpacecraftDetailed
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField, ResponseModeField
from spacedb.serializers.reductions import FirstReduction


class SpacecraftFlightForDockingEvent(Serializer):
    url = DetailURLField("2.3.0/spacecraft_flights")
    spacecraft = SpacecraftDetailed()
    launch = LaunchNormal()

    class Meta:
        model = SpacecraftFlight
        fields = ("id", "url", "spacecraft", "launch")


class DockingEventDetailedSerializerForSpacestation(Serializer):
    url = DetailURLField("2.3.0/docking_events")
    flight_vehicle_chaser = SpacecraftFlightForDockingEvent()
    space_station_chaser = SpaceStationNormal()
    payload_flight_chaser = PayloadFlightNormal()

    class Meta:
        model = DockingEvent
        fields = (
            "id",
            "url",
            "docking",
            "departure",
            "flight_vehicle_chaser",
            "space_station_chaser",
            "payload_flight_chaser",
        )
        extra_kwargs = {"docking": {"required": True, "allow_null": False}}


class DockingLocationSerializerForSpacestation(Serializer):
    currently_docked = FirstReduction(
        DockingEventDetailedSerializerForSpacestation, source="docking_events", match={"departure": None}
    )

    class Meta:
        model = DockingLocation
        fields = ("id", "name", "currently_docked")


class SpaceStationEndpoint(SpaceStationDetailed):
    response_mode = ResponseModeField("normal")
    active_expeditions = ExpeditionMini.filtered("expeditions", end=None)

    class Meta(SpaceStationDetailed.Meta):
        fields = (*SpaceStationDetailed.Meta.fields, "response_mode", "active_expeditions")


class SpaceStationDetailedEndpoint(SpaceStationEndpoint):
    response_mode = ResponseModeField("detailed")
    docking_location = DockingLocationSerializerForSpacestation(many=True)
    active_docking_events = DockingEventForChaserNormal.filtered("dockings_received", departure=None)

    class Meta(SpaceStationEndpoint.Meta):
        fields = (
            *SpaceStationEndpoint.Meta.fields,
            "height",
            "width",
            "mass",
            "volume",
            "onboard_crew",
            "docked_vehicles",
            "docking_location",
            "active_docking_events",
        )
