"""Stores of the response cache: the memory of each process, and Redis or Valkey for all processes.

A cached response is never stale, because its key contains the revision that it was made from.
"""

import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, TypeAlias, cast

import orjson
import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.exceptions import LockError
from redis.retry import Retry

from spacedb.caching.lru import LRU
from spacedb.caching.release import release
from spacedb.revision.circuit_breaker import CircuitBreaker

logger = logging.getLogger(__name__)

Key: TypeAlias = tuple[str, ...]
Headers: TypeAlias = list[tuple[str, str]]

NOT_MODIFIED_HEADERS = ("cache-control", "etag", "last-modified", "vary", "access-control-")
"""Prefixes of the headers that a 304 response repeats (RFC 9110, section 15.4.5)."""

RELEVANT_SETTINGS = (
    "ALLOWED_HOSTS",
    "ALLOW_ONLY_PRIVATE_HOSTS",
    "CACHE_CONTROL",
    "CORS_ALLOWED_ORIGINS",
    "HTTPS",
)
"""The settings that responses depend on. Servers with different settings do not share responses."""


@dataclass(frozen=True)
class CachedResponse:
    """A response with its revision and ETag. If it depends on the current time, it `expires` (seconds since 1970)."""

    revision: str
    etag: str
    expires: float | None
    headers: Headers
    body: bytes

    @cached_property
    def not_modified_headers(self) -> Headers:
        """The headers of a 304 response."""
        return [header for header in self.headers if header[0].lower().startswith(NOT_MODIFIED_HEADERS)]

    def size(self, key: Key) -> int:
        """The approximate bytes in memory: each string costs about 80 bytes besides its characters."""
        strings = [*key, *(string for header in self.headers for string in header)]
        return len(self.body) + sum(len(string) + 80 for string in strings)


class MemoryStore:
    """The most recently used responses of this process, up to `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._responses = LRU(limit)

    def __len__(self) -> int:
        return len(self._responses)

    @property
    def size(self) -> int:
        return self._responses.size

    def get(self, key: Key, revision: str) -> CachedResponse | None:
        [response] = self._responses.get([key])
        if response is None or response.revision != revision:
            return None
        if response.expires is not None and time.time() >= response.expires:
            return None
        return cast("CachedResponse", response)

    def put(self, key: Key, response: CachedResponse) -> None:
        """Store a response, unless it is so large that too many others would be evicted."""
        size = response.size(key)
        if size <= self.limit // 4:
            self._responses.add([(key, response, size)])


class RedisStore:
    """The responses of all processes on all machines. While Redis cannot be reached, each process generates its own."""

    TTL_SECONDS = 24 * 60 * 60
    """Old revisions are never requested again, but Redis may not be full for a long time."""
    GENERATE_TIMEOUT = 10
    """Seconds after which a process that generates a response is assumed to have failed."""
    POLL_INTERVAL = 0.02
    """Seconds between attempts to acquire the lock for generating a response."""
    SOCKET_TIMEOUT = 0.1
    """Seconds. Most responses are generated in less."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url,
            socket_timeout=self.SOCKET_TIMEOUT,
            socket_connect_timeout=self.SOCKET_TIMEOUT,
            retry=Retry(NoBackoff(), 0),
        )
        self._breaker = CircuitBreaker("cache")

    def get(self, key: Key, revision: str) -> CachedResponse | None:
        entry = self._call(lambda: self._redis.get(_redis_key(key, revision)))
        try:
            return _deserialize(entry, revision) if entry is not None else None
        except (TypeError, ValueError) as error:
            logger.warning("invalid cache entry: %s", error)
            return None

    def put(self, key: Key, response: CachedResponse) -> None:
        seconds = self.TTL_SECONDS if response.expires is None else response.expires - time.time()
        if seconds > 0:
            name, value = _redis_key(key, response.revision), _serialize(response)
            self._call(lambda: self._redis.set(name, value, px=math.ceil(seconds * 1000)))

    @contextmanager
    def generating(self, key: Key, revision: str) -> Iterator[CachedResponse | None]:
        """Lock the key while a response is generated. Yields the response if another process stored it meanwhile."""
        name = (_redis_key(key, revision) + b":lock").decode()
        lock = self._redis.lock(name, timeout=self.GENERATE_TIMEOUT, sleep=self.POLL_INTERVAL)
        is_locked = self._call(lambda: lock.acquire(blocking_timeout=self.GENERATE_TIMEOUT))
        try:
            yield self.get(key, revision) if is_locked else None
        finally:
            if is_locked:
                with suppress(LockError):  # it expired, and another process has the lock
                    self._call(lock.release)

    def _call(self, operation: Callable[[], Any]) -> Any:
        """Run an operation; None if Redis cannot be reached."""
        if self._breaker.is_open:
            return None
        try:
            return operation()
        except LockError:
            raise
        except redis.RedisError as error:
            self._breaker.trip(error)
            return None


def _redis_key(key: Key, revision: str) -> bytes:
    relevant_settings = tuple(getattr(settings, name) for name in RELEVANT_SETTINGS)
    digest = blake2b(repr((release(), relevant_settings, revision, *key)).encode(), digest_size=16)
    return b"spacedb:" + digest.hexdigest().encode()


def _serialize(response: CachedResponse) -> bytes:
    metadata = (response.revision, response.etag, response.expires, response.headers)
    return orjson.dumps(metadata) + b"\n" + response.body


def _deserialize(entry: bytes, revision: str) -> CachedResponse:
    """Raises `TypeError` or `ValueError` for an entry that was not written here."""
    metadata, _, body = entry.partition(b"\n")
    stored_revision, etag, expires, headers = orjson.loads(metadata)
    if stored_revision != revision:
        raise ValueError("it belongs to another revision")
    return CachedResponse(revision, etag, expires, [(name, value) for name, value in headers], body)
