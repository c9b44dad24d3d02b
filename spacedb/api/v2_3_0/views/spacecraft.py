"""Endpoints of spacecraft in Launch Library 2.3.0."""

from spacecraft.models import Spacecraft
from spacedb.api.v2_3_0.filters.spacecraft import SpacecraftFilterSet
from spacedb.api.v2_3_0.serializers.spacecraft import SpacecraftNormal
from spacedb.api.v2_3_0.serializers.spacecraft_detailed import SpacecraftEndpointDetailed
from spacedb.rest.viewsets import ReadOnlyViewSet


class SpacecraftViewSet(ReadOnlyViewSet):
    queryset = Spacecraft.objects.all()
    modes = {"normal": SpacecraftNormal, "detailed": SpacecraftEndpointDetailed}
    columns = ("spacecraft_config", "status", "in_space", "flights_count", "time_in_space")
    filterset_class = SpacecraftFilterSet
    filter_example = "is_placeholder=True"
    search_fields = ("name", "spacecraft_config__name")
    search_example = "Endeavour"
    ordering_fields = ("id", "time_in_space", "time_docked", "flights_count", "mission_ends_count")
    ordering_example = "-flights_count"
