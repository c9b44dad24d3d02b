"""Filters of locations in Launch Library 2.3.0."""

from flights.models import Location
from spacedb.api.v2_3_0.filters.common import CountryFilter
from spacedb.rest.filters import NUMBER_LOOKUPS, TEXT_LOOKUPS, FilterSet


class LocationFilterSet(FilterSet):
    country_code = CountryFilter(field_name="country", label="Country code")

    class Meta:
        model = Location
        fields = {
            "active": ("exact",),
            "id": ("exact",),
            "name": TEXT_LOOKUPS,
            "total_landing_count": NUMBER_LOOKUPS,
            "total_launch_count": NUMBER_LOOKUPS,
        }
