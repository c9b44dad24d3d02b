"""Serializers of launcher configurations and their families in Launch Library 2.2.0."""

from flights import models
from spacedb.api.v2_2_0.serializers.agencies import Agency, AgencySerializerDetailedCommon
from spacedb.api.v2_2_0.serializers.common import image_url_field
from spacedb.api.v2_2_0.serializers.programs import Program
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import DetailURLField, NumericStringField, TruncatedFloatField
from spacedb.serializers.reductions import FirstValueReduction


class Family(Serializer):
    class Meta:
        model = models.LauncherConfigFamily
        fields = ("name",)


class LauncherConfigList(Serializer):
    url = DetailURLField("2.2.0/config/launcher")
    family = FirstValueReduction(Family, "name", default="", source="families")

    class Meta:
        model = models.LauncherConfig
        fields: tuple[str, ...] = field_names("id url name family full_name variant")
        former_fields = ("launch_library_id",)  # in documents of early 2021


class LauncherConfig(LauncherConfigList):
    manufacturer = Agency(allow_null=True)
    program = Program(many=True)
    image_url = image_url_field("image")

    class Meta(LauncherConfigList.Meta):
        fields = field_names(
            "id url name manufacturer program family full_name variant reusable image_url info_url wiki_url"
        )


class LauncherConfigDetail(LauncherConfig):
    manufacturer = AgencySerializerDetailedCommon(allow_null=True)
    launch_cost = NumericStringField(int, allow_null=True)
    launch_mass = TruncatedFloatField(allow_null=True)
    leo_capacity = TruncatedFloatField(allow_null=True)
    gto_capacity = TruncatedFloatField(allow_null=True)
    to_thrust = TruncatedFloatField(allow_null=True)
    apogee = TruncatedFloatField(allow_null=True)

    class Meta(LauncherConfig.Meta):
        fields = field_names(
            "id url name active reusable description family full_name manufacturer program variant alias min_stage "
            "max_stage length diameter maiden_flight launch_cost launch_mass leo_capacity gto_capacity to_thrust "
            "apogee vehicle_range image_url info_url wiki_url total_launch_count consecutive_successful_launches "
            "successful_launches failed_launches pending_launches attempted_landings successful_landings "
            "failed_landings consecutive_successful_landings"
        )


class LauncherConfigDetailSerializerForAgency(LauncherConfigDetail):
    class Meta(LauncherConfigDetail.Meta):
        fields = field_names(
            "id url name description family full_name variant alias min_stage max_stage length diameter maiden_flight "
            "launch_mass leo_capacity gto_capacity to_thrust apogee vehicle_range image_url info_url wiki_url "
            "consecutive_successful_launches successful_launches failed_launches pending_launches"
        )
