"""Rate limiting in a rolling window, with the request history in the database.

As in Launch Library, a limit applies to any window of the given length: a request becomes available again as soon as
an old one leaves the window, and not all at once on the hour. Each client has one row (`RequestHistory`). A request
reads the row and updates it on the condition that it has not changed (optimistic locking). Counts are therefore exact
across all worker processes without a transaction or a lock, and a rejected request costs one query and no write.

The number of rows is limited: clients whose requests are the oldest are forgotten if there are more than `MAX_CLIENTS`.
"""

import json
import logging
import math
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle
from typing_extensions import override

from spacedb.databases.errors import Problem, close_after, problem_of
from spacedb.environment import RATE
from spacedb.throttling.clients import client_network
from spacedb.throttling.models import RequestHistory

SECONDS_PER_UNIT = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}

MAX_TIMESTAMPS = 1000
"""Maximum number of timestamps in a row. With a higher limit, timestamps are rounded down to 1/1000 of the window."""

MAX_CLIENTS = 100_000
"""Maximum number of rows. New clients exceed it until a process counts the rows again."""

COUNT_EVERY = 100
"""New clients, on average, after which a process counts the rows."""

MAX_DELETED = 1000
"""Maximum number of rows that one request deletes, so that it does not take long."""

ENVIRON_KEY = "spacedb.rate_limit"
"""The key of the WSGI environment for the `Usage` of the client, which `RateLimitMiddleware` sends."""

LOCK_TIMEOUT = 0.25
"""Seconds to wait for the write lock of a SQLite database before a request passes without being counted."""

UNCOUNTED = {Problem.BUSY, Problem.READ_ONLY, Problem.FULL}
"""Problems of the database with which requests are not counted, and not refused either."""

clock = time.time
logger = logging.getLogger(__name__)


class Rate(NamedTuple):
    """At most `num_requests` requests in any window of `duration` seconds."""

    num_requests: int
    duration: int

    @property
    def resolution(self) -> int:
        """Milliseconds between two timestamps that are stored separately."""
        return 1 if self.num_requests <= MAX_TIMESTAMPS else self.duration * 1000 // MAX_TIMESTAMPS


def configured_rate(scope: str) -> Rate | None:
    """Return the rate that the settings configure for a scope (`anon` or `user`), or None if there is no limit.

    Raises `ImproperlyConfigured` if the setting is not a valid rate.
    """
    text = str(api_settings.DEFAULT_THROTTLE_RATES.get(scope) or "")
    if not text:
        return None
    if not (match := re.fullmatch(RATE, text)):
        raise ImproperlyConfigured(f"THROTTLE_{scope.upper()}={text} is not a rate such as 15/hour.")
    return Rate(int(match[1]), SECONDS_PER_UNIT[match[2][0]])


class Usage(NamedTuple):
    """The requests of a client in its window at one moment."""

    scope: str
    rate: Rate
    used: int
    """The number of requests."""
    wait: float
    """Seconds until the next request is allowed."""
    reset: float
    """Seconds until more requests are available than now; 0 if all are."""
    is_rejected: bool = False
    """Whether this request is over the limit. It is then not counted."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of draft-ietf-httpapi-ratelimit-headers-10, as structured fields (RFC 9651)."""
        available = max(0, self.rate.num_requests - self.used)
        reset = f";t={math.ceil(self.reset)}" if self.reset else ""
        return {
            "RateLimit-Policy": f'"{self.scope}";q={self.rate.num_requests};w={self.rate.duration}',
            "RateLimit": f'"{self.scope}";r={available}{reset}',
        }


