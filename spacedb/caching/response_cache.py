"""The response cache: a WSGI application around Django's, which repeats stored responses without running Django.

A stored response is repeated as long as the revision of the data is the same. Its key contains every part of a request
that the response depends on. Requests that depend on more bypass the cache: requests with tokens or an editor's
session, all requests while rate limits count them, and requests with a precondition other than `If-None-Match`.
"""

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qs

import structlog
from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.core.signals import request_started
from django.db import DatabaseError, InterfaceError, connections
from django.http import Http404
from django.urls import Resolver404, resolve
from ipware import get_client_ip
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from spacedb.caching.conditional import ENVIRON_KEY, cache_control, canonical_query, matches
from spacedb.caching.encoding import negotiate_encoding
from spacedb.caching.stores import CachedResponse, Key, MemoryStore, RedisStore
from spacedb.revision.current import SELECT_REVISION
from spacedb.revision.replicas import close_failed, read_databases

FILL_TIMEOUT = 30
"""Seconds that a request waits for another one that makes the same response."""

MAX_HEADER_LENGTH = 1000
"""Characters of the headers that a client can choose freely. Longer ones bypass the cache."""

BYPASS_HEADERS = frozenset({"HTTP_AUTHORIZATION", "HTTP_IF_MATCH"})

StartResponse: TypeAlias = Callable[..., Any]
Application: TypeAlias = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

LOGGER_NAME = "spacedb.requests"
logger = structlog.get_logger(LOGGER_NAME)


def with_response_cache(application: Application) -> Application:
    """The application with the response cache, if the settings enable it."""
    if not settings.CACHE_SIZE:
        return application
    return ResponseCache(
        application,
        MemoryStore(settings.CACHE_SIZE * 1024 * 1024),
        RedisStore(settings.CACHE_URL) if settings.CACHE_URL else None,
    )


