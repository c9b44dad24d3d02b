"""Endpoints of spacecraft flights in Launch Library 2.0.0."""

from spacedb.api.v2_0_0.serializers import DERIVED
from spacedb.api.v2_2_0.views import spacecraft_flights as v2_2_0

SpacecraftFlightViewSet = DERIVED.view(v2_2_0.SpacecraftFlightViewSet)
