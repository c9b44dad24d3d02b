"""Filters of agencies in Launch Library 2.3.0."""

from django.db.models import QuerySet

from agencies.models import Agency
from spacedb.api.v2_3_0.filters.common import CountriesFilter
from spacedb.rest.filters import NUMBER_LOOKUPS, TEXT_LOOKUPS, BooleanFilter, FilterSet


class AgencyFilterSet(FilterSet):
    country_code = CountriesFilter(field_name="country", label="Country code")
    spacecraft = BooleanFilter(method="filter_spacecraft", help_text="Has spacecraft configurations.")

    class Meta:
        model = Agency
        fields = {
            "id": ("exact",),
            "name": TEXT_LOOKUPS,
            "abbrev": TEXT_LOOKUPS,
            "description": TEXT_LOOKUPS,
            "featured": ("exact",),
            "founding_year": NUMBER_LOOKUPS,
            "parent__id": ("exact",),
            "type__id": ("exact",),
            "total_launch_count": NUMBER_LOOKUPS,
            "successful_launches": NUMBER_LOOKUPS,
            "failed_launches": NUMBER_LOOKUPS,
            "pending_launches": NUMBER_LOOKUPS,
            "consecutive_successful_launches": NUMBER_LOOKUPS,
            "attempted_landings": NUMBER_LOOKUPS,
            "successful_landings": NUMBER_LOOKUPS,
            "failed_landings": NUMBER_LOOKUPS,
            "consecutive_successful_landings": NUMBER_LOOKUPS,
        }

    def filter_spacecraft(self, queryset: QuerySet[Agency], name: str, value: bool) -> QuerySet[Agency]:
        manufacturers = Agency._base_manager.filter(spacecraft_list__isnull=False).values("pk")
        return queryset.filter(pk__in=manufacturers) if value else queryset.exclude(pk__in=manufacturers)
