"""The databases that responses can be read from: the replicas that can be reached, then the primary."""

import random
from functools import cache

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections

from spacedb.revision.circuit_breaker import CircuitBreaker


class ReplicaLostError(OperationalError):
    """A replica failed while a response was read from it. The response can be read from another database."""


def read_databases() -> list[str]:
    """Aliases of the replicas that can be reached, in random order, and of the primary."""
    if not settings.REPLICAS:
        return [DEFAULT_DB_ALIAS]
    replicas = [using for using in settings.REPLICAS if not _breaker(using).is_open]
    return [*random.sample(replicas, len(replicas)), DEFAULT_DB_ALIAS]


def close_failed(using: str, error: Exception) -> None:
    """Close the connection to a database that failed. A replica is not used for some seconds."""
    connections[using].close()
    if using != DEFAULT_DB_ALIAS:
        _breaker(using).trip(error)


@cache
def _breaker(using: str) -> CircuitBreaker:
    return CircuitBreaker(using)
