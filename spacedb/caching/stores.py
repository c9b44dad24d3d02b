"""Where answers are kept: in each process, as many as fit into so many bytes; and in Redis or Valkey, for all of them.

What is kept is never wrong, as it is kept under the revision that it was made of.
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

logger = logging.getLogger(__name__)

Key: TypeAlias = tuple[str, ...]
Headers: TypeAlias = list[tuple[str, str]]


NOT_MODIFIED_HEADERS = ("cache-control", "etag", "last-modified", "vary", "access-control-")
"""How the names of the headers of 304 begin."""


@dataclass(frozen=True)
class CachedResponse:
    """An answer with what it is known by. One about the present is kept `until` (seconds since 1970), and its date
    tells nothing."""

    token: str
    etag: str
    last_modified: int | None
    until: float | None
    headers: Headers
    body: bytes

    @cached_property
    def validators(self) -> Headers:
        """The headers of 304: what a client may not know yet. All others it has (RFC 9110, section 15.4.5)."""
        return [header for header in self.headers if header[0].lower().startswith(NOT_MODIFIED_HEADERS)]

    def size(self, key: Key) -> int:
        """In bytes, roughly: each text and each pair costs some more than its characters."""
        texts = [*key, *(text for header in self.headers for text in header)]
        return len(self.body) + sum(len(text) + 80 for text in texts)


class MemoryStore:
    """The answers of this process that were asked for last, in at most so many bytes."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._stored = LRU(most)

    def __len__(self) -> int:
        return len(self._stored)

    @property
    def size(self) -> int:
        return self._stored.size

    def get(self, key: Key, token: str) -> CachedResponse | None:
        [found] = self._stored.get([key])
        if found is None or found.token != token or (found.until is not None and time.time() >= found.until):
            return None
        return cast("CachedResponse", found)

    def put(self, key: Key, stored: CachedResponse) -> None:
        """What is larger than a quarter of all is not worth what would have to go for it."""
        size = stored.size(key)
        if size <= self.most // 4:
            self._stored.add([(key, stored, size)])


class RedisStore:
    """The answers of all processes of all machines. When it is out of reach, each makes its own again."""

    KEEP = 24 * 60 * 60
    """Seconds. Nobody asks for old revisions; these are for the server to forget, if it is not full before."""
    REST = 5
    """Seconds for which a server that did not answer is left alone."""
    FILL = 10
    """Seconds after which one who fills a key is taken to have failed."""
    POLL = 0.02
    PATIENCE = 0.1
    """Seconds until a server that does not answer is taken to be out of reach: most answers are made in less."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url, socket_timeout=self.PATIENCE, socket_connect_timeout=self.PATIENCE, retry=Retry(NoBackoff(), 0)
        )
        self._rest_until = 0.0

    def get(self, key: Key, token: str) -> CachedResponse | None:
        found = self._ask(lambda: self._redis.get(_name(key, token)))
        try:
            return _read(found, token) if found is not None else None
        except (TypeError, ValueError) as error:
            logger.warning("cache entry damaged: %s", error)
            return None

    def put(self, key: Key, stored: CachedResponse) -> None:
        left = self.KEEP if stored.until is None else stored.until - time.time()
        if left > 0:
            self._ask(lambda: self._redis.set(_name(key, stored.token), _written(stored), px=math.ceil(left * 1000)))

    @contextmanager
    def filling(self, key: Key, token: str) -> Iterator[CachedResponse | None]:
        """What another process has filled this key with meanwhile; or None, for the one that is to fill it."""
        lock = self._redis.lock((_name(key, token) + b":fill").decode(), timeout=self.FILL, sleep=self.POLL)
        is_held = self._ask(lambda: lock.acquire(blocking_timeout=self.FILL))
        try:
            yield self.get(key, token) if is_held else None
        finally:
            if is_held:
                with suppress(LockError):  # it took so long that another has begun
                    self._ask(lock.release)

    @property
    def _rests(self) -> bool:
        return time.monotonic() < self._rest_until

    def _ask(self, question: Callable[[], Any]) -> Any:
        if self._rests:
            return None
        try:
            return question()
        except LockError:
            raise
        except redis.RedisError as error:
            logger.warning("cache unavailable: %s", error)
            self._rest_until = time.monotonic() + self.REST
            return None


def _told() -> tuple[Any, ...]:
    """The settings that answers depend on: one that was given under others is another."""
    names = ("ALLOWED_HOSTS", "CACHE_CONTROL", "CORS_ALLOWED_ORIGINS", "HTTPS")
    return tuple(getattr(settings, name) for name in names)


def _name(key: Key, token: str) -> bytes:
    digest = blake2b(repr((release().digest, _told(), token, *key)).encode(), digest_size=16)
    return b"spacedb:" + digest.hexdigest().encode()


def _written(stored: CachedResponse) -> bytes:
    about = (stored.token, stored.etag, stored.last_modified, stored.until, stored.headers)
    return orjson.dumps(about) + b"\n" + stored.body


def _read(written: bytes, asked: str) -> CachedResponse:
    """Raises `TypeError` or `ValueError` for what was not written here."""
    about, _, body = written.partition(b"\n")
    token, etag, last_modified, until, headers = orjson.loads(about)
    if token != asked:
        raise ValueError("of another revision")
    return CachedResponse(token, etag, last_modified, until, [(name, value) for name, value in headers], body)
