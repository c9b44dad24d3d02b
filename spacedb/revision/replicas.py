"""Which databases a response can be read from: the replicas that can be reached, then the primary."""

import logging
import random
import time

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

logger = logging.getLogger(__name__)

REST = 5
"""Seconds for which a replica that was out of reach is left alone."""

_rest_until: dict[str, float] = {}


def read_databases() -> list[str]:
    """The databases that an answer may be read from: the replicas in random order, then the one that is written to."""
    if not settings.REPLICAS:
        return [DEFAULT_DB_ALIAS]
    there = [using for using in settings.REPLICAS if time.monotonic() >= _rest_until.get(using, 0)]
    return [*random.sample(there, len(there)), DEFAULT_DB_ALIAS]


def is_gone(using: str, error: Exception) -> None:
    """Leave a database that is out of reach, and a replica alone for a while."""
    connections[using].close()
    if using != DEFAULT_DB_ALIAS:
        logger.warning("replica unavailable: %s", error)
        _rest_until[using] = time.monotonic() + REST
