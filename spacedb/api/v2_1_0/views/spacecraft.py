"""Endpoints of spacecraft in Launch Library 2.1.0."""

from spacedb.api.v2_1_0.serializers import DERIVED
from spacedb.api.v2_2_0.views import spacecraft as v2_2_0

SpacecraftViewSet = DERIVED.view(
    v2_2_0.SpacecraftViewSet,
    filters=("name", "status", "spacecraft_config"),
    filter_example="status=1",
    ordering_fields=("id",),
    ordering_example="id",
)
