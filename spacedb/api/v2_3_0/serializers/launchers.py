"""Serializers of launchers: reusable first stages in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.common import Image
from spacedb.api.v2_3_0.serializers.launcher_configurations import LauncherConfigList
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField, ResponseModeField


class LauncherStatus(Serializer):
    class Meta:
        model = models.LauncherStatus
        fields = ("id", "name")


class LauncherMini(Serializer):
    response_mode = ResponseModeField("list")
    url = DetailURLField("2.3.0/launchers")
    status = LauncherStatus(allow_null=True)
    image = Image(allow_null=True, read_only=True)

    class Meta:
        model = models.Launcher
        fields: tuple[str, ...] = (
            "response_mode",
            "id",
            "url",
            "flight_proven",
            "serial_number",
            "is_placeholder",
            "status",
            "image",
        )


class LauncherNormal(LauncherMini):
    response_mode = ResponseModeField("normal")

    class Meta(LauncherMini.Meta):
        fields = (
            *LauncherMini.Meta.fields,
            "details",
            "successful_landings",
            "attempted_landings",
            "flights",
            "last_launch_date",
            "first_launch_date",
            "fastest_turnaround",
        )


class LauncherDetailed(LauncherNormal):
    response_mode = ResponseModeField("detailed")
    launcher_config = LauncherConfigList(allow_null=True)

    class Meta(LauncherNormal.Meta):
        fields = (*LauncherNormal.Meta.fields, "launcher_config")
