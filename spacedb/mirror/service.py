"""Passes one after another, and what is to be done between them."""

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DatabaseError, close_old_connections

from spacedb.mirror.applying import Outcome, apply, is_applied
from spacedb.mirror.client import Client
from spacedb.mirror.clock import Clock, duration
from spacedb.mirror.collections import VERSION, Collection
from spacedb.mirror.errors import MirrorError, database_trouble, file_trouble
from spacedb.mirror.page_store import PageStore
from spacedb.mirror.reports import Reporter, escaped
from spacedb.mirror.run import Mirror, ReadCollection
from spacedb.mirror.source import Source

AFTER_FAILURE = 15 * 60.0
CHORE_EVERY = 60 * 60.0
"""Seconds."""

TOO_OLD = dt.timedelta(days=7)
"""After which the pages of a pass that was interrupted are not used any longer."""


@dataclass(frozen=True)
class Job:
    """What to mirror, and how."""

    source: Source
    collections: Sequence[Collection]
    folder: Path
    agent: str
    token: str = field(default="", repr=False)
    reserve: int = 0
    max_delete: float | None = None
    """Percent of a collection that may be removed where the source has them no longer; None removes nothing."""
    dry_run: bool = False

    @property
    def spool(self) -> PageStore:
        return PageStore(self.folder / self.source.name, f"/{VERSION}/")

    def once(self, clock: Clock, report: Reporter) -> Outcome:
        """One pass: to its end, or to a `MirrorError`, which `--status` tells until one has come to its end."""
        try:
            return self._once(clock, report)
        except MirrorError as error:
            with suppress(OSError):  # a full disk may be what the error is about
                self.spool.note_failure(str(error), clock.moment())
            raise

    def _once(self, clock: Clock, report: Reporter) -> Outcome:
        try:
            client = Client(self.source, agent=self.agent, token=self.token, clock=clock, waits=report.say)
            with closing(client), self.spool.locked():
                reads = self._read(client, clock, report)
                close_old_connections()  # it may have been hours
                return apply(
                    self.spool,
                    self.source.url,
                    reads,
                    max_delete=self.max_delete,
                    dry_run=self.dry_run,
                    clock=clock,
                    report=report,
                )
        except DatabaseError as error:
            raise MirrorError(f"{database_trouble(error)}\nNothing was written.") from error
        except OSError as error:
            raise MirrorError(file_trouble(error)) from error

    def _read(self, client: Client, clock: Clock, report: Reporter) -> list[ReadCollection]:
        last = self.spool.last_fetched()
        if last and clock.moment() - last > TOO_OLD:
            report.say(f"The pass that stopped at {last:%Y-%m-%d %H:%M} UTC is too old to go on with: it begins anew.")
            self.spool.clear()
        mirror = Mirror(client, self.spool, self.collections, reserve=self.reserve, clock=clock, report=report)
        reads = mirror.read()
        if mirror.fetched or not is_applied(self.source.url, reads):
            return reads
        self.spool.finish([read.collection.name for read in reads])
        return self._read(client, clock, report)

    def forever(self, every: float, clock: Clock, report: Reporter, chore: Callable[[], None]) -> None:
        """A pass every so many seconds, sooner after one that failed. The chore is done hourly, also while waiting."""
        patient = _Chores(clock, chore)
        while True:
            began, pause = clock.now(), every
            try:
                for line in sentences(self.once(patient, report), dry_run=self.dry_run):
                    report.say(line)
            except MirrorError as error:
                report.fail(str(error))
                began, pause = clock.now(), min(every, AFTER_FAILURE)
            patient.do()
            rest = max(0.0, began + pause - clock.now())
            report.say(f"The next pass begins in {duration(rest)}.")
            patient.sleep(rest)


class _Chores(Clock):
    """A clock by which long waits are used: each hour something is done."""

    def __init__(self, clock: Clock, chore: Callable[[], None]) -> None:
        self.clock, self.chore = clock, chore
        self.due = clock.now() + CHORE_EVERY

    def now(self) -> float:
        return self.clock.now()

    def moment(self) -> dt.datetime:
        return self.clock.moment()

    def sleep(self, seconds: float) -> None:
        end = self.now() + seconds
        while (rest := end - self.now()) > 0:
            self.clock.sleep(min(rest, max(0.0, self.due - self.now())))
            if self.now() >= self.due:
                self.do()

    def do(self) -> None:
        close_old_connections()
        self.chore()
        self.due = self.now() + CHORE_EVERY


MOST_NAMED = 20
LONGEST_NAME = 100


def sentences(outcome: Outcome, *, dry_run: bool) -> list[str]:
    """What a pass did."""
    told = ["Dry run: nothing was written."] if dry_run else []
    if outcome.summary is None:
        told.append("Nothing has changed at the source.")
    else:
        counts = [(0, 0, 0), *outcome.summary.models.values()]
        created, updated, unchanged = (sum(column) for column in zip(*counts, strict=True))
        told.append(f"Objects: {created} created, {updated} updated, {unchanged} unchanged.")
        if outcome.summary.unknown_keys:
            told.append(f"Ignored, for no form knows these keys: {_few(outcome.summary.unknown_keys)}")
    for found in outcome.missing:
        name, unsure = found.collection.name, sorted(set(found.missing) - set(found.gone))
        if unsure:
            told.append(f"On no page of {name}: {_few(unsure)}. New or gone since: the next pass tells.")
        if found.gone:
            told.append(f"No longer at the source, {name}: {_few(found.gone)}")
        if found.is_too_much:
            told.append(f"{name}: {len(found.gone)} of {found.total} are more than --max-delete allows: all stay.")
        told += [f"{name} {pk} stays: {needed} needs it." for pk, needed in [*found.kept.items()][:MOST_NAMED]]
    if any(found.gone for found in outcome.missing):
        if outcome.removed is None:
            told.append("They stay here; --prune removes them.")
        else:
            told.append(f"{outcome.removed} objects {'would be' if dry_run else 'were'} removed.")
    return told


def _few(ids: Sequence[Any]) -> str:
    more = len(ids) - MOST_NAMED
    return ", ".join(escaped(str(pk)[:LONGEST_NAME]) for pk in ids[:MOST_NAMED]) + (
        f" and {more} more" if more > 0 else ""
    )
