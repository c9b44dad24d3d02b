"""Endpoints of expeditions in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.filters.expeditions import ExpeditionFilterSet
from spacedb.api.v2_2_0.serializers.expeditions import Expedition, ExpeditionDetail
from spacedb.api.v2_3_0.views import expeditions as v2_3_0


class ExpeditionViewSet(v2_3_0.ExpeditionViewSet):
    modes = {"normal": Expedition, "detailed": ExpeditionDetail}
    filterset_class = ExpeditionFilterSet
    ordering_fields = ("id", "start", "end")
