"""Launches and their missions in Launch Library 2.3.0."""

from agencies.serializers.v2_3_0 import AgencyDetailed, AgencyMini
from flights import models
from flights.serializers.v2_3_0.launchers import RocketNormal
from flights.serializers.v2_3_0.places import CelestialBodyMini, Pad
from flights.serializers.v2_3_0.programs import ProgramNormal
from spacedb.api.fields import DetailURL, NaturalKey, ResponseMode, Text
from spacedb.api.serializers import Serializer
from spacedb.common.serializers.v2_3_0 import Image, InfoURLType, Language, VidURLType


class LaunchStatus(Serializer):
    name = Text(read_only=True, max_length=255)

    class Meta:
        model = models.LaunchStatus
        fields = ("id", "name", "abbrev", "description")


class NetPrecision(Serializer):
    class Meta:
        model = models.NetPrecision
        fields = ("id", "name", "abbrev", "description")


class Orbit(Serializer):
    celestial_body = CelestialBodyMini()

    class Meta:
        model = models.Orbit
        fields = ("id", "name", "abbrev", "celestial_body")


class InfoURL(Serializer):
    type = InfoURLType(allow_null=True)
    language = Language(allow_null=True)

    class Meta:
        model = models.InfoURL
        fields = ("priority", "source", "title", "description", "feature_image", "url", "type", "language")


class VidURL(Serializer):
    type = VidURLType(allow_null=True)
    language = Language(allow_null=True)

    class Meta:
        model = models.VidURL
        fields = (
            "priority",
            "source",
            "publisher",
            "title",
            "description",
            "feature_image",
            "url",
            "type",
            "language",
            "start_time",
            "end_time",
            "live",
        )


class Mission(Serializer):
    type = NaturalKey(slug_field="name")
    image = Image(allow_null=True)
    orbit = Orbit()
    agencies = AgencyDetailed(many=True)
    info_urls = InfoURL(many=True)
    vid_urls = VidURL(many=True)

    class Meta:
        model = models.Mission
        fields = ("id", "name", "type", "description", "image", "orbit", "agencies", "info_urls", "vid_urls")


class LaunchNormal(Serializer):
    url = DetailURL("2.3.0/launches")
    response_mode = ResponseMode("normal")
    status = LaunchStatus(allow_null=True)
    net_precision = NetPrecision(allow_null=True)
    image = Image(allow_null=True, read_only=True)
    infographic = Text(allow_null=True, read_only=True, max_length=1000)
    launch_service_provider = AgencyMini()
    rocket = RocketNormal(allow_null=True)
    mission = Mission(allow_null=True)
    pad = Pad(allow_null=True)
    program = ProgramNormal(many=True, allow_null=True)

    class Meta:
        model = models.Launch
        fields = (
            "id",
            "url",
            "name",
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
        extra_kwargs = {"slug": {"required": True}} | {
            name: {"allow_null": False} for name in ("last_updated", "net", "window_end", "window_start")
        }
