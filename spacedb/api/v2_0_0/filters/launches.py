"""Filters of launches in Launch Library 2.0.0."""

from spacedb.api.v2_1_0.filters import launches as v2_1_0


class LaunchFilterSet(v2_1_0.LaunchFilterSet):
    excluded = ("program", "slug")


class AnyLaunchFilterSet(v2_1_0.AnyLaunchFilterSet):
    excluded = LaunchFilterSet.excluded
