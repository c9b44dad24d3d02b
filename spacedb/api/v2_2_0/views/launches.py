"""Endpoints of launches in Launch Library 2.2.0."""

from typing import Any

from django.db.models import Exists, Q, QuerySet

from flights import models
from flights.models import CelestialBody
from spacedb.api.v2_2_0.filters.launches import LaunchFilterSet, UpcomingLaunchFilterSet
from spacedb.api.v2_2_0.serializers.launches import LaunchList, LaunchSerializerCommon, LaunchStatus
from spacedb.api.v2_2_0.serializers.launches_detailed import LaunchDetailed
from spacedb.api.v2_3_0.views import launches as v2_3_0
from spacedb.rest.viewsets import config_viewset
from spacedb.serializers.base import exclude_fields


class EarthLaunches:
    """Launches from Earth. Launches from other celestial bodies exist since version 2.3.0."""

    modes = {
        "normal": LaunchSerializerCommon,
        "list": LaunchList,
        "detailed": LaunchDetailed,
    }
    columns = ("net", "status", "launch_service_provider", "lsp_name", "pad.location", "location")
    filterset_class = LaunchFilterSet
    filter_example = "pad__location=13"
    search_fields = exclude_fields(v2_3_0.LaunchViewSet.search_fields, "launch_designator")

    def get_queryset(self) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_queryset()
        return queryset.filter(CelestialBody.earth_or_unknown("pad__location__celestial_body"))


class LaunchViewSet(EarthLaunches, v2_3_0.LaunchViewSet):
    pass


class PreviousLaunchViewSet(EarthLaunches, v2_3_0.PreviousLaunchViewSet):
    pass


class UpcomingLaunchViewSet(EarthLaunches, v2_3_0.UpcomingLaunchViewSet):
    filterset_class = UpcomingLaunchFilterSet
    filter_example = "hide_recent_previous=true"


LaunchStatusViewSet = config_viewset(
    LaunchStatus,
    queryset=models.LaunchStatus.objects.exclude(
        Q(pk=models.LaunchStatus.PAYLOAD_DEPLOYED)
        & Exists(models.LaunchStatus.objects.filter(pk=models.LaunchStatus.IN_FLIGHT))
    ),
)
"""Both statuses are represented as "In Flight", which is listed once."""
