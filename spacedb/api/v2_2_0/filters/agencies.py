"""Filters of agencies in Launch Library 2.2.0."""

from spacedb.api.v2_3_0.filters import agencies as v2_3_0
from spacedb.rest.filters import NUMBER_LOOKUPS, TEXT_LOOKUPS


class AgencyFilterSet(v2_3_0.AgencyFilterSet):
    renames = {"type__id": "agency_type", "parent__id": "parent"}

    class Meta(v2_3_0.AgencyFilterSet.Meta):
        fields = v2_3_0.AgencyFilterSet.Meta.fields | {
            "administrator": TEXT_LOOKUPS,
            "founding_year": TEXT_LOOKUPS,
            "id": NUMBER_LOOKUPS,
        }
