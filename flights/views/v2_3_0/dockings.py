"""The endpoint of docking events in Launch Library 2.3.0."""

from flights.filters.stations import DockingEventFilterSet
from flights.models import DockingEvent
from flights.serializers.v2_3_0.dockings import DockingEventAtTarget, SpaceStationMini, SpaceStationNormal
from flights.serializers.v2_3_0.flights import SpacecraftFlightMini, SpacecraftFlightNormal
from flights.serializers.v2_3_0.payloads import PayloadFlightMini, PayloadFlightNormal
from spacedb.api.fields import ResponseMode
from spacedb.api.viewsets import ReadOnlyViewSet


class DockingEventEndpointNormal(DockingEventAtTarget):
    response_mode = ResponseMode("normal")
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
    response_mode = ResponseMode("detailed")
    flight_vehicle_chaser = SpacecraftFlightNormal()
    space_station_chaser = SpaceStationNormal()
    payload_flight_chaser = PayloadFlightNormal()


class DockingEventViewSet(ReadOnlyViewSet):
    queryset = DockingEvent.objects.all()
    modes = {"normal": DockingEventEndpointNormal, "detailed": DockingEventEndpointDetailed}
    filterset_class = DockingEventFilterSet
    filter_example = "space_station_target__id=6"
    search_fields = (
        "docking_location__name",
        "flight_vehicle_chaser__spacecraft__name",
        "flight_vehicle_target__spacecraft__name",
        "payload_flight_chaser__payload__name",
        "payload_flight_target__payload__name",
        "space_station_chaser__name",
        "space_station_target__name",
    )
    search_example = "Salyut"
    ordering_fields = ("departure", "docking")
    ordering_example = "-docking"
