"""The request budget: the rate limit of the source, less a reserve for other clients."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from spacedb.mirror.clock import Clock, format_duration
from spacedb.mirror.errors import MAX_SOURCE_WAIT_SECONDS, MirrorError
from spacedb.mirror.messages import count_of

MAX_AGE_SECONDS = 60.0
"""How long a rate limit is used before it is fetched again. Other clients may use up the same limit."""

UNLIMITED = 2**31 - 1
"""The limit that a source without a rate limit returns. Larger numbers are invalid."""

THROTTLE_PATH = "api-throttle/"
"""The endpoint that returns the rate limit. Requests to it are not counted."""


@dataclass(frozen=True)
class SourceRateLimit:
    """The rate limit of the source for this client: `limit` requests in `window` seconds, of which `used` are used.

    `wait` is the number of seconds until the next request is allowed; 0 if it is allowed now.
    """

    limit: int
    window: float
    used: int
    wait: float

    @classmethod
    def parse(cls, document: object) -> "SourceRateLimit":
        """Parse a response of `api-throttle`. Raises `MirrorError` if it is invalid."""
        names = ("your_request_limit", "limit_frequency_secs", "current_use", "next_use_secs")
        values = [document.get(name) for name in names] if isinstance(document, dict) else [None]
        numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
        if len(numbers) != len(names) or min(numbers) < 0 or max(numbers) > UNLIMITED or min(numbers[:2]) < 1:
            raise MirrorError(f"{THROTTLE_PATH} does not return a valid rate limit")
        limit, window, used, wait = numbers
        return cls(int(limit), float(window), int(used), float(wait))


class Budget:
    """Delays requests so that the rate limit of the source, less `reserve` requests, is never exceeded.

    `fetch_rate_limit` requests the current rate limit. `on_wait` is called before each wait, with its seconds.
    """

    def __init__(
        self,
        fetch_rate_limit: Callable[[], SourceRateLimit],
        *,
        reserve: int,
        clock: Clock,
        on_wait: Callable[[float], None],
    ) -> None:
        if reserve < 0:
            raise MirrorError("MIRROR_RESERVE has to be 0 or more requests.")
        self.fetch_rate_limit, self.reserve, self.clock, self.on_wait = fetch_rate_limit, reserve, clock, on_wait
        self.rate_limit: SourceRateLimit | None = None
        self.remaining = 0
        self.refreshed_at = float("-inf")

    def refresh(self) -> SourceRateLimit:
        """Fetch the rate limit. Raises `MirrorError` if it leaves no requests, or too few to wait for."""
        rate_limit = self.rate_limit = self.fetch_rate_limit()
        if rate_limit.limit <= self.reserve:
            raise MirrorError(
                f"The source allows {count_of(rate_limit.limit, 'request')} in {rate_limit.window:g} seconds, "
                f"and the reserve is {self.reserve}, so no requests are left. Set MIRROR_RESERVE to a smaller number."
            )
        wait = max(rate_limit.wait, self._seconds_per_request(rate_limit))
        if wait > MAX_SOURCE_WAIT_SECONDS:
            raise MirrorError(f"The source requests a wait of {format_duration(wait)}.")
        self.refreshed_at = self.clock.monotonic()
        self.remaining = 0 if rate_limit.wait else max(0, rate_limit.limit - self.reserve - rate_limit.used)
        return rate_limit

    def acquire(self) -> None:
        """Wait until a request is allowed, and count it."""
        while self.remaining < 1 or self.clock.monotonic() - self.refreshed_at > MAX_AGE_SECONDS:
            rate_limit = self.refresh()
            if self.remaining < 1:
                seconds = max(rate_limit.wait, self._seconds_per_request(rate_limit))
                self.on_wait(seconds)
                self.clock.sleep(seconds)
        self.remaining -= 1

    def exhaust(self) -> None:
        """Use up the remaining requests. The source has returned 429, so the rate limit in use is outdated."""
        self.remaining = 0

    def estimate_seconds(self, requests: int) -> float:
        """The estimated duration of the next `requests` requests, in seconds.

        The remaining requests take no time. Every further batch takes one window.
        """
        if self.rate_limit is None:
            return 0.0
        windows = math.ceil(max(0, requests - self.remaining) / (self.rate_limit.limit - self.reserve))
        return windows * self.rate_limit.window

    def _seconds_per_request(self, rate_limit: SourceRateLimit) -> float:
        return rate_limit.window / (rate_limit.limit - self.reserve)
