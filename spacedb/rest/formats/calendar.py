"""iCalendar (RFC 5545 and RFC 7986): calendars that programs can subscribe to."""

import datetime as dt
import re
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.exceptions import NotFound
from typing_extensions import override

from spacedb.rest.formats.base import FormatRenderer, FormattedView
from spacedb.rest.formats.declarations import Calendar, Entry, is_valid_position
from spacedb.rest.modes import MODE_PARAM
from spacedb.rest.pagination import Pagination

# The functions below import icalendar, because it needs 10 MB, and many servers never generate a calendar.

REFRESH_INTERVAL = dt.timedelta(hours=1)
"""How often programs should fetch a calendar again. An unchanged one gets the status 304."""

DAY = dt.timedelta(days=1)

CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Characters that no text of a calendar may contain (RFC 5545, section 3.1)."""

UNNAMED_PARAMETERS = {"format", "limit", "offset", "ordering", MODE_PARAM}
"""Parameters that are not part of the name of a calendar."""


class CalendarRenderer(FormatRenderer):
    """A calendar with an entry for each object that has a time.

    Its bytes depend on the request and on the stored objects alone: an entry has the same `UID` in all versions, and
    its `DTSTAMP` is the time of its last change.
    """

    media_type = "text/calendar"
    format = "ics"
    description = "A calendar (RFC 5545) with an entry for each object that has a time."
    default_limit = Pagination.max_limit  # calendar programs do not request a next page

    @classmethod
    @override
    def supports(cls, view: Any, is_detail: bool) -> bool:
        return view.calendar is not None

    @override
    def list_response(self, view: FormattedView, queryset: QuerySet[Any]) -> HttpResponse:
        ids = self.page_ids(view, _with_time(view, queryset))
        objects = {instance.pk: instance for instance in _related(view, queryset.model).filter(pk__in=ids)}
        return self.response(view, _calendar(view, queryset.model, [objects[pk] for pk in ids]))

    @override
    def detail_response(self, view: FormattedView, queryset: QuerySet[Any]) -> HttpResponse:
        pk = _with_time(view, queryset).values_list("pk", flat=True).first()
        if pk is None:
            raise NotFound(f"This {queryset.model._meta.verbose_name} has no time, so it has no calendar entry.")
        return self.response(view, _calendar(view, queryset.model, [_related(view, queryset.model).get(pk=pk)]), pk)


def _declared(view: FormattedView) -> Calendar:
    assert view.calendar
    return view.calendar


def _with_time(view: FormattedView, queryset: QuerySet[Any]) -> QuerySet[Any]:
    return queryset.filter(**{f"{_declared(view).time}__isnull": False})


def _related(view: FormattedView, model: Any) -> QuerySet[Any]:
    queryset: QuerySet[Any] = model._base_manager.select_related(*_declared(view).select_related)
    return queryset


def _calendar(view: FormattedView, model: Any, objects: list[Any]) -> bytes:
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//spacedb//Launch Library {view.version.number}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = _name(view, model)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH_INTERVAL, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH_INTERVAL))
    # Without a time of its own, an entry may have changed with the last write.
    revised = view.revision.modified if view.revision else dt.datetime.fromtimestamp(0, dt.UTC)
    for instance in objects:
        entry = _declared(view).entry(instance)
        event = _event(entry, entry.last_updated or revised)
        event.add("uid", f"{model._meta.model_name}-{instance.pk}@spacedb")
        event.add("url", view.detail_url(instance.pk))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _name(view: FormattedView, model: Any) -> str:
    """The name of the list, with the parameters that filter it: `Upcoming Launches (search=Starlink)`."""
    parameters = [(name, value) for name, value in view.request.query_params.items() if name not in UNNAMED_PARAMETERS]
    name = f"{view.list_title} {model._meta.verbose_name_plural}".strip()
    if parameters and not view.detail:
        name += f" ({'&'.join(f'{key}={value}' for key, value in sorted(parameters))})"
    return _text(name)


def _event(entry: Entry, modified: dt.datetime) -> Any:
    import icalendar

    event = icalendar.Event()
    event.add("dtstamp", _utc(modified))
    event.add("last-modified", _utc(modified))
    start, end = _interval(entry)
    event.add("dtstart", start)
    if end:
        event.add("dtend", end)
    event.add("summary", _text(entry.summary))
    if description := "\n\n".join(filter(None, entry.description)):
        event.add("description", _text(description))
    if location := ", ".join(filter(None, entry.location)):
        event.add("location", _text(location))
    if is_valid_position(*entry.coordinates):
        event.add("geo", entry.coordinates)
    if categories := [_text(category) for category in entry.categories if category]:
        event.add("categories", categories)
    event.add("status", "TENTATIVE" if entry.is_tentative else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # the time is not marked as busy
    return event


def _interval(entry: Entry) -> tuple[dt.date, dt.date | None]:
    """`DTSTART` and `DTEND`, which is exclusive; None for an entry of one day, or of one moment."""
    start, end = _utc(entry.start), _utc(entry.end) if entry.end else None
    if not entry.is_all_day:
        return start, end if end and end > start else None
    last_day = max(start, end or start).date()
    return start.date(), last_day + DAY if last_day < dt.date.max else None


def _utc(time: dt.datetime) -> dt.datetime:
    """The time in whole seconds, which is the precision of iCalendar."""
    return time.astimezone(dt.UTC).replace(microsecond=0)


def _text(text: str) -> str:
    return CONTROL_CHARACTERS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
