"""How often the source may be asked: as often as it says itself, and a few times less."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from spacedb.mirror.clock import Clock, duration
from spacedb.mirror.errors import LONGEST_WAIT_ASKED, MirrorError

FRESH = 60.0
"""Seconds for which we go by what the source has told; others may use the same allowance."""

UNLIMITED = 2**31 - 1
"""What a source without a limit tells as one; no number is larger."""

THROTTLE = "api-throttle/"
"""Where the source tells; asking there is free."""


@dataclass(frozen=True)
class SourceRateLimit:
    """What a source lets one client ask for: `limit` requests in any `window` seconds, of which `used` are used.

    `wait` is how many seconds have to pass before another.
    """

    limit: int
    window: float
    used: int
    wait: float

    @classmethod
    def of(cls, told: object) -> "SourceRateLimit":
        """Raises `MirrorError` if it is not what `api-throttle` tells."""
        names = ("your_request_limit", "limit_frequency_secs", "current_use", "next_use_secs")
        values = [told.get(name) for name in names] if isinstance(told, dict) else [None]
        numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
        if len(numbers) != len(names) or min(numbers) < 0 or max(numbers) > UNLIMITED or min(numbers[:2]) < 1:
            raise MirrorError(f"{THROTTLE} does not tell how often the source may be asked")
        limit, window, used, wait = numbers
        return cls(int(limit), float(window), int(used), float(wait))


class Budget:
    """Lets a request pass while more of the allowance is left than the reserve; else waits for it.

    `ask` asks the source what it allows. `waits` is told of each wait, in seconds.
    """

    def __init__(
        self, ask: Callable[[], SourceRateLimit], *, reserve: int, clock: Clock, waits: Callable[[float], None]
    ) -> None:
        if reserve < 0:
            raise MirrorError("MIRROR_RESERVE is a number of requests: 0 or more.")
        self.ask, self.reserve, self.clock, self.waits = ask, reserve, clock, waits
        self.allowance: SourceRateLimit | None = None
        self.left = 0
        self.asked = float("-inf")

    def read(self) -> SourceRateLimit:
        """Ask the source. Raises `MirrorError` if the reserve is all that it allows."""
        allowance = self.allowance = self.ask()
        if allowance.limit <= self.reserve:
            raise MirrorError(
                f"The source allows {allowance.limit} requests in {allowance.window:g} seconds, and the reserve is "
                f"{self.reserve}: nothing is left. Set MIRROR_RESERVE to less."
            )
        if max(allowance.wait, self.pace(allowance)) > LONGEST_WAIT_ASKED:
            raise MirrorError(f"The source asks to wait {duration(max(allowance.wait, self.pace(allowance)))}.")
        self.asked = self.clock.now()
        self.left = 0 if allowance.wait else max(0, allowance.limit - self.reserve - allowance.used)
        return allowance

    def take(self) -> None:
        """Wait until a request is free, and count it."""
        while self.left < 1 or self.clock.now() - self.asked > FRESH:
            allowance = self.read()
            if self.left < 1:
                seconds = max(allowance.wait, self.pace(allowance))
                self.waits(seconds)
                self.clock.sleep(seconds)
        self.left -= 1

    def refused(self, retry_after: float | None) -> None:
        """The source would not have it: what it told before no longer holds."""
        self.left = 0

    def seconds_for(self, requests: int) -> float:
        """About how long so many requests will take, from now on: what is left goes at once, more after a window."""
        if self.allowance is None:
            return 0.0
        windows = math.ceil(max(0, requests - self.left) / (self.allowance.limit - self.reserve))
        return windows * self.allowance.window

    def pace(self, allowance: SourceRateLimit) -> float:
        """The seconds after which, on an average, one more is free."""
        return allowance.window / (allowance.limit - self.reserve)
