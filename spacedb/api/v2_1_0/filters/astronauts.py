"""Filters of astronauts and crews in Launch Library 2.1.0."""

from collections.abc import Sequence
from typing import ClassVar

from spacedb.api.v2_2_0.filters import astronauts as v2_2_0


class AstronautFilterSet(v2_2_0.AstronautFilterSet):
    excluded: ClassVar[Sequence[str]] = (
        *v2_2_0.AstronautFilterSet.excluded,
        "age",
        "flights_count",
        "in_space",
        "is_human",
        "landings_count",
        "type",
    )
