"""Filters of launches in Launch Library 2.3.0."""

import datetime as dt

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from agencies.models import Agency
from flights.models import AstronautFlight, Launch
from spacedb.rest.filters import (
    COMPARISONS,
    NUMBER_LOOKUPS,
    BooleanFilter,
    CommaSeparatedFilter,
    CommaSeparatedIntegerFilter,
    CommaSeparatedUUIDFilter,
    FilterSet,
    IntegerFilter,
)

SUBORBITAL = "Suborbital"
"""What Launch Library names the orbit of launches that reach none."""

RECENT = dt.timedelta(hours=24)
"""How long a launch stays among the upcoming ones."""


class LaunchFilterSet(FilterSet):
    day = CommaSeparatedIntegerFilter(
        field_name="net__day", label="Day", help_text="Days of the month of the NET, in UTC."
    )
    id = CommaSeparatedUUIDFilter(field_name="id")
    include_suborbital = BooleanFilter(
        method="with_suborbital", label="Include suborbital", help_text="False leaves out launches that reach no orbit."
    )
    is_crewed = BooleanFilter(
        method="with_crew", label="Is crewed", help_text="True: with people aboard at lift-off; false: without."
    )
    launch_designator = CommaSeparatedFilter(
        field_name="launch_designator", help_text="Comma-separated (COSPAR) international launch designators."
    )
    launcher_config__id = CommaSeparatedIntegerFilter(field_name="configuration__id")
    location__ids = CommaSeparatedIntegerFilter(
        field_name="pad__location__id", help_text="Comma-separated location IDs."
    )
    lsp__id = CommaSeparatedIntegerFilter(
        field_name="launch_service_provider__id", help_text="Comma-separated launch service provider (agency) IDs."
    )
    lsp__name = CommaSeparatedFilter(
        method="by_provider",
        label="Launch service provider",
        help_text="Comma-separated names, or parts of names, or abbreviations, of launch service providers.",
    )
    month = CommaSeparatedIntegerFilter(field_name="net__month", label="Month", help_text="Months of the NET, in UTC.")
    related_lsp__id = CommaSeparatedIntegerFilter(
        field_name="launch_service_provider__id",
        method="by_group",
        label="Related launch service provider",
        help_text="Comma-separated IDs of agencies: launches by them, and by agencies that are part of them.",
    )
    related_lsp__name = CommaSeparatedFilter(
        method="by_group_name",
        label="Related launch service provider",
        help_text="Comma-separated names of agencies: launches by them, and by agencies that are part of them.",
    )
    rocket__configuration__full_name = django_filters.CharFilter(field_name="configuration__full_name")
    rocket__configuration__full_name__icontains = django_filters.CharFilter(
        field_name="configuration__full_name", lookup_expr="icontains"
    )
    rocket__configuration__id = IntegerFilter(field_name="configuration__id")
    rocket__configuration__manufacturer__name = django_filters.CharFilter(
        field_name="configuration__manufacturer__name"
    )
    rocket__configuration__manufacturer__name__icontains = django_filters.CharFilter(
        field_name="configuration__manufacturer__name", lookup_expr="icontains"
    )
    rocket__configuration__name = django_filters.CharFilter(field_name="configuration__name")
    rocket__spacecraftflight__spacecraft__id = IntegerFilter(field_name="spacecraft_flights__spacecraft__id")
    rocket__spacecraftflight__spacecraft__name = django_filters.CharFilter(
        field_name="spacecraft_flights__spacecraft__name"
    )
    rocket__spacecraftflight__spacecraft__name__icontains = django_filters.CharFilter(
        field_name="spacecraft_flights__spacecraft__name", lookup_expr="icontains"
    )
    serial_number = CommaSeparatedFilter(
        field_name="launcher_stage__launcher__serial_number",
        help_text="Comma-separated first stage booster serial numbers.",
    )
    spacecraft_config__ids = CommaSeparatedIntegerFilter(
        field_name="spacecraft_flights__spacecraft__spacecraft_config__id"
    )
    status__ids = CommaSeparatedIntegerFilter(field_name="status__id")
    video_url = CommaSeparatedFilter(field_name="vid_urls__url", help_text="Comma-separated video URLs.")
    year = CommaSeparatedIntegerFilter(field_name="net__year", label="Year", help_text="Years of the NET, in UTC.")

    class Meta:
        model = Launch
        fields = {
            f"{whose}_launch_attempt_count{when}": NUMBER_LOOKUPS
            for whose in ("agency", "location", "orbital", "pad")
            for when in ("", "_year")
        } | {
            "last_updated": ("gte", "lte"),
            "mission__orbit__celestial_body__id": ("exact",),
            "mission__orbit__name": ("exact", "icontains"),
            "name": ("exact",),
            "net": COMPARISONS,
            "pad": ("exact",),
            "pad__location": ("exact",),
            "pad__location__celestial_body__id": ("exact",),
            "program": ("exact",),
            "slug": ("exact",),
            "status": ("exact",),
            "window_end": COMPARISONS,
            "window_start": COMPARISONS,
        }

    def with_suborbital(self, queryset: QuerySet[Launch], name: str, value: bool) -> QuerySet[Launch]:
        return queryset if value else queryset.exclude(mission__orbit__name=SUBORBITAL)

    def with_crew(self, queryset: QuerySet[Launch], name: str, value: bool) -> QuerySet[Launch]:
        aboard = AstronautFlight.objects.filter(
            phase=AstronautFlight.Phase.LAUNCH, flight__launch__isnull=False
        ).values("flight__launch")
        return queryset.filter(pk__in=aboard) if value else queryset.exclude(pk__in=aboard)

    def by_provider(self, queryset: QuerySet[Launch], name: str, value: list[str]) -> QuerySet[Launch]:
        return queryset.filter(launch_service_provider__in=_named(value))

    def by_group(self, queryset: QuerySet[Launch], name: str, value: list[int]) -> QuerySet[Launch]:
        return _by_group(queryset, value)

    def by_group_name(self, queryset: QuerySet[Launch], name: str, value: list[str]) -> QuerySet[Launch]:
        return _by_group(queryset, list(_named(value).values_list("pk", flat=True)))


def _named(names: list[str]) -> QuerySet[Agency]:
    found = Q(pk=None)
    for name in names:
        found |= Q(name__icontains=name) | Q(abbrev__iexact=name)
    return Agency.objects.filter(found)


def _by_group(queryset: QuerySet[Launch], agencies: list[int]) -> QuerySet[Launch]:
    return queryset.filter(Q(launch_service_provider__in=agencies) | Q(launch_service_provider__parent__in=agencies))


class UpcomingLaunchFilterSet(LaunchFilterSet):
    hide_recent_previous = BooleanFilter(
        method="without_recent",
        label="Hide recent previous",
        help_text="Hide launches from the past 24 hours, which are included by default for convenience.",
    )

    def without_recent(self, queryset: QuerySet[Launch], name: str, value: bool) -> QuerySet[Launch]:
        return queryset.filter(net__gte=timezone.now()) if value else queryset
