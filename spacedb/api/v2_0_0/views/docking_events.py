"""Endpoints of docking events in Launch Library 2.0.0."""

from spacedb.api.v2_0_0.serializers import DERIVED
from spacedb.api.v2_2_0.views import docking_events as v2_2_0

DockingEventViewSet = DERIVED.view(v2_2_0.DockingEventViewSet)
