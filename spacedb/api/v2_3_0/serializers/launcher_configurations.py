"""Serializers of launcher configurations and their families in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.agencies import AgencyDetailed, AgencyNormal
from spacedb.api.v2_3_0.serializers.common import Image
from spacedb.api.v2_3_0.serializers.programs import ProgramNormal
from spacedb.serializers.base import Serializer, exclude_fields
from spacedb.serializers.fields import DetailURLField, ResponseModeField

LAUNCH_RECORD = (
    "total_launch_count",
    "consecutive_successful_launches",
    "successful_launches",
    "failed_launches",
    "pending_launches",
    "attempted_landings",
    "successful_landings",
    "failed_landings",
    "consecutive_successful_landings",
)
"""The totals of both configurations and families."""


class LauncherConfigFamilyMini(Serializer):
    response_mode = ResponseModeField("list")

    class Meta:
        model = models.LauncherConfigFamily
        fields: tuple[str, ...] = ("response_mode", "id", "name")


class LauncherConfigFamilyNormal(LauncherConfigFamilyMini):
    response_mode = ResponseModeField("normal")
    manufacturer = AgencyNormal(many=True)
    parent = LauncherConfigFamilyMini(allow_null=True)

    class Meta(LauncherConfigFamilyMini.Meta):
        fields = (*LauncherConfigFamilyMini.Meta.fields, "manufacturer", "parent")


class LauncherConfigFamilyDetailed(LauncherConfigFamilyNormal):
    response_mode = ResponseModeField("detailed")
    manufacturer = AgencyDetailed(many=True, allow_null=True)
    parent = LauncherConfigFamilyNormal(allow_null=True)

    class Meta(LauncherConfigFamilyNormal.Meta):
        fields = (
            *LauncherConfigFamilyNormal.Meta.fields,
            "description",
            "active",
            "maiden_flight",
            *LAUNCH_RECORD,
        )


class LauncherConfigList(Serializer):
    response_mode = ResponseModeField("list")
    url = DetailURLField("2.3.0/launcher_configurations")
    families = LauncherConfigFamilyMini(many=True, allow_null=True)

    class Meta:
        model = models.LauncherConfig
        fields: tuple[str, ...] = ("response_mode", "id", "url", "name", "families", "full_name", "variant")


class LauncherConfigNormal(LauncherConfigList):
    response_mode = ResponseModeField("normal")
    families = LauncherConfigFamilyNormal(many=True, allow_null=True)
    manufacturer = AgencyNormal(allow_null=True)
    program = ProgramNormal(many=True)
    image = Image(allow_null=True)

    class Meta(LauncherConfigList.Meta):
        fields = (
            *LauncherConfigList.Meta.fields,
            "active",
            "is_placeholder",
            "manufacturer",
            "program",
            "reusable",
            "image",
            "info_url",
            "wiki_url",
        )


class LauncherConfigDetailed(LauncherConfigNormal):
    response_mode = ResponseModeField("detailed")
    families = LauncherConfigFamilyDetailed(many=True, allow_null=True)
    manufacturer = AgencyDetailed(allow_null=True)

    class Meta(LauncherConfigNormal.Meta):
        fields = (
            *LauncherConfigNormal.Meta.fields,
            "description",
            "alias",
            "min_stage",
            "max_stage",
            "length",
            "diameter",
            "maiden_flight",
            "launch_cost",
            "launch_mass",
            "leo_capacity",
            "gto_capacity",
            "geo_capacity",
            "sso_capacity",
            "to_thrust",
            "apogee",
            *LAUNCH_RECORD,
            "fastest_turnaround",
        )


class LauncherConfigDetailedSerializerNoManufacturer(LauncherConfigDetailed):
    """Nested in its manufacturer."""

    class Meta(LauncherConfigDetailed.Meta):
        fields = exclude_fields(LauncherConfigDetailed.Meta.fields, "manufacturer")
