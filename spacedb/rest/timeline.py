"""Lists of objects in the future and in the past: launches by their NET, events by their date."""

import datetime as dt
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from typing_extensions import override

from spacedb.rest.filters import BooleanFilter
from spacedb.rest.viewsets import ReadOnlyViewSet

RECENT = dt.timedelta(hours=24)
"""How long an object is still listed as upcoming after its time."""


class TimelineViewSet(ReadOnlyViewSet):
    """A list of objects that have a time, in the column `time_field`."""

    time_field: ClassVar[str]


class UpcomingViewSet(TimelineViewSet):
    """Objects in the future, the next one first. An object is listed until 24 hours after its time."""

    @override
    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(**{f"{self.time_field}__gte": timezone.now() - RECENT})

    @override
    def valid_until(self, now: dt.datetime) -> dt.datetime | None:
        """The next time, as requests may hide objects from then on, or 24 hours after a time."""
        return next_change(self.queryset, self.time_field, now, RECENT)


class PreviousViewSet(TimelineViewSet):
    """Objects in the past, the latest one first."""

    @override
    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(**{f"{self.time_field}__lte": timezone.now()})

    @override
    def valid_until(self, now: dt.datetime) -> dt.datetime | None:
        """The next time."""
        return next_change(self.queryset, self.time_field, now)


class HideRecentFilter(BooleanFilter):
    """True hides objects that are still listed as upcoming although their time, in `field_name`, has passed."""

    @override
    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs.filter(**{f"{self.field_name}__gte": timezone.now()}) if value else qs


def next_change(
    queryset: QuerySet[Any], time_field: str, now: dt.datetime, *delays: dt.timedelta
) -> dt.datetime | None:
    """The next moment that is the time of an object, or one of `delays` after it; None if there is none."""
    delays = (dt.timedelta(0), *delays)
    times = queryset.order_by(time_field).values_list(time_field, flat=True)
    following = [(times.filter(**{f"{time_field}__gte": now - delay}).first(), delay) for delay in delays]
    return min((time + delay for time, delay in following if time), default=None)
