"""Serializers of agencies with the vehicles that they make in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers.agencies import ABOUT, AgencySerializerDetailedCommon
from spacedb.api.v2_2_0.serializers.launcher_configurations import LauncherConfigDetailSerializerForAgency
from spacedb.api.v2_2_0.serializers.spacecraft_configurations import SpacecraftConfigurationDetail
from spacedb.serializers.base import field_names


class AgencySerializerDetailed(AgencySerializerDetailedCommon):
    """An agency with all the vehicles that it makes."""

    launcher_list = LauncherConfigDetailSerializerForAgency(many=True)
    spacecraft_list = SpacecraftConfigurationDetail(many=True)

    class Meta(AgencySerializerDetailedCommon.Meta):
        fields = ABOUT + field_names(
            "parent launch_library_url total_launch_count successful_launches consecutive_successful_launches "
            "failed_launches pending_launches successful_landings failed_landings attempted_landings "
            "consecutive_successful_landings info_url wiki_url logo_url image_url nation_url launcher_list "
            "spacecraft_list"
        )
