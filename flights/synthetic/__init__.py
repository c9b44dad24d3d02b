"""Synthetic catalogues of any size, for benchmarks and experiments.

A catalogue consists of *fleets* of up to 100 spacecraft. The spacecraft of a fleet share agencies, configurations,
families, launch vehicles, pads, landing locations and a space station. Proportions are therefore the same at every
size, and only one fleet at a time is in memory.

The first fleet belongs to the program with a dashboard.

All names contain the word Synthetic, ids start at `LOCAL_IDS_FROM`, and URLs use the reserved top-level domain
`.example`. Only launch statuses and the program with a dashboard have the ids of Launch Library, as totals and the
dashboard depend on them. The result does not depend on the clock: all totals are as of `REFERENCE_TIME`.
"""

from collections import Counter
from itertools import pairwise
from random import Random

from django.db import connection, models

from flights.models import Program
from flights.synthetic.common import SharedObjects
from flights.synthetic.dashboard import add_dashboard
from flights.synthetic.events import EventGenerator
from flights.synthetic.fleet import Fleet
from flights.synthetic.flying import FlightGenerator
from flights.synthetic.rows import REFERENCE_TIME, SyntheticRows
from flights.synthetic.updates import UpdateGenerator
from spacedb.catalogue.write_lock import write_transaction

__all__ = ["REFERENCE_TIME", "AlreadyGenerated", "generate"]

FLEET_SIZE = 100
"""Maximum number of spacecraft in a fleet."""


class AlreadyGenerated(Exception):
    """The database already contains the catalogue of the seed."""


def generate(*, spacecraft: int, flights: int, seed: int) -> Counter[type[models.Model]]:
    """Add the synthetic catalogue of a seed in one transaction, and return the number of new objects by model.

    Raises `AlreadyGenerated` without writing anything if the database contains the catalogue of the seed, even one of
    another size, and `ValueError` if flights are requested without spacecraft.
    """
    if flights and not spacecraft:
        raise ValueError("Flights require at least one spacecraft.")
    with write_transaction():
        name = f"Synthetic catalogue {seed}"
        if Program.objects.filter(name=name).exists():
            raise AlreadyGenerated(f"{name} already exists.")
        rows = SyntheticRows()
        shared = SharedObjects(rows, name, seed)
        ends = [*range(0, spacecraft, FLEET_SIZE), spacecraft]
        for number, (first, end) in enumerate(pairwise(ends), start=1):
            random = Random(f"{seed}/{number}")
            fleet_flights = flights * end // spacecraft - flights * first // spacecraft
            fleet = Fleet(rows, shared, random, number, spacecraft=end - first)
            flying = FlightGenerator(rows, shared, random, fleet)
            flying.generate(spacecraft=end - first, flights=fleet_flights)
            events = EventGenerator(rows, shared, random, fleet, flying)
            events.generate()
            updates = UpdateGenerator(rows, shared, random)
            updates.generate(flying.launches, events.events)
            if first == 0:
                add_dashboard(fleet, flying, events, updates)
            rows.write()
        rows.write()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # Otherwise the query planner would use statistics from before the load. SQLite has none, which is
                # better: with them it reads all links to find those of a page, as most of their columns are null.
                cursor.execute("ANALYZE")
    return rows.written
