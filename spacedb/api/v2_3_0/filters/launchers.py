"""Filters of launchers: reusable first stages in Launch Library 2.3.0."""

from flights.models import Launcher
from spacedb.rest.filters import NUMBER_LOOKUPS, TEXT_LOOKUPS, CommaSeparatedIntegerFilter, FilterSet


class LauncherFilterSet(FilterSet):
    launcher_config__ids = CommaSeparatedIntegerFilter(
        field_name="launcher_config__id", help_text="Comma-separated launcher config IDs."
    )

    class Meta:
        model = Launcher
        fields = dict.fromkeys(("attempted_landings", "flights", "successful_landings"), NUMBER_LOOKUPS) | {
            "first_launch_date": ("exact",),
            "flight_proven": ("exact",),
            "id": TEXT_LOOKUPS,
            "is_placeholder": ("exact",),
            "last_launch_date": ("exact",),
            "launcher_config__manufacturer__name": TEXT_LOOKUPS,
            "serial_number": TEXT_LOOKUPS,
            "status": ("exact",),
        }
