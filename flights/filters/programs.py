"""What mission patches can be filtered by."""

from flights.models import MissionPatch
from spacedb.api.filters import TEXT, CommaSeparatedIntegers, FilterSet


class MissionPatchFilterSet(FilterSet):
    ids = CommaSeparatedIntegers(field_name="id", help_text="Comma-separated mission patch IDs.")

    class Meta:
        model = MissionPatch
        fields = {
            "agency__id": ("exact",),
            "agency__name": TEXT,
            "id": ("exact",),
            "name": TEXT,
        }
