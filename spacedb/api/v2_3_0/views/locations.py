"""Endpoints of locations in Launch Library 2.3.0."""

from flights.models import CelestialBody
from flights.models import Location as LocationModel
from spacedb.api.v2_3_0.filters.locations import LocationFilterSet
from spacedb.api.v2_3_0.serializers.locations import Location
from spacedb.api.v2_3_0.serializers.locations_detailed import LocationSerializerWithPads
from spacedb.rest.formats.declarations import Position
from spacedb.rest.viewsets import ReadOnlyViewSet


class LocationViewSet(ReadOnlyViewSet):
    queryset = LocationModel.objects.all()
    position = Position(is_on_earth=CelestialBody.earth_or_unknown("celestial_body"))
    modes = {"normal": Location, "detailed": LocationSerializerWithPads}
    columns = ("country", "timezone_name", "total_launch_count", "total_landing_count")
    filterset_class = LocationFilterSet
    filter_example = "country_code=NZL"
    search_fields = ("country__alpha_3_code", "name")
    search_example = "Cape Canaveral"
    ordering_fields = ("total_landing_count", "total_launch_count")
    ordering_example = "-total_launch_count"
