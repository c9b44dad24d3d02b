"""The endpoints of spacecraft, their configurations and families in Launch Library 2.3.0."""

from flights.serializers.v2_3_0.flights import SpacecraftFlightNormal
from spacecraft.filters import SpacecraftConfigFamilyFilterSet, SpacecraftConfigFilterSet, SpacecraftFilterSet
from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftConfigFamily
from spacecraft.serializers.v2_3_0 import (
    SpacecraftConfigDetailed,
    SpacecraftConfigFamilyEndpointDetailed,
    SpacecraftConfigFamilyMini,
    SpacecraftConfigFamilyNormal,
    SpacecraftConfigNormal,
    SpacecraftDetailed,
    SpacecraftNormal,
)
from spacedb.api.fields import ResponseMode
from spacedb.api.viewsets import ReadOnlyViewSet


class SpacecraftEndpointDetailed(SpacecraftDetailed):
    """A spacecraft with all its flights."""

    response_mode = ResponseMode("detailed")
    flights = SpacecraftFlightNormal(many=True)

    class Meta(SpacecraftDetailed.Meta):
        fields = (*SpacecraftDetailed.Meta.fields, "flights")


class SpacecraftViewSet(ReadOnlyViewSet):
    queryset = Spacecraft.objects.all()
    modes = {"normal": SpacecraftNormal, "detailed": SpacecraftEndpointDetailed}
    filterset_class = SpacecraftFilterSet
    filter_example = "is_placeholder=True"
    search_fields = ("name", "spacecraft_config__name")
    search_example = "Endeavour"
    ordering_fields = ("id", "time_in_space", "time_docked", "flights_count", "mission_ends_count")
    ordering_example = "-flights_count"


class SpacecraftConfigViewSet(ReadOnlyViewSet):
    queryset = SpacecraftConfig.objects.all()
    resource_name = "SpacecraftConfiguration"
    modes = {"normal": SpacecraftConfigNormal, "detailed": SpacecraftConfigDetailed}
    filterset_class = SpacecraftConfigFilterSet
    filter_example = "human_rated=True"
    search_fields = ("name", "agency__name", "agency__abbrev")
    search_example = "Dragon"
    ordering_fields = ("name",)
    ordering_example = "name"


class SpacecraftConfigFamilyViewSet(ReadOnlyViewSet):
    queryset = SpacecraftConfigFamily.objects.all()
    tags = ("Spacecraft", "Families")
    modes = {
        "list": SpacecraftConfigFamilyMini,
        "normal": SpacecraftConfigFamilyNormal,
        "detailed": SpacecraftConfigFamilyEndpointDetailed,
    }
    filterset_class = SpacecraftConfigFamilyFilterSet
    filter_example = "manufacturer=121"
    search_fields = ("name", "manufacturer__name", "manufacturer__abbrev")
    search_example = "Northrop"
    ordering_fields = ("name",)
    ordering_example = "name"
