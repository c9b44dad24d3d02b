"""The endpoints of worlds, spaceports and launch pads in Launch Library 2.3.0."""

from flights.filters.places import LocationFilterSet, PadFilterSet
from flights.models import CelestialBody
from flights.models import Location as LocationModel
from flights.models import Pad as PadModel
from flights.serializers.v2_3_0.places import (
    CelestialBodyDetailed,
    CelestialBodyMini,
    CelestialBodyNormal,
    Location,
    LocationSerializerNoCelestialBody,
    Pad,
    PadSerializerNoLocation,
)
from spacedb.api.fields import ResponseMode
from spacedb.api.viewsets import ReadOnlyViewSet


class PadViewSet(ReadOnlyViewSet):
    queryset = PadModel.objects.all()
    modes = {"normal": Pad}
    filterset_class = PadFilterSet
    filter_example = "location__id=11"
    search_fields = ("location__name", "name", "orbital_launch_attempt_count", "total_launch_count")
    search_example = "39A"
    ordering_fields = (
        "id",
        "location__id",
        "location__name",
        "name",
        "orbital_launch_attempt_count",
        "total_launch_count",
    )
    ordering_example = "-orbital_launch_attempt_count"


class LocationSerializerWithPads(Location):
    response_mode = ResponseMode("detailed")
    pads = PadSerializerNoLocation(many=True)

    class Meta(Location.Meta):
        fields = (*Location.Meta.fields, "pads")


class LocationViewSet(ReadOnlyViewSet):
    queryset = LocationModel.objects.all()
    modes = {"normal": Location, "detailed": LocationSerializerWithPads}
    tags = ()
    filterset_class = LocationFilterSet
    filter_example = "country_code=NZL"
    search_fields = ("country__alpha_3_code", "name")
    search_example = "Cape Canaveral"
    ordering_fields = ("total_landing_count", "total_launch_count")
    ordering_example = "-total_launch_count"


class CelestialBodyEndpointDetailed(CelestialBodyDetailed):
    response_mode = ResponseMode("detailed")
    locations = LocationSerializerNoCelestialBody(many=True)

    class Meta(CelestialBodyDetailed.Meta):
        fields = (*CelestialBodyDetailed.Meta.fields, "locations")


class CelestialBodyViewSet(ReadOnlyViewSet):
    queryset = CelestialBody.objects.all()
    modes = {"list": CelestialBodyMini, "normal": CelestialBodyNormal, "detailed": CelestialBodyEndpointDetailed}
    search_fields = ("name", "type__name")
    search_example = "Mars"
    ordering_fields = ("id", "name")
    ordering_example = "-name"
