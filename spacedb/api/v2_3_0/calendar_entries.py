"""The calendar entries of launches, events and spacecraft flights."""

from flights.models import Event, Launch, LaunchStatus, Location, NetPrecision, Pad, SpacecraftFlight
from flights.models.places import CelestialBody
from spacedb.rest.formats.declarations import Calendar, Entry

UNCONFIRMED = (LaunchStatus.TO_BE_DETERMINED, LaunchStatus.HOLD, LaunchStatus.TO_BE_CONFIRMED)


def launch_entry(launch: Launch) -> Entry:
    """From the NET to the end of the launch window."""
    assert launch.net
    return Entry(
        summary=_summary(launch.name, launch.net_precision),
        start=launch.net,
        end=launch.window_end,
        is_all_day=_is_date(launch),
        is_tentative=launch.status_id in UNCONFIRMED,
        description=(_status(launch), launch.mission.description if launch.mission else ""),
        location=_place(launch.pad),
        coordinates=_coordinates(launch.pad),
        categories=("Launch",),
        last_updated=launch.last_updated,
    )


def event_entry(event: Event) -> Entry:
    """From the date of the event on, for its duration."""
    assert event.date
    try:
        end = event.date + event.duration if event.duration else None
    except OverflowError:  # after the year 9999
        end = None
    return Entry(
        summary=_summary(event.name, event.date_precision),
        start=event.date,
        end=end,
        is_all_day=_is_less_precise(event.date_precision, NetPrecision.HOUR),
        is_tentative=_is_less_precise(event.date_precision, NetPrecision.DAY),
        description=(_precision(event.date_precision), event.description),
        location=(event.location or "",),
        categories=(event.type.name if event.type else "",),
        last_updated=event.last_updated,
    )


def flight_entry(flight: SpacecraftFlight) -> Entry:
    """From the NET of the launch to the end of the mission."""
    launch = flight.launch
    assert launch
    assert launch.net
    name = flight.spacecraft.name if flight.spacecraft else "Spacecraft"
    return Entry(
        summary=_summary(f"{name} ({launch.name})", launch.net_precision),
        start=launch.net,
        end=flight.mission_end,
        is_all_day=_is_date(launch),
        is_tentative=launch.status_id in UNCONFIRMED,
        description=(
            f"Destination: {flight.destination}" if flight.destination else "",
            _status(launch),
        ),
        location=_place(launch.pad),
        coordinates=_coordinates(launch.pad),
        categories=("Spacecraft flight",),
        last_updated=launch.last_updated,
    )


LAUNCHES = Calendar(
    time="net",
    entry=launch_entry,
    select_related=("status", "net_precision", "mission", "pad__location"),
)
EVENTS = Calendar(time="date", entry=event_entry, select_related=("type", "date_precision"))
FLIGHTS = Calendar(
    time="launch__net",
    entry=flight_entry,
    select_related=("spacecraft", "launch__status", "launch__net_precision", "launch__pad__location"),
)


def _is_date(launch: Launch) -> bool:
    """Whether only the date of the NET counts. Without a precision, the status decides."""
    if launch.net_precision is None:
        return launch.status_id == LaunchStatus.TO_BE_DETERMINED
    return _is_less_precise(launch.net_precision, NetPrecision.HOUR)


def _is_less_precise(precision: NetPrecision | None, limit: int) -> bool:
    return precision is not None and precision.pk > limit


def _summary(name: str, precision: NetPrecision | None) -> str:
    """The name; if the day itself is uncertain, with the precision."""
    if precision is not None and _is_less_precise(precision, NetPrecision.DAY):
        return f"{name} (precision: {precision.name})"
    return name


def _precision(precision: NetPrecision | None) -> str:
    return f"Precision of the time: {precision.name}" if precision else ""


def _status(launch: Launch) -> str:
    status = f"Status: {launch.status.name}" if launch.status else ""
    return "\n".join(filter(None, (status, _precision(launch.net_precision))))


def _place(pad: Pad | None) -> tuple[str, ...]:
    location: Location | None = pad.location if pad else None
    return pad.name if pad else "", location.name if location else ""


def _coordinates(pad: Pad | None) -> tuple[float | None, float | None]:
    """The coordinates of a pad on the Earth."""
    location = pad.location if pad else None
    if pad is None or (location and location.celestial_body_id not in (None, CelestialBody.EARTH)):
        return None, None
    return pad.latitude, pad.longitude
