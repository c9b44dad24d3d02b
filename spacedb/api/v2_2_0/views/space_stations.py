"""Endpoints of space stations in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers.space_stations_detailed import SpaceStation, SpaceStationDetailed
from spacedb.api.v2_3_0.views import space_stations as v2_3_0


class SpaceStationViewSet(v2_3_0.SpaceStationViewSet):
    modes = {"normal": SpaceStation, "detailed": SpaceStationDetailed}
    ordering_fields = ("id", "name", "status", "type", "founded", "volume")
