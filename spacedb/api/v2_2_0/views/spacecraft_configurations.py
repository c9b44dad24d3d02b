"""Endpoints of spacecraft configurations and their families in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.filters.spacecraft_configurations import SpacecraftConfigFilterSet
from spacedb.api.v2_2_0.serializers.spacecraft_configurations import (
    SpacecraftConfiguration,
    SpacecraftConfigurationDetail,
)
from spacedb.api.v2_3_0.views import spacecraft_configurations as v2_3_0


class SpacecraftConfigViewSet(v2_3_0.SpacecraftConfigViewSet):
    modes = {"normal": SpacecraftConfiguration, "detailed": SpacecraftConfigurationDetail}
    filterset_class = SpacecraftConfigFilterSet
    search_fields = ("name", "agency__name")
