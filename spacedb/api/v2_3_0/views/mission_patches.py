"""Endpoints of mission patches in Launch Library 2.3.0."""

from flights.models import MissionPatch as MissionPatchModel
from spacedb.api.v2_3_0.filters.mission_patches import MissionPatchFilterSet
from spacedb.api.v2_3_0.serializers.mission_patches import MissionPatch
from spacedb.api.v2_3_0.serializers.mission_patches_detailed import MissionPatchDetailed
from spacedb.rest.viewsets import ReadOnlyViewSet


class MissionPatchViewSet(ReadOnlyViewSet):
    queryset = MissionPatchModel.objects.all()
    modes = {"normal": MissionPatch, "detailed": MissionPatchDetailed}
    columns = ("agency", "priority")
    filterset_class = MissionPatchFilterSet
    filter_example = "agency__id=147"
    search_fields = ("agency__name", "name")
    search_example = "Ariane"
    ordering_fields = ("agency__name", "id", "name", "priority")
    ordering_example = "priority"
