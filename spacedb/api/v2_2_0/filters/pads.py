"""Filters of launch pads in Launch Library 2.2.0."""

from typing import Any

import django_filters
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from spacedb.api.v2_3_0.filters import pads as v2_3_0
from spacedb.rest.filters import COMPARISONS, IntegerFilter


class PadFilterSet(v2_3_0.PadFilterSet):
    excluded = ("agencies_ids", *(f"{name}__{one}" for name in ("latitude", "longitude") for one in COMPARISONS))

    agency_id = IntegerFilter(field_name="agencies__id")
    agency_id__contains = IntegerFilter(field_name="agencies__id", lookup_expr="contains")
    latitude__contains = django_filters.CharFilter(method="as_text", label="Latitude contains")
    longitude__contains = django_filters.CharFilter(method="as_text", label="Longitude contains")

    class Meta(v2_3_0.PadFilterSet.Meta):
        fields = v2_3_0.PadFilterSet.Meta.fields | {"latitude": ("exact",), "longitude": ("exact",)}

    def as_text(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        column = name.removesuffix("__contains")
        found: QuerySet[Any] = queryset.alias(text=Cast(column, CharField())).filter(text__contains=value)
        return found
