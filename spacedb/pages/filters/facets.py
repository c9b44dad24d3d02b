"""Facets: how often the most frequent values of a filter occur in the objects of a list."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from spacedb.caching.fragments import FragmentCache
from spacedb.pages.filters.fields import FilterField
from spacedb.pages.filters.links import FilterLinks
from spacedb.pages.filters.names import names

MAX_FACET_VALUES = 10
MAX_FACET_ROWS = 100_000
"""Longer lists have no facets, as each reads all objects of the list."""

BOOLEANS = {"true": "yes", "false": "no"}


class FacetValue(NamedTuple):
    """A value of a filter, and how many objects of the list have it. The link selects it, or removes it."""

    name: str
    objects: int
    url: str
    is_selected: bool


def facet(
    fragments: FragmentCache,
    queryset: QuerySet[Any],
    filter_field: FilterField,
    selected: Sequence[str],
    links: FilterLinks,
) -> list[FacetValue]:
    """The most frequent values in the queryset; none if there is nothing to choose from."""
    column = filter_field.column
    assert column is not None
    counted = queryset.order_by().values_list(column).annotate(objects=Count("pk")).order_by("-objects", column)
    # One row more, for the objects without a value, which no filter selects.
    rows = fragments.rows(counted[: MAX_FACET_VALUES + 1])
    counts = {str(value).lower(): count for value, count in rows if value is not None}
    values = list(counts)[:MAX_FACET_VALUES]
    if len(values) < 2 and not selected:
        return []
    by_value = names(fragments, filter_field.source, values) if filter_field.source else BOOLEANS
    name = filter_field.name
    return [
        FacetValue(
            by_value[value],
            counts[value],
            links.remove(name) if selected == [value] else links.replace(name, value),
            selected == [value],
        )
        for value in values
        if value in by_value
    ]
