"""Endpoints of launcher configurations and their families in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.filters.launcher_configurations import LauncherConfigFilterSet
from spacedb.api.v2_2_0.serializers.launcher_configurations import (
    LauncherConfig,
    LauncherConfigDetail,
    LauncherConfigList,
)
from spacedb.api.v2_3_0.views import launcher_configurations as v2_3_0


class LauncherConfigViewSet(v2_3_0.LauncherConfigViewSet):
    modes = {
        "normal": LauncherConfig,
        "list": LauncherConfigList,
        "detailed": LauncherConfigDetail,
    }
    columns = ("manufacturer", "family", "reusable", "maiden_flight", "total_launch_count")
    filterset_class = LauncherConfigFilterSet
    search_fields = ("name", "manufacturer__name", "full_name", "description")
    ordering_fields = ("name", "launch_mass", "leo_capacity", "gto_capacity", "launch_cost")
    ordering_example = "-leo_capacity"
    ordering = ("name",)
