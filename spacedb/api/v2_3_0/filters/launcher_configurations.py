"""Filters of launcher configurations and their families in Launch Library 2.3.0."""

from flights.models import LauncherConfig, LauncherConfigFamily, Program
from spacedb.api.v2_3_0.filters.common import CountryFilter
from spacedb.rest.filters import NUMBER_LOOKUPS, TEXT_LOOKUPS, FilterSet, RelatedListFilter

COUNTS = (
    "attempted_landings",
    "consecutive_successful_landings",
    "consecutive_successful_launches",
    "failed_landings",
    "failed_launches",
    "pending_launches",
    "successful_landings",
    "successful_launches",
    "total_launch_count",
)
"""The totals by which both configurations and families can be filtered and ordered."""


class LauncherConfigFamilyFilterSet(FilterSet):
    manufacturer__country_code = CountryFilter(field_name="manufacturer__country", label="Country code")

    class Meta:
        model = LauncherConfigFamily
        fields = dict.fromkeys(COUNTS, NUMBER_LOOKUPS) | {
            "maiden_flight": NUMBER_LOOKUPS,
            "manufacturer__abbrev": TEXT_LOOKUPS,
            "manufacturer__id": TEXT_LOOKUPS,
            "manufacturer__name": TEXT_LOOKUPS,
            "name": TEXT_LOOKUPS,
        }


class LauncherConfigFilterSet(FilterSet):
    families__contains = RelatedListFilter(
        field_name="families", label="Families contain", queryset=LauncherConfigFamily.objects.filter(pk__gte=0)
    )
    program__contains = RelatedListFilter(
        field_name="program", label="Programs contain", queryset=Program.objects.filter(pk__gte=0)
    )

    class Meta:
        model = LauncherConfig
        fields = dict.fromkeys(COUNTS, NUMBER_LOOKUPS) | {
            "active": ("exact",),
            "families": ("exact",),
            "full_name": TEXT_LOOKUPS,
            "is_placeholder": ("exact",),
            "maiden_flight": NUMBER_LOOKUPS,
            "manufacturer__name": TEXT_LOOKUPS,
            "name": TEXT_LOOKUPS,
            "program": ("exact",),
        }
