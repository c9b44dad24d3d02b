"""Endpoints of launchers: reusable first stages in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.filters.launchers import LauncherFilterSet
from spacedb.api.v2_2_0.serializers.launchers import Launcher, LauncherDetail
from spacedb.api.v2_3_0.views import launchers as v2_3_0


class LauncherViewSet(v2_3_0.LauncherViewSet):
    modes = {"normal": Launcher, "detailed": LauncherDetail}
    filterset_class = LauncherFilterSet
    search_fields = ("serial_number", "status__name")
    ordering_fields = ("id", "flight_proven")
    ordering_example = "flight_proven"
