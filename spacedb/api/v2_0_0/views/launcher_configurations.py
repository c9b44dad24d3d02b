"""Endpoints of launcher configurations in Launch Library 2.0.0."""

from spacedb.api.v2_0_0.filters.launcher_configurations import LauncherConfigFilterSet
from spacedb.api.v2_0_0.serializers import DERIVED
from spacedb.api.v2_1_0.views import launcher_configurations as v2_1_0

LauncherConfigViewSet = DERIVED.view(v2_1_0.LauncherConfigViewSet, filterset_class=LauncherConfigFilterSet)
