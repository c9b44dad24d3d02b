"""Filters of launcher configurations and their families in Launch Library 2.0.0."""

from spacedb.api.v2_1_0.filters import launcher_configurations as v2_1_0


class LauncherConfigFilterSet(v2_1_0.LauncherConfigFilterSet):
    excluded = ("program",)
