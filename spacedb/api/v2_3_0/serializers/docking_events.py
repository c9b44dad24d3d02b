"""Serializers of docking locations and docking events in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.payload_flights import PayloadFlightMini, PayloadFlightNormal
from spacedb.api.v2_3_0.serializers.payloads import PayloadMini
from spacedb.api.v2_3_0.serializers.space_stations import SpaceStationMini, SpaceStationNormal
from spacedb.api.v2_3_0.serializers.spacecraft_configurations import SpacecraftConfigNormal
from spacedb.api.v2_3_0.serializers.spacecraft_flights import SpacecraftFlightMini, SpacecraftFlightNormal
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField, ResponseModeField


class DockingLocation(Serializer):
    spacestation = SpaceStationMini()
    spacecraft = SpacecraftConfigNormal()
    payload = PayloadMini()

    class Meta:
        model = models.DockingLocation
        fields = ("id", "name", "spacestation", "spacecraft", "payload")


class DockingEventAtTarget(Serializer):
    """The fields that all representations of docking events have."""

    url = DetailURLField("2.3.0/docking_events")
    docking_location = DockingLocation()
    space_station_target = SpaceStationMini()
    flight_vehicle_target = SpacecraftFlightMini()
    payload_flight_target = PayloadFlightMini()

    class Meta:
        model = models.DockingEvent
        fields: tuple[str, ...] = (
            "id",
            "url",
            "docking",
            "departure",
            "docking_location",
            "space_station_target",
            "flight_vehicle_target",
            "payload_flight_target",
        )
        extra_kwargs = {"docking": {"required": True, "allow_null": False}}


class DockingEventForChaserNormal(DockingEventAtTarget):
    """Nested in the vehicle that docked, the chaser."""

    space_station_target = SpaceStationNormal()
    flight_vehicle_target = SpacecraftFlightNormal()
    payload_flight_target = PayloadFlightNormal()


class DockingEventEndpointNormal(DockingEventAtTarget):
    response_mode = ResponseModeField("normal")
    flight_vehicle_chaser = SpacecraftFlightMini()
    space_station_chaser = SpaceStationMini()
    payload_flight_chaser = PayloadFlightMini()

    class Meta(DockingEventAtTarget.Meta):
        fields = (
            *DockingEventAtTarget.Meta.fields,
            "response_mode",
            "flight_vehicle_chaser",
            "space_station_chaser",
            "payload_flight_chaser",
        )


class DockingEventEndpointDetailed(DockingEventEndpointNormal):
    response_mode = ResponseModeField("detailed")
    flight_vehicle_chaser = SpacecraftFlightNormal()
    space_station_chaser = SpaceStationNormal()
    payload_flight_chaser = PayloadFlightNormal()
