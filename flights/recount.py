"""The stored totals of flights, spacecraft, configurations and families, derived anew from what they stand on.

A total that came with a document is kept until all that it stands on is known: see docs/reference/totals.md.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeAlias

from django.db import models
from django.utils import timezone

from flights.models import DockingEvent, SpacecraftFlight
from flights.totals import (
    ZERO,
    Flight,
    Times,
    Totals,
    counted_until,
    fleet_totals,
    spacecraft_totals,
    time_docked,
    turn_around_times,
)
from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftConfigFamily
from spacedb.catalogue.models import LOCAL_IDS_FROM
from spacedb.revision.current import write_transaction

BATCH = 500
MINUTE = dt.timedelta(minutes=1)
"""Within it upstream's job counts all totals of a spacecraft."""

Derived: TypeAlias = "Iterator[tuple[models.Model, Totals]]"


@dataclass(frozen=True)
class Change:
    """A total that was not what it should be."""

    of: models.Model
    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class RecountSummary:
    """What a recount did: of how many spacecraft it derived the totals, of how many it kept them, what it changed."""

    derived: int
    kept: int
    changes: list[Change]


def recount(ids: Collection[int] | None = None, *, now: dt.datetime, dry_run: bool = False) -> RecountSummary:
    """Recount all spacecraft, or those with these ids, and their configurations and families, in one transaction.

    Raises `Spacecraft.DoesNotExist`, and writes nothing, for an id that is none.
    """
    with write_transaction():
        catalogue = Catalogue(now)
        wanted = catalogue.crafts.keys() if ids is None else set(ids)
        if unknown := wanted - catalogue.crafts.keys():
            raise Spacecraft.DoesNotExist(f"there is no spacecraft {', '.join(map(str, sorted(unknown)))}")
        crafts = [catalogue.crafts[pk] for pk in sorted(wanted)]
        fleets = [fleet for fleet in catalogue.fleets.values() if ids is None or wanted & fleet.flights.keys()]
        changes = _write(catalogue.totals(crafts, fleets), dry_run=dry_run)
    known = sum(craft.known for craft in crafts)
    return RecountSummary(known, len(crafts) - known, changes)


@contextmanager
def recounted() -> Iterator[None]:
    """Recounts whatever stands on what was changed within, in the same transaction.

    What was known completely before is so after: a flight that was deleted is no flight that is missing.
    """
    with write_transaction():
        now = timezone.now().replace(microsecond=0)
        before = Catalogue(now)
        yield
        after = Catalogue(now, before)
        _write(after.totals(_touched(before.crafts, after.crafts), _touched(before.fleets, after.fleets)))


# --- What is known ----------------------------------------------------------------------------------------------------


@dataclass
class Craft:
    """A spacecraft with its flights, in order of launch."""

    row: Spacecraft
    rows: list[SpacecraftFlight] = field(default_factory=list)
    flights: list[Flight] = field(default_factory=list)
    known: bool = False
    documented: bool = False
    """Whether all its dockings are here, as far as can be told."""

    def judge(self, now: dt.datetime, before: "Craft | None") -> None:
        """A turnaround of the first flight that is here tells of one before it."""
        present = sum(flight.flown for flight in self.flights)
        is_first = not self.rows or self.rows[0].turn_around_time is None
        self.known = (before is not None and before.known) or (
            is_first and _all_here(self.row, "flights_count", present)
        )
        stored = self.row.time_docked or ZERO
        then = counted_until(self.row.time_in_space or ZERO, self.flights, now)
        self.documented = (
            (before is not None and before.documented)
            or not stored
            or all(flight.dockings for flight in self.flights if flight.flown)
            or abs(stored - time_docked(self.flights, then)) < MINUTE
        )

    def totals(self, now: dt.datetime) -> Derived:
        for row, flight, turn_around in zip(self.rows, self.flights, turn_around_times(self.flights), strict=True):
            yield row, {"duration": flight.duration(now)} | ({"turn_around_time": turn_around} if self.known else {})
        if self.known:
            totals = spacecraft_totals(self.flights, now)
            yield self.row, {name: value for name, value in totals.items() if name != "time_docked" or self.documented}


@dataclass
class Fleet:
    """A configuration or a family, with the flights of each of its spacecraft."""

    row: SpacecraftConfig | SpacecraftConfigFamily
    flights: dict[int, list[Flight]] = field(default_factory=dict)
    known: bool = True

    def judge(self, crafts: dict[int, Craft], before: "Fleet | None") -> None:
        totals = fleet_totals(self.flights.values())
        self.known = (before is not None and before.known) or (
            all(crafts[pk].known for pk in self.flights)
            and _all_here(self.row, "total_launch_count", totals["total_launch_count"])
            and totals["spacecraft_flown"] >= (self.row.spacecraft_flown or 0)
        )

    def totals(self) -> Derived:
        if self.known:
            stored = {column.name for column in self.row._meta.fields}
            totals = fleet_totals(self.flights.values())
            yield self.row, {name: value for name, value in totals.items() if name in stored}


