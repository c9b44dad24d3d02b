"""Lists of objects in the future and in the past: launches by their NET, events by their date."""

import datetime as dt
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from typing_extensions import override

from spacedb.rest.viewsets import ReadOnlyViewSet

RECENT = dt.timedelta(hours=24)
"""How long an object is still listed as upcoming after its time."""


class TimelineViewSet(ReadOnlyViewSet):
    """A list of objects that have a time, in the column `time_field`."""

    time_field: ClassVar[str]


class UpcomingViewSet(TimelineViewSet):
    """Objects in the future, the next one first. An object is listed until 24 hours after its time."""

    list_title = "Upcoming"

    @override
    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(**{f"{self.time_field}__gte": timezone.now() - RECENT})

    @override
    def valid_until(self, now: dt.datetime) -> dt.datetime | None:
        """The next time at which an object is in the past, so that requests may hide it, or leaves the list."""
        return next_change(self.queryset, self.time_field, now, RECENT)


class PreviousViewSet(TimelineViewSet):
    """Objects in the past, the latest one first."""

    list_title = "Previous"

    @override
    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(**{f"{self.time_field}__lte": timezone.now()})

    @override
    def valid_until(self, now: dt.datetime) -> dt.datetime | None:
        """The next time of an object, which is a previous one from then on."""
        return next_change(self.queryset, self.time_field, now)


def next_change(
    queryset: QuerySet[Any], time_field: str, now: dt.datetime, delay: dt.timedelta = dt.timedelta(0)
) -> dt.datetime | None:
    """The next moment that is the time of an object, or `delay` after it; None if there is none."""
    latest = dt.datetime.max.replace(tzinfo=dt.UTC) - delay
    times = queryset.filter(**{f"{time_field}__lte": latest}).order_by(time_field).values_list(time_field, flat=True)
    delays = {dt.timedelta(0), delay}
    following = [(times.filter(**{f"{time_field}__gte": now - each}).first(), each) for each in delays]
    return min((time + each for time, each in following if time), default=None)
