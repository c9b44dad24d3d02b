"""Serializers of launches with everything that flew on them in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.agencies import AgencyDetailed
from spacedb.api.v2_3_0.serializers.common import InfoURL, VidURL
from spacedb.api.v2_3_0.serializers.first_stages import FirstStageNormal
from spacedb.api.v2_3_0.serializers.launcher_configurations import LauncherConfigDetailed
from spacedb.api.v2_3_0.serializers.launches import LaunchNormal, RocketNormal
from spacedb.api.v2_3_0.serializers.mission_patches import MissionPatch
from spacedb.api.v2_3_0.serializers.payload_flights_detailed import PayloadFlightDetailed
from spacedb.api.v2_3_0.serializers.spacecraft_flights_detailed import SpacecraftFlightDetailed
from spacedb.api.v2_3_0.serializers.updates import Update
from spacedb.serializers.base import Serializer, exclude_fields
from spacedb.serializers.fields import ResponseModeField


class TimelineEventType(Serializer):
    class Meta:
        model = models.TimelineEventType
        fields = ("id", "abbrev", "description")


class TimelineEvent(Serializer):
    type = TimelineEventType(allow_null=True)

    class Meta:
        model = models.TimelineEvent
        fields = ("type", "relative_time")


class SpacecraftFlightDetailedSerializerNoLaunch(SpacecraftFlightDetailed):
    class Meta(SpacecraftFlightDetailed.Meta):
        fields = exclude_fields(SpacecraftFlightDetailed.Meta.fields, "launch")


class PayloadFlightSerializerNoLaunch(PayloadFlightDetailed):
    class Meta(PayloadFlightDetailed.Meta):
        fields = exclude_fields(PayloadFlightDetailed.Meta.fields, "launch")


class RocketDetailed(RocketNormal):
    configuration = LauncherConfigDetailed()
    launcher_stage = FirstStageNormal(many=True)
    spacecraft_stage = SpacecraftFlightDetailedSerializerNoLaunch(many=True, source="spacecraft_flights")
    payloads = PayloadFlightSerializerNoLaunch(many=True, source="payload_flights")

    class Meta(RocketNormal.Meta):
        fields = (*RocketNormal.Meta.fields, "launcher_stage", "spacecraft_stage", "payloads")


class LaunchDetailed(LaunchNormal):
    response_mode = ResponseModeField("detailed")
    launch_service_provider = AgencyDetailed()
    rocket = RocketDetailed(source="*", allow_null=True)
    updates = Update(many=True)
    info_urls = InfoURL(many=True)
    vid_urls = VidURL(many=True)
    timeline = TimelineEvent(many=True)
    mission_patches = MissionPatch(many=True)

    class Meta(LaunchNormal.Meta):
        fields = (
            *LaunchNormal.Meta.fields,
            "flightclub_url",
            "updates",
            "info_urls",
            "vid_urls",
            "timeline",
            "pad_turnaround",
            "mission_patches",
        )
        extra_kwargs = LaunchNormal.Meta.extra_kwargs | {"pad_turnaround": {"allow_null": False}}
