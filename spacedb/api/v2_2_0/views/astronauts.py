"""Endpoints of astronauts and crews in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.filters.astronauts import AstronautFilterSet
from spacedb.api.v2_2_0.serializers.astronauts import AstronautList, AstronautNormal
from spacedb.api.v2_2_0.serializers.astronauts_detailed import AstronautDetailed
from spacedb.api.v2_3_0.views import astronauts as v2_3_0


class AstronautViewSet(v2_3_0.AstronautViewSet):
    modes = {"normal": AstronautNormal, "list": AstronautList, "detailed": AstronautDetailed}
    filterset_class = AstronautFilterSet
    ordering_fields = ("name", "status", "date_of_birth")
    ordering_example = "name"
