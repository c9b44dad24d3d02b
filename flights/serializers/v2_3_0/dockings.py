"""Space stations, docking locations and docking events in Launch Library 2.3.0."""

from agencies.serializers.v2_3_0 import AgencyNormal
from flights import models
from flights.serializers.v2_3_0.flights import SpacecraftFlightMini, SpacecraftFlightNormal
from flights.serializers.v2_3_0.payloads import PayloadFlightMini, PayloadFlightNormal, PayloadMini
from spacecraft.serializers.v2_3_0 import SpacecraftConfigNormal
from spacedb.api.fields import DetailURL, NaturalKey
from spacedb.api.serializers import Serializer
from spacedb.common.serializers.v2_3_0 import Image


class SpaceStationStatus(Serializer):
    class Meta:
        model = models.SpaceStationStatus
        fields = ("id", "name")


class SpaceStationType(Serializer):
    class Meta:
        model = models.SpaceStationType
        fields = ("id", "name")


class SpaceStationMini(Serializer):
    url = DetailURL("2.3.0/space_stations")
    image = Image(allow_null=True)

    class Meta:
        model = models.SpaceStation
        fields: tuple[str, ...] = ("id", "url", "name", "image")


class SpaceStationNormal(SpaceStationMini):
    status = SpaceStationStatus()
    orbit = NaturalKey(slug_field="name", allow_null=True)
    type = SpaceStationType()

    class Meta(SpaceStationMini.Meta):
        fields = (
            *SpaceStationMini.Meta.fields,
            "status",
            "founded",
            "deorbited",
            "description",
            "orbit",
            "type",
        )
        extra_kwargs = {"founded": {"required": True, "allow_null": False}, "description": {"required": True}}


class SpaceStationDetailed(SpaceStationNormal):
    owners = AgencyNormal(many=True, allow_null=True)

    class Meta(SpaceStationNormal.Meta):
        fields = (*SpaceStationNormal.Meta.fields, "owners")


class DockingLocation(Serializer):
    spacestation = SpaceStationMini()
    spacecraft = SpacecraftConfigNormal()
    payload = PayloadMini()

    class Meta:
        model = models.DockingLocation
        fields = ("id", "name", "spacestation", "spacecraft", "payload")


class DockingEventAtTarget(Serializer):
    """What the forms of docking events have in common."""

    url = DetailURL("2.3.0/docking_events")
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
    """Nested in the vehicle that came to dock."""

    space_station_target = SpaceStationNormal()
    flight_vehicle_target = SpacecraftFlightNormal()
    payload_flight_target = PayloadFlightNormal()
