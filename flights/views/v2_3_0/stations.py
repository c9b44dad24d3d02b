"""The endpoints of space stations in Launch Library 2.3.0."""

from flights.filters.stations import SpaceStationFilterSet
from flights.models import DockingEvent, DockingLocation, SpacecraftFlight, SpaceStation
from flights.serializers.v2_3_0.dockings import DockingEventForChaserNormal, SpaceStationDetailed, SpaceStationNormal
from flights.serializers.v2_3_0.expeditions import ExpeditionMini
from flights.serializers.v2_3_0.launches import LaunchNormal
from flights.serializers.v2_3_0.payloads import PayloadFlightNormal
from spacecraft.serializers.v2_3_0 import SpacecraftDetailed
from spacedb.api.fields import DetailURL, ResponseMode
from spacedb.api.serializers import Serializer
from spacedb.api.viewsets import ReadOnlyViewSet


class SpacecraftFlightForDockingEvent(Serializer):
    url = DetailURL("2.3.0/spacecraft_flights")
    spacecraft = SpacecraftDetailed()
    launch = LaunchNormal()

    class Meta:
        model = SpacecraftFlight
        fields = ("id", "url", "spacecraft", "launch")


class DockingEventDetailedSerializerForSpacestation(Serializer):
    url = DetailURL("2.3.0/docking_events")
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
    currently_docked = DockingEventDetailedSerializerForSpacestation(source="docking_events", first={"departure": None})

    class Meta:
        model = DockingLocation
        fields = ("id", "name", "currently_docked")


class SpaceStationEndpoint(SpaceStationDetailed):
    response_mode = ResponseMode("normal")
    active_expeditions = ExpeditionMini.listed("expeditions", end=None)

    class Meta(SpaceStationDetailed.Meta):
        fields = (*SpaceStationDetailed.Meta.fields, "response_mode", "active_expeditions")


class SpaceStationDetailedEndpoint(SpaceStationEndpoint):
    response_mode = ResponseMode("detailed")
    docking_location = DockingLocationSerializerForSpacestation(many=True)
    active_docking_events = DockingEventForChaserNormal.listed("dockings_received", departure=None)

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


class SpaceStationViewSet(ReadOnlyViewSet):
    queryset = SpaceStation.objects.all()
    modes = {"normal": SpaceStationEndpoint, "detailed": SpaceStationDetailedEndpoint}
    tags = ("Stations",)
    filterset_class = SpaceStationFilterSet
    filter_example = "onboard_crew__gte=1"
    search_fields = ("name", "owners__abbrev", "owners__name")
    search_example = "Salyut"
    ordering_fields = ("docked_vehicles", "founded", "id", "name", "onboard_crew", "status", "type", "volume")
    ordering_example = "founded"
