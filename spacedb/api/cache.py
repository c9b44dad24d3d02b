"""Where answers are kept: in each process, as many as fit into so many bytes; and in Redis or Valkey, for all of them.

What is kept is never wrong, as it is kept under the revision that it was made of.
"""

import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, TypeAlias

import orjson
import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.exceptions import LockError
from redis.retry import Retry

from spacedb.api.release import release

logger = logging.getLogger(__name__)

Key: TypeAlias = tuple[str, ...]
Headers: TypeAlias = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer with what it is known by. One about the present is kept `until` (seconds since 1970), and its date
    tells nothing."""

    token: str
    etag: str
    last_modified: int | None
    until: float | None
    headers: Headers
    body: bytes

    def size(self, key: Key) -> int:
        """In bytes, roughly: each text and each pair costs some more than its characters."""
        texts = [*key, *(text for header in self.headers for text in header)]
        return len(self.body) + sum(len(text) + 80 for text in texts) + 500


class Memory:
    """The answers of this process that were asked for last, in at most so many bytes."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key, token: str) -> Kept | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.token != token:
                return None
            if kept.until is not None and time.time() >= kept.until:
                return None
            self._kept.move_to_end(key)
            return kept

    def put(self, key: Key, kept: Kept) -> None:
        """What is larger than an eighth of all is not worth what would have to go for it."""
        with self._lock:
            if before := self._kept.pop(key, None):
                self.size -= before.size(key)
            if kept.size(key) > self.most // 8:
                return
            self._kept[key] = kept
            self.size += kept.size(key)
            while self.size > self.most:
                oldest, gone = self._kept.popitem(last=False)
                self.size -= gone.size(oldest)


class Shared:
    """The answers of all processes of all machines. When it is out of reach, each makes its own again."""

    KEEP = 24 * 60 * 60
    """Seconds. Nobody asks for old revisions; these are for the server to forget, if it is not full before."""
    REST = 5
    """Seconds for which a server that did not answer is left alone."""
    FILL = 10
    """Seconds after which one who fills a key is taken to have failed."""
    POLL = 0.02
    PATIENCE = 0.5
    """Seconds until a server that does not answer is taken to be out of reach: an answer can be made in less."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url, socket_timeout=self.PATIENCE, socket_connect_timeout=self.PATIENCE, retry=Retry(NoBackoff(), 0)
        )
        self._rest_until = 0.0

    def get(self, key: Key, token: str) -> Kept | None:
        found = self._ask(lambda: self._redis.get(_name(key, token)))
        return _read(found) if found else None

    def put(self, key: Key, kept: Kept) -> None:
        left = self.KEEP if kept.until is None else kept.until - time.time()
        if left > 0:
            self._ask(lambda: self._redis.set(_name(key, kept.token), _written(kept), px=math.ceil(left * 1000)))

    @contextmanager
    def filling(self, key: Key, token: str) -> Iterator[Kept | None]:
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
    digest = blake2b(repr((release(), _told(), token, *key)).encode(), digest_size=16)
    return b"spacedb:" + digest.hexdigest().encode()


def _written(kept: Kept) -> bytes:
    about = (kept.token, kept.etag, kept.last_modified, kept.until, kept.headers)
    return orjson.dumps(about) + b"\n" + kept.body


def _read(written: bytes) -> Kept:
    about, _, body = written.partition(b"\n")
    token, etag, last_modified, until, headers = orjson.loads(about)
    return Kept(token, etag, last_modified, until, [(name, value) for name, value in headers], body)
