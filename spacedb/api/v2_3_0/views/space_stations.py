"""Endpoints of space stations in Launch Library 2.3.0."""

from flights.models import SpaceStation
from spacedb.api.v2_3_0.filters.space_stations import SpaceStationFilterSet
from spacedb.api.v2_3_0.serializers.space_stations_detailed import SpaceStationDetailedEndpoint, SpaceStationEndpoint
from spacedb.rest.viewsets import ReadOnlyViewSet


class SpaceStationViewSet(ReadOnlyViewSet):
    queryset = SpaceStation.objects.all()
    modes = {"normal": SpaceStationEndpoint, "detailed": SpaceStationDetailedEndpoint}
    columns = ("status", "type", "founded", "orbit", "onboard_crew")
    filterset_class = SpaceStationFilterSet
    filter_example = "onboard_crew__gte=1"
    search_fields = ("name", "owners__abbrev", "owners__name")
    search_example = "Salyut"
    ordering_fields = ("docked_vehicles", "founded", "id", "name", "onboard_crew", "status", "type", "volume")
    ordering_example = "founded"
