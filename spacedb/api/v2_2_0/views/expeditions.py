"""Endpoints of expeditions in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers.expeditions import Expedition, ExpeditionDetail
from spacedb.api.v2_3_0.views import expeditions as v2_3_0


class ExpeditionViewSet(v2_3_0.ExpeditionViewSet):
    modes = {"normal": Expedition, "detailed": ExpeditionDetail}
    ordering_fields = ("id", "start", "end")
