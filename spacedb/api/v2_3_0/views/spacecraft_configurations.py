"""Endpoints of spacecraft configurations and their families in Launch Library 2.3.0."""

from spacecraft.models import SpacecraftConfig, SpacecraftConfigFamily
from spacedb.api.v2_3_0.filters.spacecraft_configurations import (
    SpacecraftConfigFamilyFilterSet,
    SpacecraftConfigFilterSet,
)
from spacedb.api.v2_3_0.serializers.spacecraft_configurations import (
    SpacecraftConfigDetailed,
    SpacecraftConfigFamilyEndpointDetailed,
    SpacecraftConfigFamilyMini,
    SpacecraftConfigFamilyNormal,
    SpacecraftConfigNormal,
)
from spacedb.rest.viewsets import ReadOnlyViewSet


class SpacecraftConfigViewSet(ReadOnlyViewSet):
    queryset = SpacecraftConfig.objects.all()
    resource_name = "SpacecraftConfiguration"
    modes = {"normal": SpacecraftConfigNormal, "detailed": SpacecraftConfigDetailed}
    columns = ("agency", "type", "in_use", "maiden_flight", "crew_capacity")
    filterset_class = SpacecraftConfigFilterSet
    filter_example = "human_rated=True"
    search_fields = ("name", "agency__name", "agency__abbrev")
    search_example = "Dragon"
    ordering_fields = ("name",)
    ordering_example = "name"
    ordering = ("name",)


class SpacecraftConfigFamilyViewSet(ReadOnlyViewSet):
    queryset = SpacecraftConfigFamily.objects.all()
    modes = {
        "list": SpacecraftConfigFamilyMini,
        "normal": SpacecraftConfigFamilyNormal,
        "detailed": SpacecraftConfigFamilyEndpointDetailed,
    }
    columns = ("manufacturer", "maiden_flight", "spacecraft_flown", "total_launch_count")
    filterset_class = SpacecraftConfigFamilyFilterSet
    filter_example = "manufacturer=121"
    search_fields = ("name", "manufacturer__name", "manufacturer__abbrev")
    search_example = "Northrop"
    ordering_fields = ("name",)
    ordering_example = "name"