def _all_here(row: Any, total: str, present: int) -> bool:
    """Whether as many are here as the row says. Of what was made here and not counted yet, all are."""
    stored: int | None = getattr(row, total)
    return row.pk >= LOCAL_IDS_FROM if stored is None else present >= stored


class Catalogue:
    """All that the totals stand on, by a fixed number of queries; within `one_step`, so nobody writes meanwhile.

    What was known `before` is known.
    """

    def __init__(self, now: dt.datetime, before: "Catalogue | None" = None) -> None:
        self.now = now
        self.crafts = {row.pk: Craft(row) for row in Spacecraft.objects.order_by("pk")}
        self._load_flights()
        self.fleets: dict[tuple[type[models.Model], int | None], Fleet] = {
            (model, row.pk): Fleet(row)
            for model in (SpacecraftConfig, SpacecraftConfigFamily)
            for row in model._base_manager.order_by("pk")
        }
        self._load_families()
        for pk, craft in self.crafts.items():
            craft.judge(now, before.crafts.get(pk) if before else None)
        for key, fleet in self.fleets.items():
            fleet.judge(self.crafts, before.fleets.get(key) if before else None)

    def _load_flights(self) -> None:
        dockings: dict[int, list[Times]] = defaultdict(list)
        events = DockingEvent.objects.filter(flight_vehicle_chaser__isnull=False).order_by("pk")
        for chaser, *times in events.values_list("flight_vehicle_chaser", "docking", "departure"):
            dockings[chaser].append((times[0], times[1]))
        columns = ("mission_end", "spacecraft", "launch", "landing", "duration", "turn_around_time")
        joined = ("launch__name", "launch__status", "launch__net", "landing__attempt", "landing__success")
        rows = SpacecraftFlight.objects.filter(spacecraft__isnull=False).select_related("launch", "landing")
        for row in rows.only(*columns, *joined).order_by(models.F("launch__net").asc(nulls_last=True), "pk"):
            if craft := self.crafts.get(row.spacecraft_id or 0):  # else it has been made since
                row.spacecraft = craft.row
                craft.rows.append(row)
                craft.flights.append(_flight(row, tuple(dockings[row.pk])))

    def _load_families(self) -> None:
        families: dict[int | None, list[int]] = defaultdict(list)
        for member, family in SpacecraftConfig.objects.filter(family__isnull=False).values_list("pk", "family"):
            families[member].append(family)
        for pk, craft in self.crafts.items():
            config = craft.row.spacecraft_config_id
            of_families = ((SpacecraftConfigFamily, family) for family in families[config])
            for key in ((SpacecraftConfig, config), *of_families):
                if fleet := self.fleets.get(key):
                    fleet.flights[pk] = craft.flights

    def totals(self, crafts: Iterable[Craft], fleets: Iterable[Fleet]) -> Derived:
        return chain(
            chain.from_iterable(craft.totals(self.now) for craft in crafts),
            chain.from_iterable(fleet.totals() for fleet in fleets),
        )


def _flight(row: SpacecraftFlight, dockings: tuple[Times, ...]) -> Flight:
    return Flight(
        status=row.launch.status_id if row.launch else None,
        net=row.launch.net if row.launch else None,
        mission_end=row.mission_end,
        launch=row.launch_id,
        attempt=row.landing.attempt if row.landing else False,
        success=row.landing.success if row.landing else None,
        dockings=dockings,
    )


def _touched(before: dict[Any, Any], after: dict[Any, Any]) -> list[Any]:
    return [one for key, one in after.items() if key not in before or one.flights != before[key].flights]


# --- What is written --------------------------------------------------------------------------------------------------


def _write(derived: Derived, *, dry_run: bool = False) -> list[Change]:
    changes = [
        Change(row, name, before, value)
        for row, totals in derived
        for name, value in totals.items()
        if (before := getattr(row, name)) != value
    ]
    for model in {type(change.of): None for change in changes}:
        those = [change for change in changes if type(change.of) is model]
        for change in those:
            setattr(change.of, change.field, change.after)
        if not dry_run:
            rows, fields = {change.of: None for change in those}, {change.field: None for change in those}
            model._base_manager.bulk_update(rows, fields, batch_size=BATCH)
    return changes
