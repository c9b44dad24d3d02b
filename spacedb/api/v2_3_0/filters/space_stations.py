"""Filters of space stations in Launch Library 2.3.0."""

from flights.models import SpaceStation
from spacedb.rest.filters import NUMBER_LOOKUPS, TEXT_LOOKUPS, CommaSeparatedIntegerFilter, FilterSet


class SpaceStationFilterSet(FilterSet):
    owner__ids = CommaSeparatedIntegerFilter(field_name="owners__id", help_text="Comma-separated agency IDs.")
    status__ids = CommaSeparatedIntegerFilter(
        field_name="status__id", help_text="Comma-separated space station status IDs."
    )

    class Meta:
        model = SpaceStation
        fields = {
            "docked_vehicles": NUMBER_LOOKUPS,
            "id": ("exact",),
            "name": TEXT_LOOKUPS,
            "onboard_crew": NUMBER_LOOKUPS,
            "orbit": ("exact",),
            "owners": ("exact",),
            "status": ("exact",),
            "type": ("exact",),
        }
