"""The daily budget of incremental runs, and the log of the requests that they have sent.

A part of the budget is for the changes of launches and events, and the rest for all other requests. A full run is not
subject to the daily budget.
"""

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from spacedb.files import private_opener
from spacedb.mirror.budget import Budget
from spacedb.mirror.clock import Clock

DAY = dt.timedelta(days=1)
MAX_WAIT = dt.timedelta(minutes=10)
"""The longest wait for the daily budget. A timer may start a run a few minutes earlier than the day before."""
ENTRY = re.compile(r"([0-9]{1,11}\.[0-9]+) ([a-z]+)\n")
"""A line of the log: a time in seconds since 1970, and a purpose."""

MINIMUM = 5
PATTERN = re.compile(r"([0-9]{1,6})(?:/day)?")
EXPECTED = f"a number of requests a day, such as 40/day, of at least {MINIMUM}"

USUAL_CHANGE_REQUESTS = 24
"""Requests a day for changes if the budget is large enough: of two collections, every two hours."""


class Purpose(StrEnum):
    """What a request is for: the changes of launches and events, or everything else."""

    CHANGES = "changes"
    OTHER = "other"


@dataclass(frozen=True)
class DailyBudget:
    """The maximum number of requests in any 24 hours."""

    requests: int

    @classmethod
    def parse(cls, text: str) -> "DailyBudget":
        """Parse `40/day`. Raises `ValueError`."""
        match = PATTERN.fullmatch(text)
        if not match or int(match[1]) < MINIMUM:
            raise ValueError(f"{text} is not {EXPECTED}")
        return cls(int(match[1]))

    @property
    def for_changes(self) -> float:
        """The requests a day for changes: every two hours, but at most three fifths and at least a quarter."""
        return min(0.6 * self.requests, max(USUAL_CHANGE_REQUESTS, self.requests / 4))

    @property
    def for_others(self) -> int:
        """The requests a day for everything else."""
        return math.floor(self.requests - self.for_changes)

    def changes_interval(self, collections: int) -> dt.timedelta:
        """The time between two readings of the changes, if each takes one request for each collection."""
        return DAY * max(1, collections) / self.for_changes


DEFAULT_BUDGET = DailyBudget(40)


class RequestLog:
    """The requests of the last 24 hours: a file with a line for each, its time and its purpose.

    A line is written before its request is sent, so that a killed process leaves no request out.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path, self.clock = path, clock

    def times(self, *purposes: Purpose, within: dt.timedelta = DAY) -> list[dt.datetime]:
        """The times of the requests within this time, of these purposes or of all, in order."""
        now = self.clock.now()
        entries = [entry for line in self._lines() if (entry := ENTRY.fullmatch(line))]
        times = (
            dt.datetime.fromtimestamp(float(entry[1]), dt.UTC)
            for entry in entries
            if not purposes or entry[2] in purposes
        )
        # A time in the future is that of a clock that was wrong.
        return sorted(time for time in times if now - within < time <= now + DAY)

    def _lines(self) -> list[str]:
        if not self.path.exists():
            return []
        return self.path.read_text("ascii", errors="replace").splitlines(keepends=True)

    def count(self, *purposes: Purpose, within: dt.timedelta = DAY) -> int:
        return len(self.times(*purposes, within=within))

    def allowed_at(self, limit: int, *purposes: Purpose, needed: int = 1) -> dt.datetime:
        """The time from which `needed` more requests are allowed, if `limit` are allowed in 24 hours."""
        times = self.times(*purposes)
        excess = len(times) + needed - limit
        return times[excess - 1] + DAY if excess > 0 else self.clock.now()

    def add(self, purpose: Purpose) -> None:
        # Rounded down, so that no request seems to be later than the end of its run.
        milliseconds = math.floor(self.clock.now().timestamp() * 1000)
        with open(self.path, "a", encoding="ascii", opener=private_opener) as file:
            file.write(f"{milliseconds / 1000:.3f} {purpose}\n")

    def shorten(self) -> None:
        """Delete the entries that are older than a day, and lines that are no entries, as a killed process leaves."""
        oldest = (self.clock.now() - DAY).timestamp()
        lines = self._lines()
        recent = [line for line in lines if (entry := ENTRY.fullmatch(line)) and float(entry[1]) > oldest]
        if len(recent) < len(lines):
            draft = self.path.with_suffix(".draft")
            with open(draft, "w", encoding="ascii", opener=private_opener) as file:
                file.writelines(recent)
            draft.replace(self.path)


class BudgetSpentError(Exception):
    """The daily budget allows no further request. `until` is the time of the next allowed request."""

    def __init__(self, until: dt.datetime) -> None:
        self.until = until
        super().__init__(f"until {until}")


class LoggedBudget:
    """A rate limiter that logs each request, within the rate limit of the source and the daily budget.

    `on_wait` is called before a wait for the daily budget, with its seconds.
    """

    def __init__(
        self, budget: Budget, daily_budget: DailyBudget, log: RequestLog, *, on_wait: Callable[[float], None]
    ) -> None:
        self.budget, self.daily_budget, self.log, self.on_wait = budget, daily_budget, log, on_wait
        self.purpose = Purpose.CHANGES
        self.requests = 0

    def acquire(self) -> None:
        """Wait until the source allows a request, and count it. Raises `BudgetSpentError`."""
        until = self.log.allowed_at(self.daily_budget.requests)
        wait = until - self.log.clock.now()
        if wait > MAX_WAIT:
            raise BudgetSpentError(until)
        if wait > dt.timedelta():
            self.on_wait(wait.total_seconds())
            self.log.clock.sleep(wait.total_seconds())
        self.budget.acquire()
        self.log.add(self.purpose)
        self.requests += 1

    def exhaust(self) -> None:
        self.budget.exhaust()
