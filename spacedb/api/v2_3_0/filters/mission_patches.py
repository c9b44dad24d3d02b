"""Filters of mission patches in Launch Library 2.3.0."""

from flights.models import MissionPatch
from spacedb.rest.filters import TEXT_LOOKUPS, CommaSeparatedIntegerFilter, FilterSet


class MissionPatchFilterSet(FilterSet):
    ids = CommaSeparatedIntegerFilter(field_name="id", help_text="Comma-separated mission patch IDs.")

    class Meta:
        model = MissionPatch
        fields = {
            "agency__id": ("exact",),
            "agency__name": TEXT_LOOKUPS,
            "id": ("exact",),
            "name": TEXT_LOOKUPS,
        }
