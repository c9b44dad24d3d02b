"""What launch vehicles can be filtered by."""

from flights.models import Launcher, LauncherConfig, LauncherConfigFamily, Program
from spacedb.api.filters import COUNTED, TEXT, CommaSeparatedIntegers, FilterSet, RelatedListFilter
from spacedb.common.filters import CountryFilter

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
"""The totals that configurations and families are both filtered and ordered by."""


class LauncherConfigFamilyFilterSet(FilterSet):
    manufacturer__country_code = CountryFilter(field_name="manufacturer__country", label="Country code")

    class Meta:
        model = LauncherConfigFamily
        fields = dict.fromkeys(COUNTS, COUNTED) | {
            "maiden_flight": COUNTED,
            "manufacturer__abbrev": TEXT,
            "manufacturer__id": TEXT,
            "manufacturer__name": TEXT,
            "name": TEXT,
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
        fields = dict.fromkeys(COUNTS, COUNTED) | {
            "active": ("exact",),
            "families": ("exact",),
            "full_name": TEXT,
            "is_placeholder": ("exact",),
            "maiden_flight": COUNTED,
            "manufacturer__name": TEXT,
            "name": TEXT,
            "program": ("exact",),
        }


class LauncherFilterSet(FilterSet):
    launcher_config__ids = CommaSeparatedIntegers(
        field_name="launcher_config__id", help_text="Comma-separated launcher config IDs."
    )

    class Meta:
        model = Launcher
        fields = dict.fromkeys(("attempted_landings", "flights", "successful_landings"), COUNTED) | {
            "first_launch_date": ("exact",),
            "flight_proven": ("exact",),
            "id": TEXT,
            "is_placeholder": ("exact",),
            "last_launch_date": ("exact",),
            "launcher_config__manufacturer__name": TEXT,
            "serial_number": TEXT,
            "status": ("exact",),
        }
