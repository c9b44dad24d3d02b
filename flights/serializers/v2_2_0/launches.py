"""Launches with the places, vehicles, missions and programmes that they are told with in Launch Library 2.2.0."""

from rest_framework.serializers import BooleanField

from agencies.models import Agency as AgencyModel
from agencies.serializers.v2_2_0 import Agency, AgencySerializerDetailedCommon, AgencySerializerMini
from flights import models
from flights.serializers.v2_3_0.launches import NetPrecision
from spacedb.api.fields import DetailURL, Integer, NaturalKey, NumberText, Text, WholeNumber
from spacedb.api.folds import FirstNumberOf, FirstOf
from spacedb.api.serializers import Serializer, keys, without
from spacedb.common.serializers.v2_2_0 import country_code, picture


class MissionPatch(Serializer):
    agency = AgencySerializerMini(allow_null=True)

    class Meta:
        model = models.MissionPatch
        fields = keys("id name priority image_url agency")


class Program(Serializer):
    url = DetailURL("2.2.0/program")
    agencies = AgencySerializerMini(many=True)
    image_url = picture("image")
    mission_patches = MissionPatch(many=True)

    class Meta:
        model = models.Program
        fields = keys(
            "id url name description agencies image_url start_date end_date info_url wiki_url mission_patches"
        )


class Family(Serializer):
    class Meta:
        model = models.LauncherConfigFamily
        fields = ("name",)


class LauncherConfigList(Serializer):
    url = DetailURL("2.2.0/config/launcher")
    family = FirstOf(Family, "name", absent="", source="families")

    class Meta:
        model = models.LauncherConfig
        fields: tuple[str, ...] = keys("id url name family full_name variant")


class LauncherConfig(LauncherConfigList):
    manufacturer = Agency(allow_null=True)
    program = Program(many=True)
    image_url = picture("image")

    class Meta(LauncherConfigList.Meta):
        fields = keys("id url name manufacturer program family full_name variant reusable image_url info_url wiki_url")


class LauncherConfigDetail(LauncherConfig):
    manufacturer = AgencySerializerDetailedCommon(allow_null=True)
    launch_cost = NumberText(int, allow_null=True)
    launch_mass = WholeNumber(allow_null=True)
    leo_capacity = WholeNumber(allow_null=True)
    gto_capacity = WholeNumber(allow_null=True)
    to_thrust = WholeNumber(allow_null=True)
    apogee = WholeNumber(allow_null=True)

    class Meta(LauncherConfig.Meta):
        fields = keys(
            "id url name active reusable description family full_name manufacturer program variant alias min_stage "
            "max_stage length diameter maiden_flight launch_cost launch_mass leo_capacity gto_capacity to_thrust "
            "apogee vehicle_range image_url info_url wiki_url total_launch_count consecutive_successful_launches "
            "successful_launches failed_launches pending_launches attempted_landings successful_landings "
            "failed_landings consecutive_successful_landings"
        )


class LauncherConfigDetailSerializerForAgency(LauncherConfigDetail):
    class Meta(LauncherConfigDetail.Meta):
        fields = keys(
            "id url name description family full_name variant alias min_stage max_stage length diameter maiden_flight "
            "launch_mass leo_capacity gto_capacity to_thrust apogee vehicle_range image_url info_url wiki_url "
            "consecutive_successful_launches successful_launches failed_launches pending_launches"
        )


class Orbit(Serializer):
    class Meta:
        model = models.Orbit
        fields = keys("id name abbrev")


class Mission(Serializer):
    type = NaturalKey(slug_field="name")
    orbit = Orbit()
    agencies = AgencySerializerDetailedCommon(many=True)

    class Meta:
        model = models.Mission
        fields = keys("id name description launch_designator type orbit agencies")


class Location(Serializer):
    url = DetailURL("2.2.0/location")
    country_code = country_code()

    class Meta:
        model = models.Location
        fields: tuple[str, ...] = keys(
            "id url name country_code description map_image timezone_name total_launch_count total_landing_count"
        )


