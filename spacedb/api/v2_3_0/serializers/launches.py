"""Serializers of launches in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.agencies import AgencyMini
from spacedb.api.v2_3_0.serializers.common import Image
from spacedb.api.v2_3_0.serializers.launcher_configurations import LauncherConfigList
from spacedb.api.v2_3_0.serializers.missions import Mission
from spacedb.api.v2_3_0.serializers.pads import Pad
from spacedb.api.v2_3_0.serializers.programs import ProgramNormal
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField, IntegerField, ResponseModeField, TextField


class LaunchStatus(Serializer):
    name = TextField(read_only=True, max_length=255)

    class Meta:
        model = models.LaunchStatus
        fields = ("id", "name", "abbrev", "description")


class NetPrecision(Serializer):
    class Meta:
        model = models.NetPrecision
        fields = ("id", "name", "abbrev", "description")


class LaunchMini(Serializer):
    url = DetailURLField("2.3.0/launches")

    class Meta:
        model = models.Launch
        fields: tuple[str, ...] = ("id", "url", "name")


class LaunchBasic(LaunchMini):
    response_mode = ResponseModeField("list")
    status = LaunchStatus(allow_null=True)
    net_precision = NetPrecision(allow_null=True)
    image = Image(allow_null=True, read_only=True)
    infographic = TextField(allow_null=True, read_only=True, max_length=1000)

    class Meta(LaunchMini.Meta):
        fields = (
            *LaunchMini.Meta.fields,
            "response_mode",
            "slug",
            "launch_designator",
            "status",
            "last_updated",
            "net",
            "net_precision",
            "window_end",
            "window_start",
            "image",
            "infographic",
        )
        extra_kwargs = {"slug": {"required": True}} | {
            name: {"allow_null": False} for name in ("last_updated", "net", "window_end", "window_start")
        }


class RocketNormal(Serializer):
    """The rocket is stored as a part of its launch, because each rocket has exactly one launch."""

    null_without = "rocket_id"
    id = IntegerField(source="rocket_id", read_only=True)
    configuration = LauncherConfigList()

    class Meta:
        model = models.Launch
        fields: tuple[str, ...] = ("id", "configuration")


class LaunchNormal(LaunchBasic):
    response_mode = ResponseModeField("normal")
    launch_service_provider = AgencyMini()
    rocket = RocketNormal(source="*", allow_null=True)
    mission = Mission(allow_null=True)
    pad = Pad(allow_null=True)
    program = ProgramNormal(many=True, allow_null=True)

    class Meta(LaunchBasic.Meta):
        fields = (
            *LaunchBasic.Meta.fields,
            "probability",
            "weather_concerns",
            "failreason",
            "hashtag",
            "launch_service_provider",
            "rocket",
            "mission",
            "pad",
            "webcast_live",
            "program",
            "orbital_launch_attempt_count",
            "location_launch_attempt_count",
            "pad_launch_attempt_count",
            "agency_launch_attempt_count",
            "orbital_launch_attempt_count_year",
            "location_launch_attempt_count_year",
            "pad_launch_attempt_count_year",
            "agency_launch_attempt_count_year",
        )
