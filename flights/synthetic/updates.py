"""Updates of launches, events and programs."""

import datetime as dt
from collections.abc import Iterable
from random import Random

from django.db import models

from flights.models import Event, Launch, Update
from flights.synthetic.common import SharedObjects
from flights.synthetic.fleet import describe_synthetic
from flights.synthetic.rows import REFERENCE_TIME, SyntheticRows

AUTHORS = 40


class UpdateGenerator:
    """Creates updates."""

    def __init__(self, rows: SyntheticRows, shared: SharedObjects, random: Random) -> None:
        self.rows, self.shared, self.random = rows, shared, random

    def generate(self, launches: Iterable[Launch], events: Iterable[Event]) -> None:
        """Add an update of the program of the catalogue, up to three of each launch, and up to one of each event."""
        self.add(REFERENCE_TIME, program=self.shared.program)
        for launch in launches:
            for _ in range(self.random.randint(0, 3)):
                self.add(launch.net, launch=launch)
        for event in events:
            if self.random.random() < 0.5:
                self.add(event.date, event=event)

    def add(self, before: dt.datetime | None, **subject: models.Model) -> None:
        """Add an update of the subject. It is from up to ten days before the given time, and not from the future."""
        number = self.rows.number(Update)
        author = number % AUTHORS
        self.rows.add(
            Update,
            id=number,
            profile_image=f"{self.shared.host}/authors/{author}.jpg",
            comment=describe_synthetic(self.random, 1),
            info_url=f"{self.shared.host}/updates/{number}" if number % 3 else None,
            created_by=f"Synthetic Author {author}",
            created_on=min(before or REFERENCE_TIME, REFERENCE_TIME)
            - dt.timedelta(seconds=self.random.randrange(10 * 86_400)),
            **subject,
        )
