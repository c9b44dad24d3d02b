"""The endpoint of agencies in Launch Library 2.2.0."""

from agencies import filters
from agencies.serializers.v2_2_0 import ABOUT, Agency, AgencySerializerDetailedCommon
from agencies.views import v2_3_0
from flights.serializers.v2_2_0.launches import LauncherConfigDetailSerializerForAgency
from spacecraft.serializers.v2_2_0 import SpacecraftConfigurationDetail
from spacedb.api.filters import COUNTED, TEXT
from spacedb.api.help import Capitals
from spacedb.api.serializers import keys


class AgencySerializerDetailed(AgencySerializerDetailedCommon):
    """An agency with all the vehicles that it makes."""

    launcher_list = LauncherConfigDetailSerializerForAgency(many=True)
    spacecraft_list = SpacecraftConfigurationDetail(many=True)

    class Meta(AgencySerializerDetailedCommon.Meta):
        fields = ABOUT + keys(
            "parent launch_library_url total_launch_count successful_launches consecutive_successful_launches "
            "failed_launches pending_launches successful_landings failed_landings attempted_landings "
            "consecutive_successful_landings info_url wiki_url logo_url image_url nation_url launcher_list "
            "spacecraft_list"
        )


class AgencyFilterSet(filters.AgencyFilterSet):
    renamed = {"type__id": "agency_type", "parent__id": "parent"}

    class Meta(filters.AgencyFilterSet.Meta):
        fields = filters.AgencyFilterSet.Meta.fields | {
            "administrator": TEXT,
            "founding_year": TEXT,
            "id": COUNTED,
        }


class AgencyViewSet(Capitals, v2_3_0.AgencyViewSet):
    modes = {"normal": Agency, "detailed": AgencySerializerDetailed}
    filterset_class = AgencyFilterSet
    filter_example = "featured=true"
    search_fields = ("name",)
    ordering_fields = ("id", "name", "featured")
    ordering_example = "featured"
    ordering = ("name",)
