"""Synthetic catalogues: as many made-up spacecraft and flights as wanted, to measure and to try things with.

A catalogue is made of *fleets* of up to a hundred spacecraft, each with the agencies, configurations, families, launch
vehicles, pads, landing places and station that it shares. So proportions are the same at every size, and no more than
one fleet is in memory.

Everything says of itself that it is synthetic, is numbered from `LOCAL_IDS_FROM` on, as what is made on a server is,
and has its addresses below `.example`, which nobody can own. Only the statuses of launches are upstream's, by whose ids
it is known what was flown. Nothing depends on the clock: all is told as of `MOMENT`.
"""

from collections import Counter
from itertools import pairwise
from random import Random

from django.db import connection, models

from flights.models import Program
from flights.synthetic.common import Common
from flights.synthetic.fleet import Fleet
from flights.synthetic.flying import Flying
from flights.synthetic.rows import MOMENT, SyntheticRows
from spacedb.revision.current import write_transaction

__all__ = ["MOMENT", "AlreadyGenerated", "generate"]

FLEET = 100
"""How many spacecraft share what a fleet has."""


class AlreadyGenerated(Exception):
    """There is a catalogue of this seed."""


def generate(*, spacecraft: int, flights: int, seed: int) -> Counter[type[models.Model]]:
    """Add a synthetic catalogue, the same for the same seed, in one transaction; tell how many objects of each model.

    Raises `AlreadyGenerated`, and writes nothing, where this seed's catalogue is here, be it of another size.
    """
    if flights and not spacecraft:
        raise ValueError("there are no flights without spacecraft")
    with write_transaction():
        name = f"Synthetic catalogue {seed}"
        if Program.objects.filter(name=name).exists():
            raise AlreadyGenerated(f"{name} is here already")
        rows = SyntheticRows()
        common = Common(rows, name, seed)
        ends = [*range(0, spacecraft, FLEET), spacecraft]
        for number, (first, end) in enumerate(pairwise(ends), start=1):
            random = Random(f"{seed}/{number}")
            share = flights * end // spacecraft - flights * first // spacecraft
            fleet = Fleet(rows, common, random, number, spacecraft=end - first)
            Flying(rows, common, random, fleet).fly(spacecraft=end - first, flights=share)
            rows.write()
        rows.write()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # a database that was filled at one go plans by what it knew before
    return rows.written
