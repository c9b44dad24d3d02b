"""What a view declares to support a format: how its objects become calendar entries, and where they are on a map."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q


@dataclass(frozen=True)
class Entry:
    """One entry of a calendar. Times are in UTC."""

    summary: str
    start: dt.datetime
    end: dt.datetime | None = None
    """None, or a time that is not after `start`, if only the start is known."""
    is_all_day: bool = False
    """Only the date of the times counts."""
    is_tentative: bool = False
    description: Sequence[str] = ()
    """Paragraphs. Empty ones are left out."""
    location: Sequence[str] = ()
    """Parts of the name of the place, the smallest first. Empty ones are left out."""
    coordinates: tuple[float | None, float | None] = (None, None)
    """Latitude and longitude on the Earth in degrees."""
    categories: Sequence[str] = ()
    last_updated: dt.datetime | None = None


@dataclass(frozen=True)
class Calendar:
    """How objects become entries of a calendar."""

    time: str
    """The lookup of the time. Objects without a time have no entry."""
    entry: Callable[[Any], Entry]
    """Returns the entry of an object."""
    select_related: Sequence[str] = ()
    """The relations that `entry` reads."""


@dataclass(frozen=True)
class Position:
    """The lookups of the coordinates of an object, in degrees."""

    latitude: str = "latitude"
    longitude: str = "longitude"
    is_on_earth: Q = field(default_factory=Q)
    """The condition for the coordinates to be on the Earth. Maps show no others."""


def is_valid_position(latitude: float | None, longitude: float | None) -> bool:
    """Whether both coordinates exist and are in range."""
    return latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180
