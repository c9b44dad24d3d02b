"""Filters of launcher configurations and their families in Launch Library 2.2.0."""

from collections.abc import Sequence
from typing import ClassVar

import django_filters

from spacedb.api.v2_3_0.filters import launcher_configurations as v2_3_0


class LauncherConfigFilterSet(v2_3_0.LauncherConfigFilterSet):
    excluded: ClassVar[Sequence[str]] = (
        "attempted_landings",
        "consecutive_successful_landings",
        "failed_landings",
        "families",
        "is_placeholder",
        "maiden_flight",
        "successful_landings",
    )

    family = django_filters.CharFilter(field_name="families__name")
    family__contains = django_filters.CharFilter(field_name="families__name", lookup_expr="contains")
