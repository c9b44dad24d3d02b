"""Filters of launches in Launch Library 2.3.0."""

import django_filters
from django.db.models import Q, QuerySet

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
    HideRecentFilter,
    IdFilter,
    YearFilter,
)

SUBORBITAL = "Suborbital"
"""The name of the orbit of suborbital launches in Launch Library."""


class LaunchFilterSet(FilterSet):
    day = CommaSeparatedIntegerFilter(
        field_name="net__day", label="Day", help_text="Comma-separated days of the month of the NET, in UTC."
    )
    id = CommaSeparatedUUIDFilter(field_name="id")
    include_suborbital = BooleanFilter(
        method="filter_include_suborbital", label="Include suborbital", help_text="False excludes suborbital launches."
    )
    is_crewed = BooleanFilter(method="filter_is_crewed", label="Is crewed", help_text="Has a crew aboard at liftoff.")
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
        method="filter_lsp_name",
        label="Launch service provider",
        help_text="Comma-separated names, parts of names or abbreviations of launch service providers.",
    )
    mission__agency__ids = CommaSeparatedIntegerFilter(
        field_name="mission__agencies__id", help_text="Comma-separated IDs of the agencies of the mission."
    )
    month = CommaSeparatedIntegerFilter(
        field_name="net__month", label="Month", help_text="Comma-separated months of the NET, in UTC."
    )
    related_lsp__id = CommaSeparatedIntegerFilter(
        field_name="launch_service_provider__id",
        method="filter_related_lsp_id",
        label="Related launch service provider",
        help_text="Comma-separated agency IDs: includes launches of agencies whose parent is one of these.",
    )
    related_lsp__name = CommaSeparatedFilter(
        method="filter_related_lsp_name",
        label="Related launch service provider",
        help_text="Comma-separated agency names: includes launches of agencies whose parent is one of these.",
    )
    rocket__configuration__full_name = django_filters.CharFilter(field_name="configuration__full_name")
    rocket__configuration__full_name__icontains = django_filters.CharFilter(
        field_name="configuration__full_name", lookup_expr="icontains"
    )
    rocket__configuration__id = IdFilter(field_name="configuration__id")
    rocket__configuration__manufacturer__name = django_filters.CharFilter(
        field_name="configuration__manufacturer__name"
    )
    rocket__configuration__manufacturer__name__icontains = django_filters.CharFilter(
        field_name="configuration__manufacturer__name", lookup_expr="icontains"
    )
    rocket__configuration__name = django_filters.CharFilter(field_name="configuration__name")
    rocket__spacecraftflight__spacecraft__id = IdFilter(field_name="spacecraft_flights__spacecraft__id")
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
    year = YearFilter(field_name="net__year", label="Year", help_text="Comma-separated years of the NET, in UTC.")

    class Meta:
        model = Launch
        fields = {
            f"{scope}_launch_attempt_count{suffix}": NUMBER_LOOKUPS
            for scope in ("agency", "location", "orbital", "pad")
            for suffix in ("", "_year")
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

    def filter_include_suborbital(self, queryset: QuerySet[Launch], name: str, value: bool) -> QuerySet[Launch]:
        return queryset if value else queryset.exclude(mission__orbit__name=SUBORBITAL)

    def filter_is_crewed(self, queryset: QuerySet[Launch], name: str, value: bool) -> QuerySet[Launch]:
        crewed = AstronautFlight.objects.filter(
            phase=AstronautFlight.Phase.LAUNCH, flight__launch__isnull=False
        ).values("flight__launch")
        return queryset.filter(pk__in=crewed) if value else queryset.exclude(pk__in=crewed)

    def filter_lsp_name(self, queryset: QuerySet[Launch], name: str, value: list[str]) -> QuerySet[Launch]:
        return queryset.filter(launch_service_provider__in=_agencies_by_name(value))

    def filter_related_lsp_id(self, queryset: QuerySet[Launch], name: str, value: list[int]) -> QuerySet[Launch]:
        return _filter_agencies_or_parents(queryset, value)

    def filter_related_lsp_name(self, queryset: QuerySet[Launch], name: str, value: list[str]) -> QuerySet[Launch]:
        return _filter_agencies_or_parents(queryset, list(_agencies_by_name(value).values_list("pk", flat=True)))


def _agencies_by_name(names: list[str]) -> QuerySet[Agency]:
    condition = Q(pk=None)  # matches nothing
    for name in names:
        condition |= Q(name__icontains=name) | Q(abbrev__iexact=name)
    return Agency.objects.filter(condition)


def _filter_agencies_or_parents(queryset: QuerySet[Launch], ids: list[int]) -> QuerySet[Launch]:
    return queryset.filter(Q(launch_service_provider__in=ids) | Q(launch_service_provider__parent__in=ids))


class PreviousLaunchFilterSet(LaunchFilterSet):
    """Without the filter that upstream added to the other lists only."""

    excluded = ("mission__agency__ids",)


class UpcomingLaunchFilterSet(LaunchFilterSet):
    hide_recent_previous = HideRecentFilter(
        field_name="net",
        label="Hide recent previous",
        help_text="Hide launches from the past 24 hours, which are included by default for convenience.",
    )
