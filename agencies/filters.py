"""What agencies can be filtered by."""

from django.db.models import Q, QuerySet

from agencies.models import Agency
from spacedb.api.filters import BooleanFilter, CommaSeparated, FilterSet

COUNTED = ("exact", "gt", "gte", "lt", "lte")
TEXT = ("exact", "contains")


class AgencyFilterSet(FilterSet):
    country_code = CommaSeparated(
        method="by_country", label="Country code", help_text="ISO 3166-1 alpha-3 or alpha-2 codes."
    )
    spacecraft = BooleanFilter(method="with_spacecraft", help_text="Has configurations of spacecraft.")

    class Meta:
        model = Agency
        fields = {
            "id": ("exact",),
            "name": TEXT,
            "abbrev": TEXT,
            "description": TEXT,
            "featured": ("exact",),
            "founding_year": COUNTED,
            "parent__id": ("exact",),
            "type__id": ("exact",),
            "total_launch_count": COUNTED,
            "successful_launches": COUNTED,
            "failed_launches": COUNTED,
            "pending_launches": COUNTED,
            "consecutive_successful_launches": COUNTED,
            "attempted_landings": COUNTED,
            "successful_landings": COUNTED,
            "failed_landings": COUNTED,
            "consecutive_successful_landings": COUNTED,
        }

    def by_country(self, queryset: QuerySet[Agency], name: str, value: list[str] | None) -> QuerySet[Agency]:
        codes = [code.strip().upper() for code in value or () if code.strip()]
        if not codes:
            return queryset
        found = Agency.country.through._base_manager.filter(
            Q(country__alpha_3_code__in=codes) | Q(country__alpha_2_code__in=codes)
        )
        return queryset.filter(pk__in=found.values("agency_id"))

    def with_spacecraft(self, queryset: QuerySet[Agency], name: str, value: bool | None) -> QuerySet[Agency]:
        if value is None:
            return queryset
        builders = Agency._base_manager.filter(spacecraft_list__isnull=False).values("pk")
        return queryset.filter(pk__in=builders) if value else queryset.exclude(pk__in=builders)
