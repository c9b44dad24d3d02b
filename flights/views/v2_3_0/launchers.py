"""The endpoints of launch vehicles in Launch Library 2.3.0."""

from flights.filters.launchers import COUNTS, LauncherConfigFamilyFilterSet, LauncherConfigFilterSet, LauncherFilterSet
from flights.models import Launcher, LauncherConfig, LauncherConfigFamily
from flights.serializers.v2_3_0.launchers import (
    LauncherConfigDetailed,
    LauncherConfigFamilyDetailed,
    LauncherConfigFamilyMini,
    LauncherConfigFamilyNormal,
    LauncherConfigList,
    LauncherConfigNormal,
)
from flights.serializers.v2_3_0.stages import LauncherMini, LauncherNormal
from spacedb.api.fields import ResponseMode
from spacedb.api.viewsets import ReadOnlyViewSet


class LauncherConfigFamilyViewSet(ReadOnlyViewSet):
    queryset = LauncherConfigFamily.objects.all()
    modes = {
        "list": LauncherConfigFamilyMini,
        "normal": LauncherConfigFamilyNormal,
        "detailed": LauncherConfigFamilyDetailed,
    }
    tags = ("Launcher", "Families")
    filterset_class = LauncherConfigFamilyFilterSet
    filter_example = "manufacturer__name=SpaceX"
    search_fields = ("manufacturer__abbrev", "manufacturer__name", "name")
    search_example = "Ariane"
    ordering_fields = ("name", *COUNTS)
    ordering_example = "-total_launch_count"


class LauncherConfigViewSet(ReadOnlyViewSet):
    queryset = LauncherConfig.objects.all()
    modes = {"list": LauncherConfigList, "normal": LauncherConfigNormal, "detailed": LauncherConfigDetailed}
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


class LauncherDetailed(LauncherNormal):
    response_mode = ResponseMode("detailed")
    launcher_config = LauncherConfigList(allow_null=True)

    class Meta(LauncherNormal.Meta):
        fields = (*LauncherNormal.Meta.fields, "launcher_config")


class LauncherViewSet(ReadOnlyViewSet):
    queryset = Launcher.objects.all()
    modes = {"list": LauncherMini, "normal": LauncherNormal, "detailed": LauncherDetailed}
    filterset_class = LauncherFilterSet
    filter_example = "is_placeholder=True"
    search_fields = ("serial_number", "status__name")
    search_example = "B1048"
    ordering_fields = ("attempted_landings", "flight_proven", "flights", "id", "successful_landings")
    ordering_example = "-flights"