class AgencyId(Serializer):
    class Meta:
        model = AgencyModel
        fields = ("id",)


class Pad(Serializer):
    url = DetailURL("2.2.0/pad")
    agency_id = FirstNumberOf(AgencyId, "id", source="agencies")
    latitude = NumberText(float, allow_null=True)
    longitude = NumberText(float, allow_null=True)
    location = Location(allow_null=True)
    country_code = country_code()

    class Meta:
        model = models.Pad
        fields: tuple[str, ...] = keys(
            "id url agency_id name description info_url wiki_url map_url latitude longitude location country_code "
            "map_image total_launch_count orbital_launch_attempt_count"
        )


class PadSerializerNoLocation(Pad):
    class Meta(Pad.Meta):
        fields = without(Pad.Meta.fields, "description", "location", "orbital_launch_attempt_count")


class LaunchStatus(Serializer):
    """Payload Deployed came with 2.3.0; a launch that has come so far is in flight here."""

    shown_as = {
        models.LaunchStatus.PAYLOAD_DEPLOYED: {
            "id": models.LaunchStatus.IN_FLIGHT,
            "name": "Launch in Flight",
            "abbrev": "In Flight",
            "description": "The launch vehicle has left the pad and the flight is under way.",
        }
    }

    class Meta:
        model = models.LaunchStatus
        fields: tuple[str, ...] = keys("id name abbrev description")


class LaunchSerializerMini(Serializer):
    class Meta:
        model = models.Launch
        fields = ("id", "name")


class RocketSerializerCommon(Serializer):
    absent_without = "rocket_id"

    id = Integer(source="rocket_id", read_only=True)
    configuration = LauncherConfigList()

    class Meta:
        model = models.Launch
        fields: tuple[str, ...] = keys("id configuration")


ATTEMPTS = tuple(
    f"{whose}_launch_attempt_count{when}"
    for when in ("", "_year")
    for whose in ("orbital", "location", "pad", "agency")
)


class LaunchSerializerCommon(Serializer):
    url = DetailURL("2.2.0/launch")
    status = LaunchStatus(allow_null=True)
    net_precision = NetPrecision(allow_null=True)
    launch_service_provider = AgencySerializerMini()
    rocket = RocketSerializerCommon(source="*", allow_null=True)
    mission = Mission(allow_null=True)
    pad = Pad(allow_null=True)
    image = picture()
    program = Program(many=True)

    class Meta:
        model = models.Launch
        fields: tuple[str, ...] = (
            *keys(
                "id url slug name status last_updated net window_end window_start net_precision probability "
                "weather_concerns holdreason failreason hashtag launch_service_provider rocket mission pad "
                "webcast_live image infographic program"
            ),
            *ATTEMPTS,
        )


class StageInBrief(Serializer):
    launcher = Text(source="launcher.serial_number", allow_null=True, read_only=True)
    landing = Text(source="landing.landing_location.abbrev", allow_null=True, read_only=True)
    success = BooleanField(source="landing.success", allow_null=True, read_only=True)

    class Meta:
        model = models.FirstStage
        fields = keys("launcher landing success")


def _of(source: str) -> Text:
    return Text(source=source, allow_null=True, read_only=True)


class LaunchList(LaunchSerializerCommon):
    """Names in the place of objects, for lists that are shown as they are; `landing` is the first stage's."""

    mission = _of("mission.name")
    mission_type = _of("mission.type.name")
    pad = _of("pad.name")
    location = _of("pad.location.name")
    landing = FirstOf(StageInBrief, "landing", source="launcher_stage", read_only=True)
    landing_success = FirstNumberOf(StageInBrief, "success", source="launcher_stage", read_only=True)
    launcher = FirstOf(StageInBrief, "launcher", source="launcher_stage", read_only=True)
    orbit = _of("mission.orbit.abbrev")

    class Meta(LaunchSerializerCommon.Meta):
        fields = keys(
            "id url slug name status last_updated net window_end window_start mission mission_type pad location "
            "landing landing_success launcher orbit image infographic"
        )
