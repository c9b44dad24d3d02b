"""Recounts the stored totals of flights, spacecraft, configurations and families from flights and dockings.

A total from a document is not overwritten until all flights and dockings that it counts are stored:
docs/reference/totals.md has the rules.
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
    DockingTimes,
    Flight,
    Totals,
    counted_at,
    group_totals,
    spacecraft_totals,
    time_docked,
    turn_around_times,
)
from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftConfigFamily
from spacedb.catalogue.models import LOCAL_IDS_FROM
from spacedb.catalogue.write_lock import write_transaction

BATCH_SIZE = 500

UPSTREAM_JOB_DURATION = dt.timedelta(minutes=1)
"""Launch Library computes all totals of a spacecraft within this time."""

ComputedTotals: TypeAlias = "Iterator[tuple[models.Model, Totals]]"


@dataclass(frozen=True)
class Change:
    """A total that a recount changed, or would change in a dry run."""

    instance: models.Model
    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class RecountSummary:
    """The numbers of spacecraft that were recounted and that were skipped as incomplete, and the changes."""

    recounted: int
    skipped: int
    changes: list[Change]


def recount(ids: Collection[int] | None = None, *, now: dt.datetime, dry_run: bool = False) -> RecountSummary:
    """Recount the spacecraft with the given ids, or all, and their configurations and families, in one transaction.

    Raises `Spacecraft.DoesNotExist` without writing anything if a spacecraft does not exist.
    """
    with write_transaction():
        history = FlightHistory(now)
        requested = history.spacecraft.keys() if ids is None else set(ids)
        if missing := requested - history.spacecraft.keys():
            raise Spacecraft.DoesNotExist(f"Spacecraft not found: {', '.join(map(str, sorted(missing)))}.")
        spacecraft = [history.spacecraft[pk] for pk in sorted(requested)]
        groups = [group for group in history.groups.values() if ids is None or requested & group.flights.keys()]
        changes = _write(history.totals(spacecraft, groups), dry_run=dry_run)
    recounted = sum(craft.is_complete for craft in spacecraft)
    return RecountSummary(recounted, len(spacecraft) - recounted, changes)


@contextmanager
def recount_affected() -> Iterator[None]:
    """Recount, in the same transaction, the totals that are affected by the changes made in the block.

    Histories that were complete before the block count as complete: a flight that was deleted in it is not missing.
    """
    with write_transaction():
        now = timezone.now().replace(microsecond=0)
        before = FlightHistory(now)
        yield
        after = FlightHistory(now, before)
        spacecraft = _with_changed_flights(before.spacecraft, after.spacecraft)
        _write(after.totals(spacecraft, _with_changed_flights(before.groups, after.groups)))


# --- Loading ----------------------------------------------------------------------------------------------------------


@dataclass
class SpacecraftHistory:
    """A spacecraft with its flights in order of launch, as rows and as `Flight` objects."""

    row: Spacecraft
    flight_rows: list[SpacecraftFlight] = field(default_factory=list)
    flights: list[Flight] = field(default_factory=list)
    is_complete: bool = False
    """Whether all its flights are stored."""
    has_all_dockings: bool = False
    """Whether all its dockings are stored, judging by `time_docked`."""

    def check_completeness(self, now: dt.datetime, before: "SpacecraftHistory | None") -> None:
        flown = sum(flight.flown for flight in self.flights)
        # A turnaround of the first stored flight proves that an earlier flight is missing.
        has_first_flight = not self.flight_rows or self.flight_rows[0].turn_around_time is None
        self.is_complete = (before is not None and before.is_complete) or (
            has_first_flight and _has_all(self.row, "flights_count", flown)
        )
        stored = self.row.time_docked or ZERO
        stored_at = counted_at(self.row.time_in_space or ZERO, self.flights, now)
        self.has_all_dockings = (
            (before is not None and before.has_all_dockings)
            or not stored
            or all(flight.dockings for flight in self.flights if flight.flown)
            or abs(stored - time_docked(self.flights, stored_at)) < UPSTREAM_JOB_DURATION
        )

    def totals(self, now: dt.datetime) -> ComputedTotals:
        turnarounds = turn_around_times(self.flights)
        for row, flight, turnaround in zip(self.flight_rows, self.flights, turnarounds, strict=True):
            yield (
                row,
                {"duration": flight.duration(now)} | ({"turn_around_time": turnaround} if self.is_complete else {}),
            )
        if self.is_complete:
            totals = spacecraft_totals(self.flights, now)
            if not self.has_all_dockings:
                del totals["time_docked"]
            yield self.row, totals


@dataclass
class GroupHistory:
    """A configuration or a family, with the flights of each of its spacecraft by the id of the spacecraft."""

    row: SpacecraftConfig | SpacecraftConfigFamily
    flights: dict[int, list[Flight]] = field(default_factory=dict)
    is_complete: bool = True
    """Whether all flights of all its spacecraft are stored."""

    def check_completeness(self, spacecraft: dict[int, SpacecraftHistory], before: "GroupHistory | None") -> None:
        totals = group_totals(self.flights.values())
        self.is_complete = (before is not None and before.is_complete) or (
            all(spacecraft[pk].is_complete for pk in self.flights)
            and _has_all(self.row, "total_launch_count", totals["total_launch_count"])
            and totals["spacecraft_flown"] >= (self.row.spacecraft_flown or 0)
        )

    def totals(self) -> ComputedTotals:
        if self.is_complete:
            columns = {column.name for column in self.row._meta.fields}
            totals = group_totals(self.flights.values())
            yield self.row, {name: value for name, value in totals.items() if name in columns}


def _has_all(row: Any, total: str, count: int) -> bool:
    """Whether `count` reaches the stored total of a row. A local object without a total is always complete."""
    stored: int | None = getattr(row, total)
    return row.pk >= LOCAL_IDS_FROM if stored is None else count >= stored


class FlightHistory:
    """All flights and dockings by spacecraft, configuration and family, loaded in a fixed number of queries.

    Create it in `write_transaction()`, so that no other process writes in between. Histories complete in `before`
    count as complete.
    """

    def __init__(self, now: dt.datetime, before: "FlightHistory | None" = None) -> None:
        self.now = now
        self.spacecraft = {row.pk: SpacecraftHistory(row) for row in Spacecraft.objects.order_by("pk")}
        self._load_flights()
        self.groups: dict[tuple[type[models.Model], int | None], GroupHistory] = {
            (model, row.pk): GroupHistory(row)
            for model in (SpacecraftConfig, SpacecraftConfigFamily)
            for row in model._base_manager.order_by("pk")
        }
        self._add_flights_to_groups()
        for pk, spacecraft in self.spacecraft.items():
            spacecraft.check_completeness(now, before.spacecraft.get(pk) if before else None)
        for key, group in self.groups.items():
            group.check_completeness(self.spacecraft, before.groups.get(key) if before else None)

    def _load_flights(self) -> None:
        dockings: dict[int, list[DockingTimes]] = defaultdict(list)
        events = DockingEvent.objects.filter(flight_vehicle_chaser__isnull=False).order_by("pk")
        for chaser, *times in events.values_list("flight_vehicle_chaser", "docking", "departure"):
            dockings[chaser].append((times[0], times[1]))
        columns = ("mission_end", "spacecraft", "launch", "landing", "duration", "turn_around_time")
        joined = ("launch__name", "launch__status", "launch__net", "landing__attempt", "landing__success")
        rows = SpacecraftFlight.objects.filter(spacecraft__isnull=False).select_related("launch", "landing")
        for row in rows.only(*columns, *joined).order_by(models.F("launch__net").asc(nulls_last=True), "pk"):
            assert row.spacecraft_id is not None
            spacecraft = self.spacecraft[row.spacecraft_id]
            row.spacecraft = spacecraft.row
            spacecraft.flight_rows.append(row)
            spacecraft.flights.append(_to_flight(row, tuple(dockings[row.pk])))

    def _add_flights_to_groups(self) -> None:
        families: dict[int | None, list[int]] = defaultdict(list)
        for config, family in SpacecraftConfig.objects.filter(family__isnull=False).values_list("pk", "family"):
            families[config].append(family)
        for pk, spacecraft in self.spacecraft.items():
            config_id = spacecraft.row.spacecraft_config_id
            family_keys = ((SpacecraftConfigFamily, family) for family in families[config_id])
            for key in ((SpacecraftConfig, config_id), *family_keys):
                if group := self.groups.get(key):
                    group.flights[pk] = spacecraft.flights

    def totals(self, spacecraft: Iterable[SpacecraftHistory], groups: Iterable[GroupHistory]) -> ComputedTotals:
        return chain(
            chain.from_iterable(history.totals(self.now) for history in spacecraft),
            chain.from_iterable(group.totals() for group in groups),
        )


def _to_flight(row: SpacecraftFlight, dockings: tuple[DockingTimes, ...]) -> Flight:
    return Flight(
        status=row.launch.status_id if row.launch else None,
        net=row.launch.net if row.launch else None,
        mission_end=row.mission_end,
        launch=row.launch_id,
        attempt=row.landing.attempt if row.landing else False,
        success=row.landing.success if row.landing else None,
        dockings=dockings,
    )


def _with_changed_flights(before: dict[Any, Any], after: dict[Any, Any]) -> list[Any]:
    """The histories of `after` whose flights differ from those in `before`. A new history without flights does not."""
    flights = {key: history.flights for key, history in before.items()}
    return [history for key, history in after.items() if (history.flights or None) != (flights.get(key) or None)]


# --- Writing ----------------------------------------------------------------------------------------------------------


def _write(computed: ComputedTotals, *, dry_run: bool = False) -> list[Change]:
    """Write the totals that differ from the stored ones, in bulk for each model, and return the changes."""
    changes = [
        Change(row, name, before, value)
        for row, totals in computed
        for name, value in totals.items()
        if (before := getattr(row, name)) != value
    ]
    for model in {type(change.instance): None for change in changes}:
        changes_of_model = [change for change in changes if type(change.instance) is model]
        for change in changes_of_model:
            setattr(change.instance, change.field, change.after)
        if not dry_run:
            rows = {change.instance: None for change in changes_of_model}
            fields = {change.field: None for change in changes_of_model}
            model._base_manager.bulk_update(rows, fields, batch_size=BATCH_SIZE)
    return changes
