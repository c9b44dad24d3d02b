"""The endpoint of agencies in Launch Library 2.3.0."""

from agencies.filters import AgencyFilterSet
from agencies.models import Agency
from agencies.serializers.v2_3_0 import AgencyDetailed, AgencyMini, AgencyNormal
from flights.serializers.v2_3_0.launchers import LauncherConfigDetailedSerializerNoManufacturer
from spacecraft.serializers.v2_3_0 import SpacecraftConfigDetailed
from spacedb.api.fields import ResponseMode
from spacedb.api.viewsets import ReadOnlyViewSet


class AgencyEndpointDetailed(AgencyDetailed):
    """An agency with all the vehicles that it makes."""

    response_mode = ResponseMode("detailed")
    launcher_list = LauncherConfigDetailedSerializerNoManufacturer(many=True)
    spacecraft_list = SpacecraftConfigDetailed(many=True)

    class Meta(AgencyDetailed.Meta):
        fields = (*AgencyDetailed.Meta.fields, "launcher_list", "spacecraft_list")


class AgencyViewSet(ReadOnlyViewSet):
    queryset = Agency.objects.all()
    modes = {"list": AgencyMini, "normal": AgencyNormal, "detailed": AgencyEndpointDetailed}
    filterset_class = AgencyFilterSet
    filter_example = "abbrev=NASA"
    search_fields = ("name", "abbrev")
    search_example = "SpaceX"
    ordering_fields = (
        "id",
        "name",
        "featured",
        "total_launch_count",
        "successful_launches",
        "failed_launches",
        "pending_launches",
        "consecutive_successful_launches",
        "attempted_landings",
        "successful_landings",
        "failed_landings",
        "consecutive_successful_landings",
    )
    ordering_example = "-total_launch_count"
