"""Endpoints of launches in Launch Library 2.0.0."""

from spacedb.api.v2_0_0.filters.launches import AnyLaunchFilterSet, LaunchFilterSet
from spacedb.api.v2_0_0.serializers import DERIVED
from spacedb.api.v2_1_0.views import launches as v2_1_0

LaunchViewSet = DERIVED.view(v2_1_0.LaunchViewSet, filterset_class=AnyLaunchFilterSet)
PreviousLaunchViewSet = DERIVED.view(v2_1_0.PreviousLaunchViewSet, filterset_class=LaunchFilterSet)
UpcomingLaunchViewSet = DERIVED.view(v2_1_0.UpcomingLaunchViewSet, filterset_class=LaunchFilterSet)
