"""Serializers of launches with their stages, updates and links in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers.agencies import AgencySerializerDetailedCommon
from spacedb.api.v2_2_0.serializers.common import InfoURL, VidURL
from spacedb.api.v2_2_0.serializers.first_stages import FirstStage
from spacedb.api.v2_2_0.serializers.launcher_configurations import LauncherConfigDetail
from spacedb.api.v2_2_0.serializers.launches import ATTEMPT_COUNTS, LaunchSerializerCommon, RocketSerializerCommon
from spacedb.api.v2_2_0.serializers.mission_patches import MissionPatch
from spacedb.api.v2_2_0.serializers.spacecraft_flights_detailed import SpacecraftFlightDetailedSerializerForLaunch
from spacedb.api.v2_3_0.serializers.launches_detailed import TimelineEvent
from spacedb.api.v2_3_0.serializers.updates import Update
from spacedb.serializers.base import field_names
from spacedb.serializers.fields import ResponseModeField
from spacedb.serializers.reductions import FirstReduction


class RocketDetailed(RocketSerializerCommon):
    configuration = LauncherConfigDetail()
    launcher_stage = FirstStage(many=True)
    spacecraft_stage = FirstReduction(SpacecraftFlightDetailedSerializerForLaunch, source="spacecraft_flights")

    class Meta(RocketSerializerCommon.Meta):
        fields = field_names("id configuration launcher_stage spacecraft_stage")


class LaunchDetailed(LaunchSerializerCommon):
    launch_service_provider = AgencySerializerDetailedCommon()
    rocket = RocketDetailed(source="*", allow_null=True)
    type = ResponseModeField("detailed")
    updates = Update(many=True)
    infoURLs = InfoURL(many=True, source="info_urls")
    vidURLs = VidURL(many=True, source="vid_urls")
    timeline = TimelineEvent(many=True)
    mission_patches = MissionPatch(many=True)

    class Meta(LaunchSerializerCommon.Meta):
        fields = (
            *field_names(
                "id url slug flightclub_url r_spacex_api_id name status last_updated updates net net_precision "
                "window_end window_start probability weather_concerns holdreason failreason hashtag "
                "launch_service_provider rocket mission pad infoURLs vidURLs webcast_live timeline image infographic "
                "program"
            ),
            *ATTEMPT_COUNTS,
            *field_names("pad_turnaround mission_patches type"),
        )
