"""Endpoints of launcher configurations and their families in Launch Library 2.3.0."""

from flights.models import LauncherConfig, LauncherConfigFamily
from spacedb.api.v2_3_0.filters.launcher_configurations import (
    COUNTS,
    LauncherConfigFamilyFilterSet,
    LauncherConfigFilterSet,
)
from spacedb.api.v2_3_0.serializers.launcher_configurations import (
    LauncherConfigDetailed,
    LauncherConfigFamilyDetailed,
    LauncherConfigFamilyMini,
    LauncherConfigFamilyNormal,
    LauncherConfigList,
    LauncherConfigNormal,
)
from spacedb.rest.viewsets import ReadOnlyViewSet


class LauncherConfigFamilyViewSet(ReadOnlyViewSet):
    queryset = LauncherConfigFamily.objects.all()
    modes = {
        "list": LauncherConfigFamilyMini,
        "normal": LauncherConfigFamilyNormal,
        "detailed": LauncherConfigFamilyDetailed,
    }
    columns = ("manufacturer", "parent", "maiden_flight", "total_launch_count")
    filterset_class = LauncherConfigFamilyFilterSet
    filter_example = "manufacturer__name=SpaceX"
    search_fields = ("manufacturer__abbrev", "manufacturer__name", "name")
    search_example = "Ariane"
    ordering_fields = ("name", *COUNTS)
    ordering_example = "-total_launch_count"


class LauncherConfigViewSet(ReadOnlyViewSet):
    queryset = LauncherConfig.objects.all()
    modes = {"list": LauncherConfigList, "normal": LauncherConfigNormal, "detailed": LauncherConfigDetailed}
    columns = ("manufacturer", "families", "reusable", "maiden_flight", "total_launch_count")
    filterset_class = LauncherConfigFilterSet
    filter_example = "manufacturer__name=SpaceX"
    search_fields = ("full_name", "manufacturer__abbrev", "manufacturer__name", "name")
    search_example = "Soyuz"
    ordering_fields = (
        "name",
        "maiden_flight",
        "launch_cost",
        "launch_mass",
        "leo_capacity",
        "gto_capacity",
        *COUNTS,
    )
    ordering_example = "-total_launch_count"
