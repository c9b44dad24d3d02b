"""Filters of expeditions in Launch Library 2.2.0."""

from spacedb.api.v2_3_0.filters import expeditions as v2_3_0


class ExpeditionFilterSet(v2_3_0.ExpeditionFilterSet):
    excluded = ("is_active",)
