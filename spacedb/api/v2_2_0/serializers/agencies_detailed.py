"""Serializers of agencies with the launchers and spacecraft that they manufacture in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers.agencies import BASE_FIELDS, AgencySerializerDetailedCommon
from spacedb.api.v2_2_0.serializers.launcher_configurations import LauncherConfigDetailSerializerForAgency
from spacedb.api.v2_2_0.serializers.spacecraft_configurations import SpacecraftConfigurationDetail
from spacedb.serializers.base import field_names


class AgencySerializerDetailed(AgencySerializerDetailedCommon):
    """An agency with all launchers and spacecraft that it manufactures."""

    launcher_list = LauncherConfigDetailSerializerForAgency(many=True)
    spacecraft_list = SpacecraftConfigurationDetail(many=True)

    class Meta(AgencySerializerDetailedCommon.Meta):
        fields = BASE_FIELDS + field_names(
            "parent launch_library_url total_launch_count successful_launches consecutive_successful_launches "
            "failed_launches pending_launches successful_landings failed_landings attempted_landings "
            "consecutive_successful_landings info_url wiki_url logo_url image_url nation_url launcher_list "
            "spacecraft_list"
        )
