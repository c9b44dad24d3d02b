"""The answer cache, before Django: a WSGI application around Django's.

An answer that was given is given again, without Django's part in it, for as long as the revision stands. What is kept
depends on all of a request that the answer depends on, and the cache is left aside where there is more to it: tokens,
sessions of editors, limits that count each request, conditions other than those for what a client has already.
"""

import datetime as dt
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qs

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.db import DatabaseError, InterfaceError, connections
from django.http import Http404
from django.urls import Resolver404, resolve
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from spacedb.caching.conditional import ENVIRON_KEY, cache_control, canonical_query, is_not_modified
from spacedb.caching.encoding import negotiate_encoding
from spacedb.caching.requestlog import log_request
from spacedb.caching.stores import CachedResponse, Key, MemoryStore, RedisStore
from spacedb.revision.connections import close_if_obsolete, close_if_replaced
from spacedb.revision.current import READ_REVISION
from spacedb.revision.replicas import is_gone, read_databases

PATIENCE = 30
"""Seconds that a request waits for another that makes the same answer."""

Start: TypeAlias = Callable[..., Any]
Application: TypeAlias = Callable[[dict[str, Any], Start], Iterable[bytes]]


def with_response_cache(application: Application) -> Application:
    """The application with the cache that the settings ask for."""
    if not settings.CACHE_SIZE:
        return application
    return ResponseCache(
        application,
        MemoryStore(settings.CACHE_SIZE * 1024 * 1024),
        RedisStore(settings.CACHE_URL) if settings.CACHE_URL else None,
    )


