"""Filters of expeditions in Launch Library 2.3.0."""

from flights.models import Expedition, SpaceStation
from spacedb.rest.filters import COMPARISONS, FilterSet, RelatedFilter


class ExpeditionFilterSet(FilterSet):
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
