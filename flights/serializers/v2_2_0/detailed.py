"""Launches, expeditions and spacewalks with all that is told of them in Launch Library 2.2.0."""

from agencies.serializers.v2_2_0 import AgencySerializerDetailedCommon
from flights import models
from flights.serializers.v2_2_0.flights import (
    AstronautFlight,
    AstronautFlightForExpedition,
    Landing,
    SpacecraftFlightDetailed,
    SpacecraftFlightDetailedSerializerForLaunch,
    SpaceStationDetailedSerializerForExpedition,
    SpaceStationSerializerForCommon,
    SpaceStationSerializerForExpedition,
)
from flights.serializers.v2_2_0.launches import (
    ATTEMPTS,
    LauncherConfigDetail,
    LauncherConfigList,
    LaunchSerializerCommon,
    LaunchSerializerMini,
    MissionPatch,
    Program,
    RocketSerializerCommon,
)
from flights.serializers.v2_3_0.events import EventType
from flights.serializers.v2_3_0.launches import NetPrecision
from flights.serializers.v2_3_0.launches_detailed import Update
from spacedb.api.fields import Days, DetailURL, NaturalKey
from spacedb.api.folds import FirstOf
from spacedb.api.serializers import Serializer, keys
from spacedb.common.serializers.v2_2_0 import picture


class InfoURL(Serializer):
    class Meta:
        model = models.InfoURL
        fields: tuple[str, ...] = keys("priority title description feature_image url")


class VidURL(InfoURL):
    class Meta(InfoURL.Meta):
        model = models.VidURL


class Launcher(Serializer):
    url = DetailURL("2.2.0/launcher")
    status = NaturalKey(slug_field="name")
    launcher_config = LauncherConfigList()
    image_url = picture("image")

    class Meta:
        model = models.Launcher
        fields: tuple[str, ...] = keys(
            "id url flight_proven serial_number is_placeholder status details launcher_config image_url flights "
            "last_launch_date first_launch_date"
        )


class LauncherDetail(Launcher):
    launcher_config = LauncherConfigDetail()

    class Meta(Launcher.Meta):
        fields = keys(
            "id url flight_proven serial_number is_placeholder status details launcher_config image_url "
            "successful_landings attempted_landings flights last_launch_date first_launch_date"
        )


class LauncherDetailed(Launcher):
    class Meta(Launcher.Meta):
        fields = keys(
            "id url details flight_proven serial_number status image_url successful_landings attempted_landings "
            "flights last_launch_date first_launch_date"
        )


class FirstStage(Serializer):
    type = NaturalKey(slug_field="name")
    launcher = LauncherDetailed()
    landing = Landing()
    turn_around_time_days = Days(source="turn_around_time", allow_null=True)
    previous_flight = LaunchSerializerMini()

    class Meta:
        model = models.FirstStage
        fields: tuple[str, ...] = keys(
            "id type reused launcher_flight_number launcher landing previous_flight_date turn_around_time_days "
            "previous_flight"
        )


class RocketDetailed(RocketSerializerCommon):
    configuration = LauncherConfigDetail()
    launcher_stage = FirstStage(many=True)
    spacecraft_stage = SpacecraftFlightDetailedSerializerForLaunch(source="spacecraft_flights", first={})

    class Meta(RocketSerializerCommon.Meta):
        fields = keys("id configuration launcher_stage spacecraft_stage")


class LaunchDetailed(LaunchSerializerCommon):
    launch_service_provider = AgencySerializerDetailedCommon()
    rocket = RocketDetailed(source="*", allow_null=True)
    updates = Update(many=True)
    infoURLs = InfoURL(many=True, source="info_urls")
    vidURLs = VidURL(many=True, source="vid_urls")
    mission_patches = MissionPatch(many=True)

    class Meta(LaunchSerializerCommon.Meta):
        fields = (
            *keys(
                "id url slug flightclub_url r_spacex_api_id name status last_updated updates net net_precision "
                "window_end window_start probability weather_concerns holdreason failreason hashtag "
                "launch_service_provider rocket mission pad infoURLs vidURLs webcast_live image infographic program"
            ),
            *ATTEMPTS,
            *keys("pad_turnaround mission_patches"),
        )


class SpacewalkList(Serializer):
    url = DetailURL("2.2.0/spacewalks")

    class Meta:
        model = models.Spacewalk
        fields: tuple[str, ...] = keys("id url name start end duration location")


class SpacewalkNormal(SpacewalkList):
    crew = AstronautFlight(many=True)

    class Meta(SpacewalkList.Meta):
        fields = (*SpacewalkList.Meta.fields, "crew")


class ExpeditionSerializerForSpacestation(Serializer):
    url = DetailURL("2.2.0/expedition")

    class Meta:
        model = models.Expedition
        fields: tuple[str, ...] = keys("id url name start end")


class ExpeditionDetailedSerializerForSpacestation(ExpeditionSerializerForSpacestation):
    crew = AstronautFlightForExpedition(many=True)

    class Meta(ExpeditionSerializerForSpacestation.Meta):
        fields = keys("id url name start end crew")


class ExpeditionDetailedSerializerForSpacewalk(ExpeditionSerializerForSpacestation):
    spacestation = SpaceStationSerializerForExpedition()
    mission_patches = MissionPatch(many=True)

    class Meta(ExpeditionSerializerForSpacestation.Meta):
        fields = keys("id url name start end spacestation mission_patches")


class Expedition(ExpeditionDetailedSerializerForSpacewalk):
    spacewalks = SpacewalkList(many=True)

    class Meta(ExpeditionDetailedSerializerForSpacewalk.Meta):
        fields = keys("id url name start end spacestation mission_patches spacewalks")


class ExpeditionDetail(Expedition):
    spacestation = SpaceStationDetailedSerializerForExpedition()
    crew = AstronautFlightForExpedition(many=True)
    spacewalks = SpacewalkNormal(many=True)

    class Meta(Expedition.Meta):
        fields = keys("id url name start end spacestation crew mission_patches spacewalks")


class InfoAddress(InfoURL):
    class Meta(InfoURL.Meta):
        fields = ("url",)


class VidAddress(VidURL):
    class Meta(VidURL.Meta):
        fields = ("url",)


class EventDetailedSerializerForSpacewalk(Serializer):
    url = DetailURL("2.2.0/event")
    type = EventType()
    news_url = FirstOf(InfoAddress, "url", source="info_urls")
    video_url = FirstOf(VidAddress, "url", source="vid_urls")
    feature_image = picture("image")
    date_precision = NetPrecision(allow_null=True)

    class Meta:
        model = models.Event
        fields = keys(
            "id url slug name type description webcast_live location news_url video_url feature_image date "
            "date_precision"
        )


class SpacewalkDetailed(SpacewalkNormal):
    spacestation = SpaceStationSerializerForCommon(allow_null=True)
    expedition = ExpeditionDetailedSerializerForSpacewalk(allow_null=True)
    spacecraft_flight = SpacecraftFlightDetailed(allow_null=True, match={"is_from_earth": True})
    event = EventDetailedSerializerForSpacewalk(allow_null=True)
    program = Program(many=True)

    class Meta(SpacewalkNormal.Meta):
        fields = (*SpacewalkNormal.Meta.fields, *keys("spacestation expedition spacecraft_flight event program"))
