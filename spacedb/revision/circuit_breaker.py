"""Stops calling a service for some seconds after it failed."""

import logging
import time

logger = logging.getLogger(__name__)


class CircuitBreaker:
    """Guards calls of one service, such as a replica or Redis.

    Check `is_open` before a call, and call `trip` after a failure. The breaker is then open for `COOLDOWN` seconds.
    """

    COOLDOWN = 5

    def __init__(self, service: str) -> None:
        self.service = service
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self._open_until

    def trip(self, error: Exception) -> None:
        logger.warning("%s unavailable: %s", self.service, error)
        self._open_until = time.monotonic() + self.COOLDOWN
