"""Filters of astronauts and crews in Launch Library 2.2.0."""

from collections.abc import Sequence
from typing import ClassVar

from spacedb.api.v2_3_0.filters import astronauts as v2_3_0


class AstronautFilterSet(v2_3_0.AstronautFilterSet):
    excluded: ClassVar[Sequence[str]] = ("first_flight", "last_flight")

    class Meta(v2_3_0.AstronautFilterSet.Meta):
        fields = v2_3_0.AstronautFilterSet.Meta.fields | dict.fromkeys(
            ("agency__abbrev", "agency__name", "name", "status"), ("exact",)
        )
