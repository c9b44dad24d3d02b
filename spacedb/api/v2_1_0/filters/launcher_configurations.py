"""Filters of launcher configurations and their families in Launch Library 2.1.0."""

from spacedb.api.v2_2_0.filters import launcher_configurations as v2_2_0


class LauncherConfigFilterSet(v2_2_0.LauncherConfigFilterSet):
    included = ("active", "family", "full_name", "manufacturer", "name", "program", "reusable")

    class Meta(v2_2_0.LauncherConfigFilterSet.Meta):
        fields = dict.fromkeys(("active", "full_name", "manufacturer", "name", "program", "reusable"), ("exact",))
