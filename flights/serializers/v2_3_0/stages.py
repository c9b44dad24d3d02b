"""First stages, and their flights, in Launch Library 2.3.0."""

from flights import models
from flights.serializers.v2_3_0.landings import Landing
from flights.serializers.v2_3_0.launches import LaunchMini
from spacedb.api.fields import DetailURL, NaturalKey, ResponseMode
from spacedb.api.serializers import Serializer
from spacedb.common.serializers.v2_3_0 import Image


class LauncherStatus(Serializer):
    class Meta:
        model = models.LauncherStatus
        fields = ("id", "name")


class LauncherMini(Serializer):
    response_mode = ResponseMode("list")
    url = DetailURL("2.3.0/launchers")
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
    response_mode = ResponseMode("normal")

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


class FirstStageType(Serializer):
    class Meta:
        model = models.FirstStageType
        fields = ("id", "name")


class FirstStageMini(Serializer):
    type = NaturalKey(slug_field="name")
    launcher = LauncherMini()

    class Meta:
        model = models.FirstStage
        fields: tuple[str, ...] = (
            "id",
            "type",
            "reused",
            "launcher_flight_number",
            "launcher",
            "previous_flight_date",
            "turn_around_time",
        )
        extra_kwargs = {"turn_around_time": {"allow_null": False}}


class FirstStageNormal(FirstStageMini):
    launcher = LauncherNormal()
    landing = Landing()
    previous_flight = LaunchMini()

    class Meta(FirstStageMini.Meta):
        fields = (*FirstStageMini.Meta.fields, "landing", "previous_flight")
