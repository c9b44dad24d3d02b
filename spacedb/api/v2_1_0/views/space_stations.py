"""Endpoints of space stations in Launch Library 2.1.0."""

from spacedb.api.v2_1_0.filters.space_stations import SpaceStationFilterSet
from spacedb.api.v2_1_0.serializers import DERIVED
from spacedb.api.v2_2_0.views import space_stations as v2_2_0

SpaceStationViewSet = DERIVED.view(
    v2_2_0.SpaceStationViewSet, filterset_class=SpaceStationFilterSet, filter_example="owners__abbrev=NASA"
)
