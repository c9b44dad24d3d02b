"""Endpoints of agencies in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.filters.agencies import AgencyFilterSet
from spacedb.api.v2_2_0.serializers.agencies import Agency
from spacedb.api.v2_2_0.serializers.agencies_detailed import AgencySerializerDetailed
from spacedb.api.v2_3_0.views import agencies as v2_3_0


class AgencyViewSet(v2_3_0.AgencyViewSet):
    modes = {"normal": Agency, "detailed": AgencySerializerDetailed}
    columns = ("abbrev", "type", "country_code", "founding_year")
    filterset_class = AgencyFilterSet
    filter_example = "featured=true"
    search_fields = ("name",)
    ordering_fields = ("id", "name", "featured")
    ordering_example = "featured"
