"""Launches with all that flew, and all that is told of them, in Launch Library 2.3.0."""

from agencies.serializers.v2_3_0 import AgencyDetailed
from flights import models
from flights.serializers.v2_3_0.launchers import LauncherConfigDetailed
from flights.serializers.v2_3_0.launches import LaunchNormal, RocketNormal
from flights.serializers.v2_3_0.links import InfoURL, VidURL
from flights.serializers.v2_3_0.payload_flights import PayloadFlightDetailed
from flights.serializers.v2_3_0.programs import MissionPatch
from flights.serializers.v2_3_0.spacecraft_flights import SpacecraftFlightDetailed
from flights.serializers.v2_3_0.stages import FirstStageNormal
from spacedb.api.fields import Integer, ResponseMode, Text
from spacedb.api.serializers import Serializer, without


class Update(Serializer):
    id = Integer()
    profile_image = Text(allow_null=True, read_only=True)
    created_by = Text(allow_null=True, read_only=True)

    class Meta:
        model = models.Update
        fields = ("id", "profile_image", "comment", "info_url", "created_by", "created_on")
        extra_kwargs = {"created_on": {"allow_null": False}}


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
        fields = without(SpacecraftFlightDetailed.Meta.fields, "launch")


class PayloadFlightSerializerNoLaunch(PayloadFlightDetailed):
    class Meta(PayloadFlightDetailed.Meta):
        fields = without(PayloadFlightDetailed.Meta.fields, "launch")


class RocketDetailed(RocketNormal):
    configuration = LauncherConfigDetailed()
    launcher_stage = FirstStageNormal(many=True)
    spacecraft_stage = SpacecraftFlightDetailedSerializerNoLaunch(many=True, source="spacecraft_flights")
    payloads = PayloadFlightSerializerNoLaunch(many=True, source="payload_flights")

    class Meta(RocketNormal.Meta):
        fields = (*RocketNormal.Meta.fields, "launcher_stage", "spacecraft_stage", "payloads")


class LaunchDetailed(LaunchNormal):
    response_mode = ResponseMode("detailed")
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