def head_as_get(application: Application) -> Application:
    """Respond to HEAD with the headers of GET and without the body (RFC 9110, section 9.3.2)."""

    def respond(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "HEAD":
            return application(environ, start_response)
        body = application(environ | {"REQUEST_METHOD": "GET"}, start_response)
        if close := getattr(body, "close", None):
            close()
        return []

    return respond


class Representation(NamedTuple):
    """The result of content negotiation."""

    media_type: str
    is_json: bool


@lru_cache(maxsize=256)
def negotiate(accept: str, format_parameter: str) -> Representation | None:
    """Negotiate content as the view will; None if nothing that the client accepts can be sent."""
    request: Any = SimpleNamespace(headers={"accept": accept}, query_params={"format": format_parameter})
    try:
        renderer, media_type = DefaultContentNegotiation().select_renderer(request, APIView().get_renderers())
    except (NotAcceptable, Http404):
        return None
    return Representation(media_type, renderer.format == "json")


class ResponseCache:
    """A WSGI application that stores and repeats the responses of another one."""

    def __init__(self, application: Application, memory: MemoryStore, shared: RedisStore | None = None) -> None:
        self.application = application
        self.memory = memory
        self.shared = shared
        self._filling: dict[Key, threading.Event] = {}
        self._lock = threading.Lock()
        # Django makes scheme, host and path from these, and has accepted them for every stored response.
        self._url_keys = ["wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO"]
        if settings.SECURE_PROXY_SSL_HEADER:
            self._url_keys.append(settings.SECURE_PROXY_SSL_HEADER[0])
        if settings.USE_X_FORWARDED_HOST:
            self._url_keys.append("HTTP_X_FORWARDED_HOST")
        if settings.USE_X_FORWARDED_PORT:
            self._url_keys.append("HTTP_X_FORWARDED_PORT")
        self._session_cookie = f"{settings.SESSION_COOKIE_NAME}="

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        # Only resources need the revision. Health checks and static files must not wait for a database that hangs.
        key = self._key(environ) if _is_cacheable(get_path_info(environ)) else None
        revision = read_revision(environ) if key else None
        if key is None or revision is None:
            return self.application(environ, start_response)
        if response := self.memory.get(key, revision):
            return _repeat(response, environ, start_response)
        return self._fill(key, revision, environ, start_response)

    def _key(self, environ: dict[str, Any]) -> Key | None:
        """Every part of the request that the response depends on; None if the request bypasses the cache."""
        if environ["REQUEST_METHOD"] != "GET" or not BYPASS_HEADERS.isdisjoint(environ):
            return None
        if self._session_cookie in environ.get("HTTP_COOKIE", "") or any(api_settings.DEFAULT_THROTTLE_RATES.values()):
            return None
        query = environ.get("QUERY_STRING", "")
        accept = environ.get("HTTP_ACCEPT", "*/*")
        accept_encoding = environ.get("HTTP_ACCEPT_ENCODING", "")
        if len(accept) + len(accept_encoding) > MAX_HEADER_LENGTH or "HTTP_HOST" not in environ:
            return None
        may_have_format = "format" in query or "%" in query
        format_parameter = parse_qs(query, keep_blank_values=True).get("format", [""])[-1] if may_have_format else ""
        if len(format_parameter) > MAX_HEADER_LENGTH:
            return None
        if (representation := negotiate(accept, format_parameter)) is None:
            return None
        origin = environ.get("HTTP_ORIGIN", "")
        return (
            *[environ.get(name, "") for name in self._url_keys],
            canonical_query(query) if representation.is_json else query,
            representation.media_type,
            negotiate_encoding(accept_encoding),
            "*" if origin and settings.CORS_ALLOW_ALL_ORIGINS else origin,
        )

    def _fill(self, key: Key, revision: str, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Make the response once for all requests that wait for it."""
        fill_key = (*key, revision)
        with self._lock:
            own_event = threading.Event()
            event = self._filling.setdefault(fill_key, own_event)
        if event is not own_event:
            event.wait(FILL_TIMEOUT)
            response = self.memory.get(key, revision)
            if response is None:
                return self.application(environ, start_response)
            return _repeat(response, environ, start_response)
        try:
            if self.shared is None:
                return self._make(key, environ, start_response)
            with self.shared.filling(key, revision) as response:
                if response is None:
                    return self._make(key, environ, start_response)
            self.memory.put(key, response)
            return _repeat(response, environ, start_response)
        finally:
            with self._lock:
                del self._filling[fill_key]
            own_event.set()

    def _make(self, key: Key, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Let the application make the response, and store it if its view marked it as cacheable."""
        started: list[Any] = []
        chunks = self.application(environ, lambda *args: started.extend(args))
        try:
            body = b"".join(chunks)
        finally:
            if close := getattr(chunks, "close", None):
                close()
        status, headers = started[0], started[1]
        validators = environ.get(ENVIRON_KEY)
        sets_cookie = any(name.lower() == "set-cookie" for name, _ in headers)
        if validators is not None and status.startswith("200 ") and not sets_cookie:
            expires = validators.until.timestamp() if validators.until else None
            response = CachedResponse(validators.revision.uuid, validators.etag, expires, headers, body)
            self.memory.put(key, response)
            if self.shared:
                self.shared.put(key, response)
        start_response(*started)
        return [body]


def read_revision(environ: dict[str, Any]) -> str | None:
    """The current revision, by the only query of a repeated response; None if it cannot be read."""
    request_started.send(sender=ResponseCache, environ=environ)  # closes connections that are too old or replaced
    for using in read_databases():
        connection: Any = connections[using]
        try:
            connection.ensure_connection()
            row = connection.connection.execute(SELECT_REVISION).fetchone()  # without the overhead of Django's cursor
            return row[0] if row else None
        except (DatabaseError, InterfaceError, connection.Database.Error) as error:
            close_failed(using, error)
    return None


@lru_cache(maxsize=2000)
def _is_cacheable(path: str) -> bool:
    """Whether the view at this path lets the response cache store its responses."""
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    return bool(getattr(getattr(view, "cls", None), "is_cacheable", False))


def _repeat(response: CachedResponse, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    if_none_match = environ.get("HTTP_IF_NONE_MATCH", "")
    if if_none_match and (if_none_match.strip() == "*" or matches(response.etag, if_none_match)):
        status, headers, body = "304 Not Modified", response.not_modified_headers, b""
    else:
        status, headers, body = "200 OK", response.headers, response.body
    if response.expires is not None:
        until = dt.datetime.fromtimestamp(response.expires, dt.UTC)
        headers = [
            (name, cache_control(until) if name.lower() == "cache-control" else value) for name, value in headers
        ]
    _log(status, environ)
    start_response(status, [*headers])
    return [body]


def _log(status: str, environ: dict[str, Any]) -> None:
    """Log the request as django_structlog does for all others."""
    if logging.getLogger(LOGGER_NAME).isEnabledFor(logging.INFO):
        request: Any = SimpleNamespace(META=environ)
        url = environ.get("RAW_URI") or environ["PATH_INFO"]
        logger.info(
            "request_finished",
            code=int(status[:3]),
            ip=get_client_ip(request)[0],
            request=f"{environ['REQUEST_METHOD']} {url}",
        )
