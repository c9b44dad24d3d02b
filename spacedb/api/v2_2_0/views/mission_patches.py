"""Endpoints of mission patches in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers.mission_patches import MissionPatch
from spacedb.api.v2_3_0.views import mission_patches as v2_3_0


class MissionPatchViewSet(v2_3_0.MissionPatchViewSet):
    modes = {"normal": MissionPatch}
