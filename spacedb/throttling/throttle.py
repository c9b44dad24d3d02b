"""Throttling: how many requests a client may make in a rolling window of time, counted in the database.

Launch Library counts the requests of the last hour, so a client's allowance comes back as its requests grow old, and
not all at once on the hour. The same here: each client has one row (`Usage`) with the moments of its requests. A
request reads the row and writes it back with its own moment, on the condition that it still is what was read. So every
worker process counts with all others, without a transaction and without holding a lock, and a client that is refused
costs one query and no write.
"""

import json
import logging
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from spacedb.throttling.models import Usage

SECONDS = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}
MOST_MOMENTS = 1000
"""How many moments a row holds; where a limit is higher, those of one thousandth of the window are taken together."""

MOST_CHARACTERS = 100
"""An address has 45 at most; what a client says of itself to a badly set up proxy could have more."""

PATIENCE = 0.25
"""Seconds that counting waits for others who write to a SQLite database, of which there can be one at a time."""

clock = time.time
logger = logging.getLogger(__name__)


class Rate(NamedTuple):
    """At most `limit` requests in any `window` seconds."""

    limit: int
    window: int

    @property
    def step(self) -> int:
        """The milliseconds that moments are told apart by."""
        return 1 if self.limit <= MOST_MOMENTS else self.window * 1000 // MOST_MOMENTS


def configured_rate(scope: str) -> Rate | None:
    """What the settings allow to clients of this scope (`anon`, `user`); None where they set no limit."""
    text = str(api_settings.DEFAULT_THROTTLE_RATES.get(scope) or "")
    if not text:
        return None
    if not (match := re.fullmatch(r"([1-9]\d*)/(s(ec(ond)?)?|m(in(ute)?)?|h(our)?|d(ay)?)", text)):
        raise ImproperlyConfigured(f"THROTTLE_{scope.upper()}={text} is not a rate such as 15/hour.")
    return Rate(int(match[1]), SECONDS[match[2][0]])


@dataclass(frozen=True)
class RateLimit:
    """What one client may ask for: the user of a token, known by name, or anyone else by address."""

    scope: str
    ident: str

    @property
    def rate(self) -> Rate | None:
        return configured_rate(self.scope)

    @property
    def key(self) -> str:
        return f"{self.scope}:{self.ident}"

    def now(self) -> tuple[int, float]:
        """How many requests count now, and the seconds until another is free: 0 if one is."""
        if (rate := self.rate) is None:
            return 0, 0
        now = int(clock() * 1000)
        row = Usage.objects.filter(pk=self.key).first()
        moments = _recent(row.moments, rate, now) if row else Counter()
        return moments.total(), _wait(moments, rate, now)

    def take(self) -> float:
        """Count a request if one is free; else the seconds until one is."""
        if (rate := self.rate) is None:
            return 0
        # Whoever comes second reads again; so this ends, for each time another request was counted.
        with _impatient():
            while True:
                now = int(clock() * 1000)
                until = now + rate.window * 1000
                row, is_new = Usage.objects.get_or_create(pk=self.key, defaults={"until": until})
                if is_new:
                    Usage.objects.filter(until__lte=now).delete()
                moments = _recent(row.moments, rate, now)
                if wait := _wait(moments, rate, now):
                    return wait
                moments[now // rate.step * rate.step] += 1
                unchanged = Usage.objects.filter(pk=self.key, moments=row.moments)
                if unchanged.update(moments=json.dumps([*moments.items()]), until=until):
                    return 0


def _recent(moments: str, rate: Rate, now: int) -> Counter[int]:
    """The moments within the window, each with its number of requests."""
    return Counter({moment: count for moment, count in json.loads(moments) if moment > now - rate.window * 1000})


def _wait(moments: Counter[int], rate: Rate, now: int) -> float:
    """The seconds until enough of the oldest requests have left the window."""
    free, wait = rate.limit - moments.total(), 0
    for moment in sorted(moments):
        if free > 0:
            break
        free, wait = free + moments[moment], moment + rate.window * 1000 - now
    return wait / 1000


@contextmanager
def _impatient() -> Iterator[None]:
    """Have a SQLite database wait no longer than `PATIENCE`."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    database: Any = connection.connection
    [usual] = database.execute("PRAGMA busy_timeout").fetchone()
    database.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")
    try:
        yield
    finally:
        database.execute(f"PRAGMA busy_timeout = {usual}")


class Throttle(BaseThrottle):
    """Counts every request of the API, for clients that the settings set a limit to."""

    seconds: float = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        """While a SQLite database is written to for long, as by a mirror, requests pass and are not counted."""
        allowance = self.allowance(request)
        try:
            self.seconds = allowance.take()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
                raise
            logger.warning("request not counted: %s", error)
        return not self.seconds

    def wait(self) -> float:
        return self.seconds

    def allowance(self, request: Request) -> RateLimit:
        """The client's, by its token or else by its address, as the first of our proxies saw it (TRUSTED_PROXIES)."""
        if request.user.is_authenticated:
            return RateLimit("user", request.user.get_username())
        return RateLimit("anon", (self.get_ident(request) or "")[:MOST_CHARACTERS])
