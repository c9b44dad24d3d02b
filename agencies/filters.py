"""What agencies can be filtered by."""

from django.db.models import QuerySet

from agencies.models import Agency
from spacedb.api.filters import COUNTED, TEXT, BooleanFilter, FilterSet
from spacedb.common.filters import CountriesFilter


class AgencyFilterSet(FilterSet):
    country_code = CountriesFilter(field_name="country", label="Country code")
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

    def with_spacecraft(self, queryset: QuerySet[Agency], name: str, value: bool) -> QuerySet[Agency]:
        builders = Agency._base_manager.filter(spacecraft_list__isnull=False).values("pk")
        return queryset.filter(pk__in=builders) if value else queryset.exclude(pk__in=builders)
