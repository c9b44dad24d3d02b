"""Filters of expeditions in Launch Library 2.3.0."""

from flights.models import Expedition, SpaceStation
from spacedb.rest.filters import COMPARISONS, BooleanFilter, FilterSet, RelatedFilter


class ExpeditionFilterSet(FilterSet):
    is_active = BooleanFilter(
        field_name="end", lookup_expr="isnull", label="Is active", help_text="The expedition has not ended yet."
    )
    space_station = RelatedFilter(field_name="spacestation", queryset=SpaceStation.objects.filter(pk__gte=0))

    class Meta:
        model = Expedition
        fields = {
            "crew__astronaut": ("exact",),
            "crew__astronaut__agency": ("exact",),
            "end": COMPARISONS,
            "name": ("exact",),
            "start": COMPARISONS,
        }
