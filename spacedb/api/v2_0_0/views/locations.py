"""Endpoints of locations in Launch Library 2.0.0."""

from spacedb.api.v2_0_0.serializers import DERIVED
from spacedb.api.v2_2_0.views import locations as v2_2_0

LocationViewSet = DERIVED.view(v2_2_0.LocationViewSet)
