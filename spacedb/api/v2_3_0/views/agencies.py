"""Endpoints of agencies in Launch Library 2.3.0."""

from agencies.models import Agency
from spacedb.api.v2_3_0.filters.agencies import AgencyFilterSet
from spacedb.api.v2_3_0.serializers.agencies import AgencyMini, AgencyNormal
from spacedb.api.v2_3_0.serializers.agencies_detailed import AgencyEndpointDetailed
from spacedb.rest.viewsets import ReadOnlyViewSet


class AgencyViewSet(ReadOnlyViewSet):
    queryset = Agency.objects.all()
    modes = {"list": AgencyMini, "normal": AgencyNormal, "detailed": AgencyEndpointDetailed}
    columns = ("abbrev", "type", "country", "founding_year")
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
    ordering = ("name",)
