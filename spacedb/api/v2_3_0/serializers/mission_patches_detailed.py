"""Serializers of mission patches with their launches, expeditions and programs in Launch Library 2.3.0."""

from spacedb.api.v2_3_0.serializers.agencies import AgencyDetailed
from spacedb.api.v2_3_0.serializers.expeditions import ExpeditionNormal
from spacedb.api.v2_3_0.serializers.launches import LaunchNormal
from spacedb.api.v2_3_0.serializers.mission_patches import MissionPatch
from spacedb.api.v2_3_0.serializers.programs import ProgramNormal
from spacedb.serializers.fields import ResponseModeField


class MissionPatchDetailed(MissionPatch):
    agency = AgencyDetailed(allow_null=True)
    response_mode = ResponseModeField("detailed")
    launches = LaunchNormal(many=True)
    expeditions = ExpeditionNormal(many=True)
    program = ProgramNormal(many=True, source="programs")

    class Meta(MissionPatch.Meta):
        fields = (*MissionPatch.Meta.fields, "launches", "expeditions", "program")
