"""Filters of launchers: reusable first stages in Launch Library 2.2.0."""

from spacedb.api.v2_3_0.filters import launchers as v2_3_0


class LauncherFilterSet(v2_3_0.LauncherFilterSet):
    excluded = ("status",)
