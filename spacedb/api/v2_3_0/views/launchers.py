"""Endpoints of launchers: reusable first stages in Launch Library 2.3.0."""

from flights.models import Launcher
from spacedb.api.v2_3_0.filters.launchers import LauncherFilterSet
from spacedb.api.v2_3_0.serializers.launchers import LauncherDetailed, LauncherMini, LauncherNormal
from spacedb.rest.viewsets import ReadOnlyViewSet


class LauncherViewSet(ReadOnlyViewSet):
    queryset = Launcher.objects.all()
    modes = {"list": LauncherMini, "normal": LauncherNormal, "detailed": LauncherDetailed}
    columns = ("status", "flights", "successful_landings", "last_launch_date")
    filterset_class = LauncherFilterSet
    filter_example = "is_placeholder=True"
    search_fields = ("serial_number", "status__name")
    search_example = "B1048"
    ordering_fields = ("attempted_landings", "flight_proven", "flights", "id", "successful_landings")
    ordering_example = "-flights"
    ordering = ("serial_number",)
