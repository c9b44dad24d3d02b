"""Endpoints of locations in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.filters.locations import LocationFilterSet
from spacedb.api.v2_2_0.serializers.locations import Location
from spacedb.api.v2_2_0.serializers.locations_detailed import LocationDetail
from spacedb.api.v2_3_0.views import locations as v2_3_0


class LocationViewSet(v2_3_0.LocationViewSet):
    modes = {"normal": Location, "detailed": LocationDetail}
    columns = ("country_code", "timezone_name", "total_launch_count", "total_landing_count")
    filterset_class = LocationFilterSet
    ordering_fields = ()
