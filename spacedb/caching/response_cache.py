"""The response cache: WSGI middleware that sends cached responses without calling Django.

A cached response is sent as long as the revision of the data is the same. Its key contains every part of a request
that the response depends on. Requests whose responses depend on anything else bypass the cache: requests with tokens
that can change the response (`is_personal`), requests with an editor's session, all requests while rate limits count
them, and requests with a precondition other than `If-None-Match`.
"""

import datetime as dt
import logging
import threading
from collections.abc import Iterable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qs
from wsgiref.types import WSGIEnvironment

import structlog
from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.db import DatabaseError, InterfaceError, connections
from django.http import Http404
from django.urls import Resolver404, resolve
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.settings import api_settings

from spacedb.caching.conditional import ENVIRON_KEY, cache_control, canonical_query, is_page, is_personal, matches
from spacedb.caching.encoding import negotiate_encoding
from spacedb.caching.paths import MAX_LENGTH, Application, StartResponse
from spacedb.caching.stores import CachedResponse, Key, MemoryStore, RedisStore
from spacedb.revision.connections import close_outdated
from spacedb.revision.current import SELECT_REVISION
from spacedb.revision.replicas import close_failed, read_databases
from spacedb.throttling.clients import client_address

WAIT_TIMEOUT = 30
"""Seconds that a request waits while another request generates the same response."""

