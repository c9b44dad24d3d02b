"""Endpoints of launcher configurations in Launch Library 2.1.0."""

from spacedb.api.v2_1_0.filters.launcher_configurations import LauncherConfigFilterSet
from spacedb.api.v2_1_0.serializers import DERIVED
from spacedb.api.v2_2_0.views import launcher_configurations as v2_2_0

LauncherConfigViewSet = DERIVED.view(
    v2_2_0.LauncherConfigViewSet,
    filterset_class=LauncherConfigFilterSet,
    filter_example="family=Falcon",
)
