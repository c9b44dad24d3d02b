"""Serializers of launches in Launch Library 2.2.0."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from typing_extensions import override

from flights import models
from spacedb.api.v2_2_0.serializers.agencies import AgencySerializerMini
from spacedb.api.v2_2_0.serializers.common import image_url_field
from spacedb.api.v2_2_0.serializers.launcher_configurations import LauncherConfigList
from spacedb.api.v2_2_0.serializers.missions import Mission
from spacedb.api.v2_2_0.serializers.pads import Pad
from spacedb.api.v2_2_0.serializers.programs import Program
from spacedb.api.v2_3_0.serializers.launches import NetPrecision
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import (
    DetailURLField,
    FallbackTextField,
    IntegerField,
    NaturalKeyField,
    NullField,
    ResponseModeField,
)


class LaunchStatus(Serializer):
    """Version 2.2.0 has no status "Payload Deployed": such a launch is represented as "In Flight"."""

    @classmethod
    @override
    def substitute(cls, instance: Any) -> Any:
        if instance.pk != models.LaunchStatus.PAYLOAD_DEPLOYED:
            return instance
        return models.LaunchStatus(
            id=models.LaunchStatus.IN_FLIGHT,
            name="Launch in Flight",
            abbrev="In Flight",
            description="The launch vehicle has left the pad and the flight is under way.",
        )

    @classmethod
    @override
    def stored_ids(cls, pk: Any) -> list[Any]:
        match pk:
            case models.LaunchStatus.PAYLOAD_DEPLOYED:
                return []
            case models.LaunchStatus.IN_FLIGHT:
                return [pk, models.LaunchStatus.PAYLOAD_DEPLOYED]
            case _:
                return [pk]

    class Meta:
        model = models.LaunchStatus
        fields: tuple[str, ...] = field_names("id name abbrev description")


class LaunchSerializerMini(Serializer):
    class Meta:
        model = models.Launch
        fields = ("id", "name")


class RocketSerializerCommon(Serializer):
    null_without = "rocket_id"

    id = IntegerField(source="rocket_id", read_only=True)
    configuration = LauncherConfigList()

    class Meta:
        model = models.Launch
        fields: tuple[str, ...] = field_names("id configuration")


ATTEMPT_COUNTS = tuple(
    f"{scope}_launch_attempt_count{suffix}"
    for suffix in ("", "_year")
    for scope in ("orbital", "location", "pad", "agency")
)
"""The numbers of launch attempts, in total and in the year of the launch."""


class LaunchSerializerCommon(Serializer):
    url = DetailURLField("2.2.0/launch")
    status = LaunchStatus(allow_null=True)
    net_precision = NetPrecision(allow_null=True)
    launch_service_provider = AgencySerializerMini()
    rocket = RocketSerializerCommon(source="*", allow_null=True)
    mission = Mission(allow_null=True)
    pad = Pad(allow_null=True)
    image = image_url_field()
    program = Program(many=True)
    type = ResponseModeField("normal")

    class Meta:
        model = models.Launch
        fields: tuple[str, ...] = (
            *field_names(
                "id url slug name status last_updated net window_end window_start net_precision probability "
                "weather_concerns holdreason failreason hashtag launch_service_provider rocket mission pad "
                "webcast_live image infographic program"
            ),
            *ATTEMPT_COUNTS,
            "type",
        )


class LaunchList(LaunchSerializerCommon):
    """A flat representation with names in place of related objects.

    Upstream represents `landing`, `landing_success`, `launcher` and `orbit` by null, even where the other modes contain
    their values.
    """

    lsp_name = NaturalKeyField(source="launch_service_provider", slug_field="name", allow_null=True)
    mission = FallbackTextField("mission.name", "list_mode_mission")
    mission_type = FallbackTextField("mission.type.name", "list_mode_mission_type")
    pad = FallbackTextField("pad.name", "list_mode_pad")
    location = FallbackTextField("pad.location.name", "list_mode_location")
    landing = NullField(OpenApiTypes.STR)
    landing_success = NullField(OpenApiTypes.INT)
    launcher = NullField(OpenApiTypes.STR)
    orbit = NullField(OpenApiTypes.STR)
    type = ResponseModeField("list")

    class Meta(LaunchSerializerCommon.Meta):
        fields = field_names(
            "id url slug name status last_updated net net_precision window_end window_start lsp_name mission "
            "mission_type pad location landing landing_success launcher orbit image infographic type"
        )
