"""Endpoints of docking locations and docking events in Launch Library 2.3.0."""

from flights.models import DockingEvent
from spacedb.api.v2_3_0.filters.docking_events import DockingEventFilterSet
from spacedb.api.v2_3_0.serializers.docking_events import DockingEventEndpointDetailed, DockingEventEndpointNormal
from spacedb.rest.viewsets import ReadOnlyViewSet


class DockingEventViewSet(ReadOnlyViewSet):
    queryset = DockingEvent.objects.all()
    modes = {"normal": DockingEventEndpointNormal, "detailed": DockingEventEndpointDetailed}
    columns = ("docking", "departure", "docking_location", "space_station_target")
    title_paths = (
        "flight_vehicle_chaser.spacecraft.name",
        "space_station_chaser.name",
        "payload_flight_chaser.payload.name",
    )
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
