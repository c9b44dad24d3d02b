"""Endpoints of launches in Launch Library 2.3.0."""

from collections.abc import Sequence
from typing import ClassVar

from django.db.models import Q

from flights.models import Launch
from spacedb.api.v2_3_0.calendar_entries import LAUNCHES
from spacedb.api.v2_3_0.filters.launches import (
    LaunchFilterSet,
    PreviousLaunchFilterSet,
    UpcomingLaunchFilterSet,
)
from spacedb.api.v2_3_0.serializers.launches import LaunchBasic, LaunchNormal
from spacedb.api.v2_3_0.serializers.launches_detailed import LaunchDetailed
from spacedb.rest.timeline import PreviousViewSet, TimelineViewSet, UpcomingViewSet


class LaunchViewSet(TimelineViewSet):
    time_field = "net"
    calendar = LAUNCHES
    queryset = Launch.objects.all()
    # Without a NET, usually only the name is loaded, from an object that refers to the launch. Apps would show 1970.
    listed = Q(net__isnull=False)
    modes = {"list": LaunchBasic, "normal": LaunchNormal, "detailed": LaunchDetailed}
    columns = ("net", "status", "launch_service_provider", "pad.location")
    filterset_class = LaunchFilterSet
    filter_example = "pad__location=13"
    main_filters = ("status", "lsp__id", "rocket__configuration__id", "pad__location", "net", "is_crewed")
    facets = ("status", "lsp__id", "pad__location")
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


class UpcomingLaunchViewSet(UpcomingViewSet, LaunchViewSet):
    filterset_class = UpcomingLaunchFilterSet
    filter_example = "hide_recent_previous=True"
    search_fields = LaunchViewSet.search_fields[1:]


class PreviousLaunchViewSet(PreviousViewSet, LaunchViewSet):
    filterset_class = PreviousLaunchFilterSet
    ordering = ("-net",)