MAX_HEADER_LENGTH = 1000
"""Characters of the headers that a client can choose freely. Longer ones bypass the cache."""

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

    def respond(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "HEAD":
            return application(environ, start_response)
        body = application(environ | {"REQUEST_METHOD": "GET"}, start_response)
        if close := getattr(body, "close", None):
            close()
        return []

    return respond


class NegotiatedType(NamedTuple):
    """The result of content negotiation."""

    media_type: str
    is_page: bool


Renderers: TypeAlias = tuple[type[BaseRenderer], ...]


@lru_cache(maxsize=256)
def negotiate(accept: str, format_parameter: str, renderers: Renderers) -> NegotiatedType | None:
    """Negotiate content as the view will; None if nothing that the client accepts can be sent."""
    request: Any = SimpleNamespace(headers={"accept": accept}, query_params={"format": format_parameter})
    try:
        renderer, media_type = DefaultContentNegotiation().select_renderer(request, [each() for each in renderers])
    except (NotAcceptable, Http404):
        return None
    return NegotiatedType(media_type, is_page(renderer))


class ResponseCache:
    """WSGI middleware that caches the responses of an application."""

    def __init__(self, application: Application, memory: MemoryStore, shared: RedisStore | None = None) -> None:
        self.application = application
        self.memory = memory
        self.shared = shared
        self._generating: dict[Key, threading.Event] = {}
        self._lock = threading.Lock()
        # Django builds scheme, host and path from these, and has accepted them for every cached response.
        self._url_keys = ["wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO"]
        if settings.SECURE_PROXY_SSL_HEADER:
            self._url_keys.append(settings.SECURE_PROXY_SSL_HEADER[0])
        if settings.USE_X_FORWARDED_HOST:
            self._url_keys.append("HTTP_X_FORWARDED_HOST")
        if settings.USE_X_FORWARDED_PORT:
            self._url_keys.append("HTTP_X_FORWARDED_PORT")
        self._session_cookie = f"{settings.SESSION_COOKIE_NAME}="

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # Only resources need the revision. Health checks and static files must not wait for a database that hangs.
        path = get_path_info(environ)
        renderers = _renderers(path) if len(path) <= MAX_LENGTH else ()
        key = self._key(environ, renderers) if renderers else None
        revision = read_revision() if key else None
        if key is None or revision is None:
            return self.application(environ, start_response)
        if response := self.memory.get(key, revision):
            return _send_cached(response, environ, start_response)
        return self._get_or_generate(key, revision, environ, start_response)

    def _key(self, environ: WSGIEnvironment, renderers: Renderers) -> Key | None:
        """Every part of the request that the response depends on; None if the request bypasses the cache."""
        if environ["REQUEST_METHOD"] != "GET" or "HTTP_IF_MATCH" in environ:
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
        negotiated = negotiate(accept, format_parameter, renderers)
        if negotiated is None or is_personal(environ, negotiated.is_page):
            return None
        return (
            *[environ.get(name, "") for name in self._url_keys],
            query if negotiated.is_page else canonical_query(query),
            negotiated.media_type,
            negotiate_encoding(accept_encoding),
            "" if settings.CORS_ALLOW_ALL_ORIGINS else environ.get("HTTP_ORIGIN", ""),
        )

    def _get_or_generate(
        self, key: Key, revision: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Generate a response once, while other requests for it wait (this prevents a cache stampede)."""
        key_at_revision = (*key, revision)
        with self._lock:
            own_event = threading.Event()
            event = self._generating.setdefault(key_at_revision, own_event)
        if event is not own_event:
            event.wait(WAIT_TIMEOUT)
            response = self.memory.get(key, revision)
            if response is None:
                return self.application(environ, start_response)
            return _send_cached(response, environ, start_response)
        try:
            if self.shared is None:
                return self._generate_and_store(key, environ, start_response)
            with self.shared.generating(key, revision) as response:
                if response is None:
                    return self._generate_and_store(key, environ, start_response)
            self.memory.put(key, response)
            return _send_cached(response, environ, start_response)
        finally:
            with self._lock:
                del self._generating[key_at_revision]
            own_event.set()

    def _generate_and_store(self, key: Key, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let the application generate the response, and store it if the view set `ENVIRON_KEY`.

        Others are not read here: they may be large.
        """
        started: list[Any] = []
        chunks = self.application(environ, lambda *args: started.extend(args))
        if ENVIRON_KEY not in environ:
            start_response(*started)
            return chunks
        try:
            body = b"".join(chunks)
        finally:
            if close := getattr(chunks, "close", None):
                close()
        status, headers = started[0], started[1]
        validators = environ[ENVIRON_KEY]
        sets_cookie = any(name.lower() == "set-cookie" for name, _ in headers)
        if status.startswith("200 ") and not sets_cookie:
            expires = validators.until.timestamp() if validators.until else None
            response = CachedResponse(validators.revision.uuid, validators.etag, expires, headers, body)
            self.memory.put(key, response)
            if self.shared:
                self.shared.put(key, response)
        start_response(*started)
        return [body]


def read_revision() -> str | None:
    """The current revision; None if it cannot be read. This is the only query for a cached response.

    Neither Django's cursor nor the signals of a request are used: they cost as much as the rest of a cached response.
    """
    for using in read_databases():
        connection: Any = connections[using]
        close_outdated(connection)
        try:
            connection.ensure_connection()
            row = connection.connection.execute(SELECT_REVISION).fetchone()
            close_outdated(connection)  # if CONN_MAX_AGE is 0
            return row[0] if row else None
        except (DatabaseError, InterfaceError, connection.Database.Error) as error:
            close_failed(using, error)
    return None


@lru_cache(maxsize=2000)
def _renderers(path: str) -> Renderers:
    """The renderers of the view at this path, by preference; none if its responses may not be cached."""
    try:
        view: Any = resolve(path).func
    except Resolver404:
        return ()
    viewset: Any = getattr(view, "cls", None)
    return viewset.renderers_of(view.initkwargs["detail"]) if getattr(viewset, "is_cacheable", False) else ()


def _send_cached(response: CachedResponse, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
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


def _log(status: str, environ: WSGIEnvironment) -> None:
    """Log a request as `django_structlog` logs those that reach Django."""
    if logging.getLogger(LOGGER_NAME).isEnabledFor(logging.INFO):
        url = environ.get("RAW_URI") or environ["PATH_INFO"]
        logger.info(
            "request_finished",
            code=int(status[:3]),
            ip=client_address(environ),
            request=f"{environ['REQUEST_METHOD']} {url}",
        )
