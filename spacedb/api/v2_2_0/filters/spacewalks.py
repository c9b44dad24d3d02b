"""Filters of spacewalks in Launch Library 2.2.0."""

from spacedb.api.v2_3_0.filters import spacewalks as v2_3_0


class SpacewalkFilterSet(v2_3_0.SpacewalkFilterSet):
    excluded = ("day", "month", "year")
