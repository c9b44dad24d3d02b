"""Endpoints of launches in Launch Library 2.1.0."""

from spacedb.api.v2_1_0.filters.launches import AnyLaunchFilterSet, LaunchFilterSet, UpcomingLaunchFilterSet
from spacedb.api.v2_1_0.serializers import DERIVED
from spacedb.api.v2_2_0.views import launches as v2_2_0

FILTER_EXAMPLE = "lsp__name=SpaceX"

LaunchViewSet = DERIVED.view(v2_2_0.LaunchViewSet, filterset_class=AnyLaunchFilterSet, filter_example=FILTER_EXAMPLE)
PreviousLaunchViewSet = DERIVED.view(
    v2_2_0.PreviousLaunchViewSet, filterset_class=LaunchFilterSet, filter_example=FILTER_EXAMPLE
)
UpcomingLaunchViewSet = DERIVED.view(
    v2_2_0.UpcomingLaunchViewSet, filterset_class=UpcomingLaunchFilterSet, filter_example=FILTER_EXAMPLE
)
