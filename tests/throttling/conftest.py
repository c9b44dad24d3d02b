"""Fixtures for tests of rate limits."""

from collections.abc import Callable
from typing import Any

import pytest

from spacedb.throttling import throttle

START = 1_800_000_000


class Clock:
    now = float(START)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(throttle, "clock", clock)
    return clock


@pytest.fixture
def limit(settings: Any) -> Callable[..., None]:
    """Return a function that configures rate limits as the environment variables would."""

    def set_rates(anon: str = "", user: str = "", proxies: int = 0) -> None:
        rates = {"anon": anon, "user": user}
        settings.REST_FRAMEWORK = {
            **settings.REST_FRAMEWORK,
            "DEFAULT_THROTTLE_RATES": rates,
            "NUM_PROXIES": proxies,
        }

    return set_rates
