"""Filters of images, countries and links in Launch Library 2.3.0."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from typing_extensions import override

from spacedb.common.models import Country
from spacedb.rest.filters import InFilter


class CountryFilter(django_filters.CharFilter):
    """Filters by comma-separated ISO 3166-1 codes of the country that `field_name` refers to, alpha-3 or alpha-2."""

    value_field = "alpha_3_code"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"help_text": "Comma-separated ISO 3166-1 alpha-3 or alpha-2 codes."} | kwargs)

    @override
    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        values = value.split(",") if isinstance(value, str) else value
        codes = [code.strip().upper() for code in values or () if code.strip()]
        if not codes:
            return qs
        countries = Country.objects.filter(Q(alpha_3_code__in=codes) | Q(alpha_2_code__in=codes))
        return qs.filter(**{f"{self.field_name}__in": countries.values("pk")})


class CountriesFilter(InFilter, CountryFilter):
    """Like `CountryFilter`, documented as an array, as in the official OpenAPI document."""
