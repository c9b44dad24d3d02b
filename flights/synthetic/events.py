"""Events of a fleet: dockings, press events before planned launches, and static fires.

Also the expeditions of the dockings.
"""

import datetime as dt
from collections.abc import Iterable
from random import Random
from typing import Any

from django.db import models
from django.utils.text import slugify

from flights.models import DockingEvent, Event, Expedition, InfoURL, VidURL
from flights.synthetic.common import GO, SharedObjects
from flights.synthetic.fleet import Fleet, describe_synthetic
from flights.synthetic.flying import DAY, FlightGenerator
from flights.synthetic.rows import REFERENCE_TIME, START_TIME, SyntheticRows

EXPEDITIONS = 12
"""Consecutive expeditions to the space station of a fleet. The last one has not ended."""

EXPEDITION_LENGTH = (REFERENCE_TIME - START_TIME) / EXPEDITIONS


class EventGenerator:
    """Creates the events of a fleet with their links, and the expeditions to its space station."""

    def __init__(
        self, rows: SyntheticRows, shared: SharedObjects, random: Random, fleet: Fleet, flying: FlightGenerator
    ) -> None:
        self.rows, self.shared, self.random, self.fleet, self.flying = rows, shared, random, fleet, flying
        self.events: list[Event] = []
        self.expeditions = [self._add_expedition(n) for n in range(EXPEDITIONS)]

    def generate(self) -> None:
        for docking in self.flying.docking_events:
            self._add_docking(docking)
        for launch in self.flying.launches:
            if launch.status_id == GO and launch.net:
                self.add("Press Event", launch.net - DAY, launches=(launch,))
        # One more, as there may be no planned launch.
        self.add("Press Event", (REFERENCE_TIME + DAY * (1500 + 6000 * self.random.random())).replace(microsecond=0))

    def add(self, type_name: str, date: dt.datetime, *, location: str = "", **links: Iterable[models.Model]) -> Event:
        """Add an event of the lead agency with an info URL and a video, and with the linked objects by relation."""
        number = self.rows.number(Event)
        name = f"Synthetic {type_name} {number % 1_000_000}"
        event = self.rows.add(
            Event,
            id=number,
            name=name,
            slug=slugify(name),
            type=self.shared.event_types[type_name],
            description=describe_synthetic(self.random, self.random.randint(1, 3)),
            image=self.shared.image("event", number % 1_000_000) if number % 4 == 0 else self.fleet.configs[0].image,
            date=date,
            date_precision=self.shared.precision,
            duration=dt.timedelta(minutes=self.random.randint(10, 400)) if number % 2 else None,
            location=location or f"Synthetic Hall {self.fleet.number}",
            last_updated=min(date, REFERENCE_TIME) - dt.timedelta(minutes=self.random.randint(1, 10_000)),
        )
        for relation, targets in ({"agencies": self.fleet.agencies[:1]} | links).items():
            self.rows.link(event, relation, targets)
        if number % 3 == 0:
            self.rows.link(event, "program", (self.shared.program,))
        self._add_links(event, number)
        self.events.append(event)
        return event

    def _add_docking(self, docking: DockingEvent) -> None:
        flight, date = docking.flight_vehicle_chaser, docking.docking
        assert flight
        assert flight.launch
        assert flight.spacecraft
        config = flight.spacecraft.spacecraft_config
        assert config
        assert config.agency
        assert date
        self.add(
            self.random.choice(("Docking", "Berthing")),
            date,
            location=self.fleet.station.name,
            launches=(flight.launch,),
            agencies=(self.fleet.agencies[0], config.agency),
            astronauts=self.flying.crews.get(flight.pk, ()),
            spacestations=(self.fleet.station,),
            expeditions=(self.expeditions[(date - START_TIME) // EXPEDITION_LENGTH],),
        )

    def _add_expedition(self, n: int) -> Expedition:
        start = START_TIME + EXPEDITION_LENGTH * n
        return self.rows.add(
            Expedition,
            name=f"Synthetic Expedition {self.fleet.number}-{n + 1}",
            start=start,
            end=None if n == EXPEDITIONS - 1 else start + EXPEDITION_LENGTH,
            spacestation=self.fleet.station,
        )

    def _add_links(self, event: Event, number: int) -> None:
        values: dict[str, Any] = {"event": event, "language": self.shared.language, "source": "synthetic.example"}
        self.rows.add(
            InfoURL,
            **values,
            type=self.shared.info_url_type,
            title=f"Synthetic page about {event.name}",
            url=f"{self.shared.host}/events/{number}",
        )
        self.rows.add(
            VidURL,
            **values,
            type=self.shared.vid_url_type,
            title=f"Synthetic video of {event.name}",
            publisher="Synthetic Publisher",
            url=f"{self.shared.host}/videos/{number}",
            start_time=event.date,
        )
