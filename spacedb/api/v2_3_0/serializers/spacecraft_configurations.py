"""Serializers of spacecraft configurations and their families in Launch Library 2.3.0."""

from spacecraft import models
from spacedb.api.v2_3_0.serializers.agencies import AgencyMini, AgencyNormal
from spacedb.api.v2_3_0.serializers.common import Image
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField, ResponseModeField

FLIGHT_RECORD = (
    "spacecraft_flown",
    "total_launch_count",
    "successful_launches",
    "failed_launches",
    "attempted_landings",
    "successful_landings",
    "failed_landings",
)
"""The totals of both configurations and families."""


class SpacecraftConfigType(Serializer):
    class Meta:
        model = models.SpacecraftConfigType
        fields = ("id", "name")


class SpacecraftConfigFamilyMini(Serializer):
    response_mode = ResponseModeField("list")

    class Meta:
        model = models.SpacecraftConfigFamily
        fields: tuple[str, ...] = ("response_mode", "id", "name")


class SpacecraftConfigFamilyNormal(SpacecraftConfigFamilyMini):
    response_mode = ResponseModeField("normal")
    manufacturer = AgencyMini(allow_null=True)
    parent = SpacecraftConfigFamilyMini(allow_null=True)

    class Meta(SpacecraftConfigFamilyMini.Meta):
        fields = (*SpacecraftConfigFamilyMini.Meta.fields, "description", "manufacturer", "parent", "maiden_flight")


class SpacecraftConfigFamilyDetailed(SpacecraftConfigFamilyNormal):
    """Nested in a detailed configuration. Its `response_mode` is `normal` in the official OpenAPI document."""

    manufacturer = AgencyNormal()
    parent = SpacecraftConfigFamilyNormal(allow_null=True)

    class Meta(SpacecraftConfigFamilyNormal.Meta):
        fields = (*SpacecraftConfigFamilyNormal.Meta.fields, *FLIGHT_RECORD)


class SpacecraftConfigNormal(Serializer):
    response_mode = ResponseModeField("normal")
    url = DetailURLField("2.3.0/spacecraft_configurations")
    type = SpacecraftConfigType()
    agency = AgencyMini()
    family = SpacecraftConfigFamilyNormal(many=True, allow_null=True)
    image = Image(allow_null=True)

    class Meta:
        model = models.SpacecraftConfig
        fields: tuple[str, ...] = (
            "response_mode",
            "id",
            "url",
            "name",
            "type",
            "agency",
            "family",
            "in_use",
            "image",
        )


class SpacecraftConfigDetailed(SpacecraftConfigNormal):
    response_mode = ResponseModeField("detailed")
    agency = AgencyNormal()
    family = SpacecraftConfigFamilyDetailed(many=True, allow_null=True)

    class Meta(SpacecraftConfigNormal.Meta):
        fields = (
            *SpacecraftConfigNormal.Meta.fields,
            "capability",
            "history",
            "details",
            "maiden_flight",
            "height",
            "diameter",
            "human_rated",
            "crew_capacity",
            "payload_capacity",
            "payload_return_capacity",
            "flight_life",
            "wiki_link",
            "info_link",
            *FLIGHT_RECORD,
            "fastest_turnaround",
        )


class SpacecraftConfigFamilyEndpointDetailed(SpacecraftConfigFamilyDetailed):
    response_mode = ResponseModeField("detailed")
    spacecraft = SpacecraftConfigNormal(many=True)

    class Meta(SpacecraftConfigFamilyDetailed.Meta):
        fields = (*SpacecraftConfigFamilyDetailed.Meta.fields, "spacecraft")