def head_as_get(application: Application) -> Application:
    """HEAD is answered as GET is, header for header, without the body (RFC 9110, section 9.3.2)."""

    def answer(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "HEAD":
            return application(environ, start)
        body = application(environ | {"REQUEST_METHOD": "GET"}, start)
        if close := getattr(body, "close", None):
            close()
        return []

    return answer


class Representation(NamedTuple):
    """What a request's `Accept` and `format` choose, as the view will."""

    media_type: str
    is_json: bool


@lru_cache(maxsize=256)
def negotiate(accept: str, form: str) -> Representation | None:
    """None for a choice that there is not."""
    request: Any = SimpleNamespace(headers={"accept": accept}, query_params={"format": form})
    try:
        renderer, media_type = DefaultContentNegotiation().select_renderer(request, APIView().get_renderers())
    except (NotAcceptable, Http404):
        return None
    return Representation(media_type, renderer.format == "json")


class ResponseCache:
    """A WSGI application that gives the answers of another one again."""

    def __init__(self, application: Application, memory: MemoryStore, shared: RedisStore | None = None) -> None:
        self.application = application
        self.memory = memory
        self.shared = shared
        self._filling: dict[Key, threading.Event] = {}
        self._lock = threading.Lock()
        # What Django makes of these, scheme and host and path, it has accepted for whatever is kept.
        self._address = ["wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO"]
        if settings.SECURE_PROXY_SSL_HEADER:
            self._address.append(settings.SECURE_PROXY_SSL_HEADER[0])
        if settings.USE_X_FORWARDED_HOST:
            self._address.append("HTTP_X_FORWARDED_HOST")
        if settings.USE_X_FORWARDED_PORT:
            self._address.append("HTTP_X_FORWARDED_PORT")
        self._session = f"{settings.SESSION_COOKIE_NAME}="

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        # Nothing else waits for the revision: neither health probes nor static files, when the database hangs.
        key = self._key(environ) if _is_resource(get_path_info(environ)) else None
        token = read_revision() if key else None
        if key is None or token is None:
            return self.application(environ, start)
        if stored := self.memory.get(key, token):
            return _respond(stored, environ, start)
        return self._fill(key, token, environ, start)

    def _key(self, environ: dict[str, Any]) -> Key | None:
        """All of the request that its answer depends on; None if there is more to it than is known here."""
        if environ["REQUEST_METHOD"] != "GET" or not _ELSEWHERE.isdisjoint(environ):
            return None
        if self._session in environ.get("HTTP_COOKIE", "") or any(api_settings.DEFAULT_THROTTLE_RATES.values()):
            return None
        query = environ.get("QUERY_STRING", "")
        accept = environ.get("HTTP_ACCEPT", "*/*")
        accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
        if len(accept) + len(accepted) > MOST_CHARACTERS or "HTTP_HOST" not in environ:
            return None
        is_told = "format" in query or "%" in query
        form = parse_qs(query, keep_blank_values=True).get("format", [""])[-1] if is_told else ""
        if len(form) > MOST_CHARACTERS or (chosen := negotiate(accept, form)) is None:
            return None
        origin = environ.get("HTTP_ORIGIN", "")
        return (
            *[environ.get(name, "") for name in self._address],
            canonical_query(query) if chosen.is_json else query,
            chosen.media_type,
            negotiate_encoding(accepted),
            "*" if origin and settings.CORS_ALLOW_ALL_ORIGINS else origin,
        )

    def _fill(self, key: Key, token: str, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Make the answer, once for all who ask for it now."""
        filling = (*key, token)
        with self._lock:
            mine = threading.Event()
            other = self._filling.setdefault(filling, mine)
        if other is not mine:
            other.wait(PATIENCE)
            stored = self.memory.get(key, token)
            return _respond(stored, environ, start) if stored else self.application(environ, start)
        try:
            if self.shared is None:
                return self._make(key, environ, start)
            with self.shared.filling(key, token) as stored:
                if stored is None:
                    return self._make(key, environ, start)
            self.memory.put(key, stored)
            return _respond(stored, environ, start)
        finally:
            with self._lock:
                del self._filling[filling]
            mine.set()

    def _make(self, key: Key, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        began: list[Any] = []
        answer = self.application(environ, lambda *told: began.extend(told))
        try:
            body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close:
                close()
        status, headers = began[0], began[1]
        validators = environ.get(ENVIRON_KEY)
        is_plain = status.startswith("200 ") and not any(name.lower() == "set-cookie" for name, _ in headers)
        if validators is not None and is_plain:
            stored = CachedResponse(
                validators.token,
                validators.etag,
                None if validators.period else validators.last_modified,
                validators.until.timestamp() if validators.until else None,
                headers,
                body,
            )
            self.memory.put(key, stored)
            if self.shared:
                self.shared.put(key, stored)
        start(*began)
        return [body]


_ELSEWHERE = frozenset({"HTTP_AUTHORIZATION", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"})
MOST_CHARACTERS = 1000
"""Of headers that a client chooses as it likes."""


def read_revision() -> str | None:
    """The revision's, by the one query that an answer out of the cache takes; None if there is no telling it."""
    for using in read_databases():
        connection: Any = connections[using]
        try:
            close_if_replaced(connection)
            connection.ensure_connection()
            row = connection.connection.execute(READ_REVISION).fetchone()  # without what Django does around a query
            close_if_obsolete(connection)
            return row[0] if row else None
        except (DatabaseError, InterfaceError, connection.Database.Error) as error:
            is_gone(using, error)
    return None


@lru_cache(maxsize=2000)
def _is_resource(path: str) -> bool:
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    return bool(getattr(getattr(view, "cls", None), "is_cacheable", False))


def _respond(stored: CachedResponse, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    if is_not_modified(stored.etag, stored.last_modified, environ):
        status, headers, body = "304 Not Modified", stored.validators, b""
    else:
        status, headers, body = "200 OK", stored.headers, stored.body
    if stored.until is not None:
        until = dt.datetime.fromtimestamp(stored.until, dt.UTC)
        headers = [(n, cache_control(until) if n.lower() == "cache-control" else value) for n, value in headers]
    log_request(status, environ)
    start(status, [*headers])
    return [body]
