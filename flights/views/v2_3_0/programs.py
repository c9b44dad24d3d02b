"""The endpoints of programmes and mission patches in Launch Library 2.3.0."""

from agencies.serializers.v2_3_0 import AgencyDetailed
from flights.filters.programs import MissionPatchFilterSet
from flights.models import MissionPatch as MissionPatchModel
from flights.models import Program
from flights.serializers.v2_3_0.expeditions import ExpeditionNormal
from flights.serializers.v2_3_0.launches import LaunchNormal
from flights.serializers.v2_3_0.programs import MissionPatch, ProgramMini, ProgramNormal
from spacedb.api.fields import ResponseMode
from spacedb.api.viewsets import ReadOnlyViewSet


class ProgramViewSet(ReadOnlyViewSet):
    queryset = Program.objects.all()
    modes = {"list": ProgramMini, "normal": ProgramNormal}


class MissionPatchDetailed(MissionPatch):
    agency = AgencyDetailed(allow_null=True)
    response_mode = ResponseMode("detailed")
    launches = LaunchNormal(many=True)
    expeditions = ExpeditionNormal(many=True)
    program = ProgramNormal(many=True, source="programs")

    class Meta(MissionPatch.Meta):
        fields = (*MissionPatch.Meta.fields, "launches", "expeditions", "program")


class MissionPatchViewSet(ReadOnlyViewSet):
    queryset = MissionPatchModel.objects.all()
    modes = {"normal": MissionPatch, "detailed": MissionPatchDetailed}
    tags = ("Patches",)
    filterset_class = MissionPatchFilterSet
    filter_example = "agency__id=147"
    search_fields = ("agency__name", "name")
    search_example = "Ariane"
    ordering_fields = ("agency__name", "id", "name", "priority")
    ordering_example = "priority"
