"""Filters of locations in Launch Library 2.2.0."""

import django_filters

from spacedb.api.v2_3_0.filters import locations as v2_3_0
from spacedb.rest.filters import NUMBER_LOOKUPS


class LocationFilterSet(v2_3_0.LocationFilterSet):
    excluded = ("active",)

    country_code__contains = django_filters.CharFilter(field_name="country__alpha_3_code", lookup_expr="contains")

    class Meta(v2_3_0.LocationFilterSet.Meta):
        fields = v2_3_0.LocationFilterSet.Meta.fields | {"id": NUMBER_LOOKUPS}
