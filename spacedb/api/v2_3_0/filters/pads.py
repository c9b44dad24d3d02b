"""Filters of launch pads in Launch Library 2.3.0."""

from flights.models import Pad
from spacedb.rest.filters import COMPARISONS, NUMBER_LOOKUPS, TEXT_LOOKUPS, CommaSeparatedIntegerFilter, FilterSet


class PadFilterSet(FilterSet):
    agencies_ids = CommaSeparatedIntegerFilter(field_name="agencies__id")

    class Meta:
        model = Pad
        fields = {
            "active": ("exact",),
            "id": TEXT_LOOKUPS,
            "latitude": COMPARISONS,
            "location__id": ("exact",),
            "location__name": TEXT_LOOKUPS,
            "longitude": COMPARISONS,
            "name": TEXT_LOOKUPS,
            "orbital_launch_attempt_count": NUMBER_LOOKUPS,
            "total_launch_count": NUMBER_LOOKUPS,
        }
