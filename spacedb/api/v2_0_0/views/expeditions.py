"""Endpoints of expeditions in Launch Library 2.0.0."""

from spacedb.api.v2_0_0.serializers import DERIVED
from spacedb.api.v2_2_0.views import expeditions as v2_2_0

ExpeditionViewSet = DERIVED.view(v2_2_0.ExpeditionViewSet)
