"""Filters of images, countries and links in Launch Library 2.3.0."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from spacedb.common.models import Country
from spacedb.rest.filters import InFilter


class CountryFilter(django_filters.CharFilter):
    """By the country that `field_name` leads to, named by its ISO 3166-1 code, alpha-3 or alpha-2."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"help_text": "ISO 3166-1 alpha-3 or alpha-2 codes."} | kwargs)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        given = value.split(",") if isinstance(value, str) else value
        codes = [code.strip().upper() for code in given or () if code.strip()]
        if not codes:
            return qs
        found = Country.objects.filter(Q(alpha_3_code__in=codes) | Q(alpha_2_code__in=codes))
        return qs.filter(**{f"{self.field_name}__in": found.values("pk")})


class CountriesFilter(InFilter, CountryFilter):
    """By several countries, in the OpenAPI document too."""
