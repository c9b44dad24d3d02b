"""Endpoints of launches in Launch Library 2.3.0."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from typing_extensions import override

from flights.models import Launch
from spacedb.api.v2_3_0.filters.launches import RECENT, LaunchFilterSet, UpcomingLaunchFilterSet
from spacedb.api.v2_3_0.serializers.launches import LaunchBasic, LaunchNormal
from spacedb.api.v2_3_0.serializers.launches_detailed import LaunchDetailed
from spacedb.caching.conditional import Validity
from spacedb.rest.viewsets import ReadOnlyViewSet


class LaunchViewSet(ReadOnlyViewSet):
    queryset = Launch.objects.all()
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

    tags = ("Launches",)
    filterset_class = UpcomingLaunchFilterSet
    filter_example = "hide_recent_previous=True"
    search_fields = LaunchViewSet.search_fields[1:]

    @override
    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(net__gte=timezone.now() - RECENT)

    @override
    def validity(self, now: dt.datetime) -> Validity:
        """Until the next NET, as requests may hide launches from then on, or until 24 hours after one."""
        return _validity(now, dt.timedelta(0), RECENT)


class PreviousLaunchViewSet(LaunchViewSet):
    """Launches with a NET in the past, the latest one first."""

    tags = ("Launches", "Previous")
    ordering = ("-net",)

    @override
    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(net__lte=timezone.now())

    @override
    def validity(self, now: dt.datetime) -> Validity:
        """Until the next NET."""
        return _validity(now, dt.timedelta(0))


def _validity(now: dt.datetime, *delays: dt.timedelta) -> Validity:
    """The time around `now` without a moment that is one of `delays` after the NET of a launch."""
    nets = Launch.objects.filter(net__isnull=False).values_list("net", flat=True)
    previous = [(nets.filter(net__lt=now - delay).order_by("-net").first(), delay) for delay in delays]
    following = [(nets.filter(net__gte=now - delay).order_by("net").first(), delay) for delay in delays]
    return Validity(
        max((net + delay for net, delay in previous if net), default=None),
        min((net + delay for net, delay in following if net), default=None),
    )
