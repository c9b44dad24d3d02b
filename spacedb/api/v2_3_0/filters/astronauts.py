"""Filters of astronauts and crews in Launch Library 2.3.0."""

import django_filters
from django.db.models import Q, QuerySet

from flights.models import Astronaut
from spacedb.rest.filters import NUMBER_LOOKUPS, BooleanFilter, CommaSeparatedNumberFilter, FilterSet

NOT_HUMAN = "Non-Human"
"""The name of the type of dummies and animals in Launch Library."""


class AstronautFilterSet(FilterSet):
    agency_ids = CommaSeparatedNumberFilter(
        field_name="agency", label="Agency", help_text="Comma-separated agency IDs."
    )
    has_flown = BooleanFilter(
        method="filter_has_flown",
        label="Has flown",
        help_text="Has been in space at least once.",
    )
    is_human = BooleanFilter(
        method="filter_is_human", label="Is human", help_text="Is a person, not a dummy or an animal."
    )
    nationality = django_filters.CharFilter(
        method="filter_nationality",
        label="Nationality",
        help_text="A nationality (French), or the name or an ISO 3166-1 code of a country (France, FRA, FR).",
    )
    status_ids = CommaSeparatedNumberFilter(
        field_name="status", label="Status", help_text="Comma-separated astronaut status IDs."
    )

    class Meta:
        model = Astronaut
        fields = {
            "age": NUMBER_LOOKUPS,
            "date_of_birth": NUMBER_LOOKUPS,
            "date_of_death": NUMBER_LOOKUPS,
            "first_flight": NUMBER_LOOKUPS,
            "flights_count": NUMBER_LOOKUPS,
            "in_space": ("exact",),
            "landings_count": NUMBER_LOOKUPS,
            "last_flight": NUMBER_LOOKUPS,
            "type__id": ("exact",),
        }

    def filter_has_flown(self, queryset: QuerySet[Astronaut], name: str, value: bool) -> QuerySet[Astronaut]:
        """Filter by `flights_count`, or if it is null, by `first_flight`: crews do not contain the count."""
        flown = Astronaut.objects.filter(Q(flights_count__gt=0) | Q(flights_count=None, first_flight__isnull=False))
        return queryset.filter(pk__in=flown) if value else queryset.exclude(pk__in=flown)

    def filter_is_human(self, queryset: QuerySet[Astronaut], name: str, value: bool) -> QuerySet[Astronaut]:
        return queryset.exclude(type__name=NOT_HUMAN) if value else queryset.filter(type__name=NOT_HUMAN)

    def filter_nationality(self, queryset: QuerySet[Astronaut], name: str, value: str) -> QuerySet[Astronaut]:
        condition = Q()
        for field in ("nationality_name", "name", "alpha_3_code", "alpha_2_code"):
            condition |= Q(**{f"nationality__{field}__iexact": value})
        return queryset.filter(pk__in=Astronaut.objects.filter(condition).values("pk"))
