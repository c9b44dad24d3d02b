"""Endpoints of spacecraft configurations in Launch Library 2.0.0."""

from spacedb.api.v2_0_0.serializers import DERIVED
from spacedb.api.v2_2_0.views import spacecraft_configurations as v2_2_0

SpacecraftConfigViewSet = DERIVED.view(v2_2_0.SpacecraftConfigViewSet)
