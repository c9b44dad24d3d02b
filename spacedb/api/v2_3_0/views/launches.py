"""Endpoints of launches in Launch Library 2.3.0."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils import timezone
from typing_extensions import override

from flights.models import Launch
from spacedb.api.v2_3_0.filters.launches import (
    RECENT,
    LaunchFilterSet,
    PreviousLaunchFilterSet,
    UpcomingLaunchFilterSet,
)
from spacedb.api.v2_3_0.serializers.launches import LaunchBasic, LaunchNormal
from spacedb.api.v2_3_0.serializers.launches_detailed import LaunchDetailed
from spacedb.rest.viewsets import ReadOnlyViewSet


class LaunchViewSet(ReadOnlyViewSet):
    queryset = Launch.objects.all()
    # Without a NET, usually only the name is loaded, from an object that refers to the launch. Apps would show 1970.
    listed = Q(net__isnull=False)
    modes = {"list": LaunchBasic, "normal": LaunchNormal, "detailed": LaunchDetailed}
    filterset_class = LaunchFilterSet
    filter_example = "pad__location=13"
    search_fields: ClassVar[Sequence[str]] = (
        "launch_designator",
        "launch_service_provider__name",
        "mission__name",
        "name",
        "pad__location__name",
        "pad__name",
        "rocket__configuration__manufacturer__abbrev",
        "rocket__configuration__manufacturer__name",
        "rocket__configuration__name",
        "rocket__spacecraftflight__spacecraft__name",
    )
    search_example = "Starlink"
    ordering_fields = ("id", "last_updated", "name", "net")
    ordering_example = "-last_updated"
    ordering = ("net",)
    aliases = {"rocket__configuration": "configuration", "rocket__spacecraftflight": "spacecraft_flights"}


class UpcomingLaunchViewSet(LaunchViewSet):
    """Launches in the future, the next one first. A launch is listed until 24 hours after its NET."""

    filterset_class = UpcomingLaunchFilterSet
    filter_example = "hide_recent_previous=True"
    search_fields = LaunchViewSet.search_fields[1:]

    @override
    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(net__gte=timezone.now() - RECENT)

    @override
    def valid_until(self, now: dt.datetime) -> dt.datetime | None:
        """The next NET, as requests may hide launches from then on, or 24 hours after a NET."""
        return _next_change(now, dt.timedelta(0), RECENT)


class PreviousLaunchViewSet(LaunchViewSet):
    """Launches with a NET in the past, the latest one first."""

    filterset_class = PreviousLaunchFilterSet
    ordering = ("-net",)

    @override
    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(net__lte=timezone.now())

    @override
    def valid_until(self, now: dt.datetime) -> dt.datetime | None:
        """The next NET."""
        return _next_change(now, dt.timedelta(0))


def _next_change(now: dt.datetime, *delays: dt.timedelta) -> dt.datetime | None:
    """The next moment that is one of `delays` after the NET of a launch; None if there is none."""
    nets = Launch.objects.order_by("net").values_list("net", flat=True)
    following = [(nets.filter(net__gte=now - delay).first(), delay) for delay in delays]
    return min((net + delay for net, delay in following if net), default=None)