@dataclass(frozen=True)
class RateLimit:
    """The rate limit of one client.

    The scope is `user` for clients with a token, which are identified by their username, and `anon` for all others,
    which are identified by their IP address (`client_network`).
    """

    scope: str
    ident: str

    @property
    def rate(self) -> Rate | None:
        return configured_rate(self.scope)

    @property
    def key(self) -> str:
        return f"{self.scope}:{self.ident}"

    def usage(self) -> Usage | None:
        """The requests of the client, or None if there is no limit."""
        if (rate := self.rate) is None:
            return None
        now = int(clock() * 1000)
        row = RequestHistory.objects.filter(pk=self.key).first()
        return self._usage(_recent_timestamps(row.timestamps, rate, now) if row else Counter(), rate, now)

    def consume(self) -> Usage | None:
        """Count a request, if it is allowed. Returns the usage after it, or None if there is no limit."""
        if (rate := self.rate) is None:
            return None
        # If another process updated the row first, try again. Each retry means that another request was counted, so
        # the loop ends.
        with _short_lock_timeout():
            while True:
                now = int(clock() * 1000)
                expires = now + rate.duration * 1000
                row, created = RequestHistory.objects.get_or_create(pk=self.key, defaults={"expires": expires})
                if created:
                    _delete_old_rows(now)
                timestamps = _recent_timestamps(row.timestamps, rate, now)
                if (usage := self._usage(timestamps, rate, now)).wait:
                    return usage._replace(is_rejected=True)
                timestamps[now // rate.resolution * rate.resolution] += 1
                unchanged = RequestHistory.objects.filter(pk=self.key, timestamps=row.timestamps)
                if unchanged.update(timestamps=json.dumps([*timestamps.items()]), expires=expires):
                    return self._usage(timestamps, rate, now)

    def _usage(self, timestamps: Counter[int], rate: Rate, now: int) -> Usage:
        wait = _wait_seconds(timestamps, rate, now)
        oldest = (min(timestamps) + rate.duration * 1000 - now) / 1000 if timestamps else 0
        return Usage(self.scope, rate, timestamps.total(), wait, wait or oldest)


def _delete_old_rows(now: int) -> None:
    """Delete rows that have expired, and the oldest ones beyond `MAX_CLIENTS`. The index finds both."""
    oldest = RequestHistory.objects.order_by("expires")
    _delete(oldest.filter(expires__lte=now)[:MAX_DELETED])
    if random.randrange(COUNT_EVERY) == 0:
        excess = RequestHistory.objects.count() - MAX_CLIENTS
        # There are only as many users as tokens.
        _delete(oldest.filter(pk__startswith="anon:")[: min(max(0, excess), MAX_DELETED)])


def _delete(rows: QuerySet[RequestHistory]) -> None:
    """Delete the rows of a sliced queryset, except those that another process is deleting: waiting could deadlock."""
    with transaction.atomic():
        clients = rows.select_for_update(skip_locked=True).values_list("pk", flat=True)
        # As a list: in a subquery, PostgreSQL could evaluate the limit several times.
        RequestHistory.objects.filter(pk__in=list(clients)).delete()


def _recent_timestamps(timestamps: str, rate: Rate, now: int) -> Counter[int]:
    """Parse stored timestamps, and return the number of requests for each one within the window."""
    start = now - rate.duration * 1000
    return Counter({timestamp: count for timestamp, count in json.loads(timestamps) if timestamp > start})


def _wait_seconds(timestamps: Counter[int], rate: Rate, now: int) -> float:
    """Return the seconds until enough old requests have left the window for another one."""
    available, wait = rate.num_requests - timestamps.total(), 0
    for timestamp in sorted(timestamps):
        if available > 0:
            break
        available, wait = available + timestamps[timestamp], timestamp + rate.duration * 1000 - now
    return wait / 1000


@contextmanager
def _short_lock_timeout() -> Iterator[None]:
    """Set the lock timeout of a SQLite connection to `LOCK_TIMEOUT` in the block."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    database: Any = connection.connection
    [timeout] = database.execute("PRAGMA busy_timeout").fetchone()
    database.execute(f"PRAGMA busy_timeout = {LOCK_TIMEOUT * 1000:.0f}")
    try:
        yield
    finally:
        database.execute(f"PRAGMA busy_timeout = {timeout}")


def count(request: Request, rate_limit: RateLimit) -> float:
    """Count a request, and return 0 if it is allowed; otherwise return the seconds until the next one is.

    The usage is left in the WSGI environment under `ENVIRON_KEY`. Requests pass without being counted while the
    database cannot be written: it is read-only, its disk is full, or another process writes to a SQLite database for a
    long time, as the mirror does.
    """
    try:
        usage = rate_limit.consume()
    except DatabaseError as error:
        problem = problem_of(error)
        if problem not in UNCOUNTED:
            raise
        close_after(problem)
        logger.warning("Request not counted for the rate limit: %s", error)
        return 0
    request.META[ENVIRON_KEY] = usage
    return usage.wait if usage and usage.is_rejected else 0


def anonymous_rate_limit(request: Request) -> RateLimit:
    """The rate limit of clients without a valid token, which are identified by their IP address."""
    return RateLimit("anon", client_network(request.META))


def rate_limit_of(request: Request) -> RateLimit:
    """The rate limit of the client."""
    if request.user.is_authenticated:
        return RateLimit("user", request.user.get_username())
    return anonymous_rate_limit(request)


class Throttle(BaseThrottle):
    """Counts every request to the API, and rejects those over the rate limit of the client."""

    wait_seconds: float = 0

    @override
    def allow_request(self, request: Request, view: Any) -> bool:
        self.wait_seconds = count(request, rate_limit_of(request))
        return not self.wait_seconds

    @override
    def wait(self) -> float:
        return self.wait_seconds
