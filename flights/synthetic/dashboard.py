"""What the dashboard shows: launches, events, launchers, notices, road closures and live streams of a program."""

import datetime as dt

from flights.models import (
    FirstStage,
    Launch,
    Launcher,
    LauncherConfig,
    LiveStream,
    Notice,
    Program,
    RoadClosure,
)
from flights.synthetic.common import GO
from flights.synthetic.events import EventGenerator
from flights.synthetic.fleet import Fleet
from flights.synthetic.flying import DAY, FlightGenerator
from flights.synthetic.rows import START_TIME, SyntheticRows
from flights.synthetic.updates import UpdateGenerator

LAUNCHERS = 10
"""Launchers that take turns to launch."""

NOTICES = 12
"""Notices, road closures and updates. Each is about one of the last launches."""


def add_dashboard(fleet: Fleet, flying: FlightGenerator, events: EventGenerator, updates: UpdateGenerator) -> None:
    """Add the first launcher configuration of the fleet to the program with a dashboard, and what the dashboard shows.

    The program is created unless the database already contains it.
    """
    rows, shared, config = fleet.rows, fleet.shared, fleet.launchers[0]
    program = Program.objects.filter(pk=Program.STARSHIP).first() or rows.add(
        Program,
        id=Program.STARSHIP,
        name="Synthetic Starship",
        description="Its dashboard shows synthetic objects.",
        start_date=START_TIME,
        type=shared.program.type,
        image=config.image,
    )
    rows.link(config, "program", (program,))
    launches = [launch for launch in flying.launches if launch.configuration is config]
    launches.sort(key=lambda launch: (launch.net, launch.pk))
    _add_launchers(rows, fleet, config, launches)
    for launch in launches:
        assert launch.net
        rows.link(launch, "program", (program,))
        events.add("Static Fire", launch.net - 3 * DAY, launches=(launch,), program=(program,))
    for n, launch in enumerate(launches[-NOTICES:]):
        assert launch.net
        notice_type = shared.notice_types[n % len(shared.notice_types)]
        rows.add(Notice, program=program, type=notice_type, date=launch.net, url=f"{shared.host}/notices/{n}")
        rows.add(
            RoadClosure,
            program=program,
            title=f"Synthetic road closure {n}",
            status=shared.closure_status,
            window_start=launch.net - dt.timedelta(hours=6),
            window_end=launch.net + dt.timedelta(hours=2),
        )
        updates.add(launch.net, program=program)
    for name in ("Pad", "Road"):
        rows.add(
            LiveStream,
            program=program,
            title=f"Synthetic stream: {name}",
            description="Nothing can be seen, as the place does not exist.",
            image=f"{shared.host}/streams/{name.lower()}.jpg",
            url=f"{shared.host}/streams/{name.lower()}",
        )


def _add_launchers(rows: SyntheticRows, fleet: Fleet, config: LauncherConfig, launches: list[Launch]) -> None:
    """Add launchers, each with its first stages of the launches, and with its totals."""
    for n in range(LAUNCHERS):
        own = launches[n::LAUNCHERS]
        flown = [launch for launch in own if launch.status_id != GO]
        launcher = rows.add(
            Launcher,
            serial_number=f"SYN-B{n + 1}",
            launcher_config=config,
            status=fleet.shared.launcher_status,
            image=config.image,
            details="Synthetic: this launcher does not exist.",
            flight_proven=bool(flown),
            flights=len(flown),
            attempted_landings=0,
            successful_landings=0,
            first_launch_date=flown[0].net if flown else None,
            last_launch_date=flown[-1].net if flown else None,
        )
        for number, launch in enumerate(own):
            previous = own[number - 1] if number else None
            rows.add(
                FirstStage,
                launcher=launcher,
                launch=launch,
                position=0,
                reused=previous is not None,
                launcher_flight_number=number + 1,
                previous_flight=previous,
                previous_flight_date=previous and previous.net,
                turn_around_time=launch.net - previous.net if launch.net and previous and previous.net else None,
            )
