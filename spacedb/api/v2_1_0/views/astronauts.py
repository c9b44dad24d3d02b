"""Endpoints of astronauts in Launch Library 2.1.0."""

from spacedb.api.v2_1_0.filters.astronauts import AstronautFilterSet
from spacedb.api.v2_1_0.serializers import DERIVED
from spacedb.api.v2_2_0.views import astronauts as v2_2_0

AstronautViewSet = DERIVED.view(v2_2_0.AstronautViewSet, filterset_class=AstronautFilterSet)
