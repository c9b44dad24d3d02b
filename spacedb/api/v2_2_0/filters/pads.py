"""Filters of launch pads in Launch Library 2.2.0."""

from typing import Any

import django_filters
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from spacedb.api.v2_3_0.filters import pads as v2_3_0
from spacedb.rest.filters import COMPARISONS, IntegerFilter


class PadFilterSet(v2_3_0.PadFilterSet):
    excluded = (
        "active",
        "agencies_ids",
        *(f"{name}__{lookup}" for name in ("latitude", "longitude") for lookup in COMPARISONS),
    )

    agency_id = IntegerFilter(field_name="agencies__id")
    agency_id__contains = IntegerFilter(field_name="agencies__id", lookup_expr="contains")
    latitude__contains = django_filters.CharFilter(method="filter_text_contains", label="Latitude contains")
    longitude__contains = django_filters.CharFilter(method="filter_text_contains", label="Longitude contains")

    class Meta(v2_3_0.PadFilterSet.Meta):
        fields = v2_3_0.PadFilterSet.Meta.fields | {"latitude": ("exact",), "longitude": ("exact",)}

    def filter_text_contains(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Filter by a part of a coordinate, which is a string in this version."""
        text = Cast(name.removesuffix("__contains"), CharField())
        filtered: QuerySet[Any] = queryset.alias(text=text).filter(text__contains=value)
        return filtered
