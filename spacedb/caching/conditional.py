"""Conditional requests: a client with a current copy gets 304 Not Modified (RFC 9110, section 13).

A response is a pure function of the revision of the data, the release of the code, the URL and the negotiated type. So
its ETag is computed from these, before the response is generated. A response that depends on the current time is also a
function of the time until which it does not change: `ResourceViewSet.valid_until()`.

Only the ETag decides. `Last-Modified` is sent for information, and `If-Modified-Since` is ignored. Django's
`get_conditional_response` would respect it: two writes within one second would then be one.
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from functools import wraps
from hashlib import blake2b
from http import HTTPStatus
from typing import Any, NamedTuple, Protocol, cast

from django.conf import settings
from django.http import FileResponse, HttpResponse, HttpResponseNotModified, JsonResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from spacedb.caching.encoding import IDENTITY, encode, negotiate_encoding
from spacedb.caching.fragments import FragmentCache
from spacedb.caching.lru import LRU
from spacedb.caching.release import release
from spacedb.caching.spooling import spool
from spacedb.revision.current import CurrentRevision
from spacedb.revision.snapshot import retry_lost, snapshot
from spacedb.throttling.authentication import tokens_matter

ENVIRON_KEY = "spacedb.validators"
"""The key of the WSGI environment under which a view leaves the `Validators` of a response that may be cached."""

_valid_until = LRU(64 * 1024)


class ConditionalView(Protocol):
    """The attributes of a view that `conditional` uses; `ResourceViewSet` has them."""

    fragments: FragmentCache
    revision: CurrentRevision | None

    def valid_until(self, now: dt.datetime) -> dt.datetime | None: ...
    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any: ...


class Validators(NamedTuple):
    """The headers that identify a response, and the time until which they do."""

    revision: CurrentRevision
    etag: str
    until: dt.datetime | None
    """When the response changes although the data do not; None if it never does."""

    def set_headers(self, request: Request, response: HttpResponseBase) -> None:
        response["ETag"] = self.etag
        response["Last-Modified"] = http_date(self.revision.modified.timestamp())
        response["Cache-Control"] = "private, no-cache" if _is_personal(request) else cache_control(self.until)
        patch_vary_headers(response, ["Accept", "Accept-Encoding"])

    def not_modified(self, request: Request) -> HttpResponse:
        response = HttpResponseNotModified()
        self.set_headers(request, response)
        return response


def matches(etag: str, if_none_match: str) -> bool:
    """Whether an `If-None-Match` header lists the ETag of a response."""
    return if_none_match == etag or etag in (one.removeprefix("W/") for one in parse_etags(if_none_match))


def is_personal(environ: Mapping[str, Any], is_page: bool) -> bool:
    """Whether a response may depend on the user of a token, given the WSGI environment of its request.

    HTML pages contain the name of the user. JSON and the other formats are the same for all users. So a token has no
    effect on them while tokens neither select a rate limit nor are rejected.
    """
    return "HTTP_AUTHORIZATION" in environ and (is_page or tokens_matter())


def conditional(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: runs a view method in a snapshot, or returns 304 if the ETag matches.

    If a replica fails meanwhile, the method runs again on another database.
    """

    @wraps(handler)
    def respond(view: ConditionalView, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return retry_lost(lambda: respond_from_snapshot(view, request, *args, **kwargs))

    def respond_from_snapshot(view: ConditionalView, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with snapshot() as revision:
            view.fragments, view.revision = FragmentCache(revision.uuid if revision else None), revision
            if revision is None:
                response = handler(view, request, *args, **kwargs)
                return spool(response, IDENTITY) if response.streaming else response
            has_session = _is_page_of_session(request)
            validators = _validators(view, request, revision)
            # Only responses that were sent have an ETag. So a match proves that the response need not be generated.
            if not has_session and _has_matching_etag(request, validators.etag):
                return validators.not_modified(request)
            response = handler(view, request, *args, **kwargs)
            if not has_session and (precondition := _precondition_response(request, validators)):
                return precondition
            encoding = _encoding(request)
            if response.streaming:  # the objects are queried while the body is generated
                response = view.finalize_response(request, spool(response, encoding), *args, **kwargs)
            else:
                response = view.finalize_response(request, response, *args, **kwargs)
                # The browsable API queries the database too, so it is rendered within the snapshot.
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
                if has_session:
                    response["Cache-Control"] = "private, no-store"
                    return cast("HttpResponseBase", response)
                response.content = encode(response.content, encoding)
        if encoding != IDENTITY:
            response["Content-Encoding"] = encoding
        validators.set_headers(request, response)
        if not isinstance(response, FileResponse):  # too large for the response cache
            request.META[ENVIRON_KEY] = validators
        return cast("HttpResponseBase", response)

    return respond


def _has_matching_etag(request: Request, etag: str) -> bool:
    return "HTTP_IF_MATCH" not in request.META and matches(etag, request.META.get("HTTP_IF_NONE_MATCH", ""))


def _precondition_response(request: Request, validators: Validators) -> HttpResponse | None:
    """412 if `If-Match` lists only other ETags, 304 for `If-None-Match: *`; None if the response is to be sent."""
    if_match = parse_etags(request.META.get("HTTP_IF_MATCH", ""))
    if if_match and if_match != ["*"] and validators.etag not in if_match:
        detail = "No ETag in If-Match matches the response."
        headers = {"Cache-Control": "no-store"}
        return JsonResponse({"detail": detail}, status=HTTPStatus.PRECONDITION_FAILED, headers=headers)
    if_none_match = request.META.get("HTTP_IF_NONE_MATCH", "")
    if if_none_match.strip() == "*" or matches(validators.etag, if_none_match):
        return validators.not_modified(request)
    return None


def is_page(renderer: BaseRenderer | type[BaseRenderer]) -> bool:
    """Whether a renderer generates HTML pages."""
    return renderer.format == "api"


def _is_personal(request: Request) -> bool:
    return is_personal(request.META, is_page(request.accepted_renderer))


def _is_page_of_session(request: Request) -> bool:
    """Whether a response is a page that depends on the permissions of an editor, which no revision identifies."""
    return is_page(request.accepted_renderer) and settings.SESSION_COOKIE_NAME in request.COOKIES


def _validators(view: ConditionalView, request: Request, revision: CurrentRevision) -> Validators:
    until = _cached_valid_until(view, revision)
    query = request.META.get("QUERY_STRING", "")
    parts = (
        release(),
        revision.uuid,
        request.build_absolute_uri(request.path),
        query if is_page(request.accepted_renderer) else canonical_query(query),
        request.accepted_media_type,
        _encoding(request),
        request.user.get_username() if _is_personal(request) else "",
        str(until),
    )
    digest = blake2b("\n".join(parts).encode(), digest_size=16)
    return Validators(revision, f'"{digest.hexdigest()}"', until)


def _cached_valid_until(view: ConditionalView, revision: CurrentRevision) -> dt.datetime | None:
    """The view's `valid_until()`, cached until then.

    It is determined before the data are read. If it passes meanwhile, the response counts as out of date.
    """
    now = timezone.now()
    key = type(view), revision.uuid
    [cached] = _valid_until.get([key])
    if cached:
        since, until = cached
        if since <= now and (until is None or now < until):
            return cast("dt.datetime | None", until)
    until = view.valid_until(now)
    _valid_until.add([(key, (now, until), len(revision.uuid))])
    return until


def _encoding(request: Request) -> str:
    return negotiate_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))


def cache_control(until: dt.datetime | None) -> str:
    """The setting `CACHE_CONTROL`, with ages that end when the response changes."""
    setting: str = settings.CACHE_CONTROL
    if until is None:
        return setting
    seconds = max(0, math.floor((until - timezone.now()).total_seconds()))
    return re.sub(r"((?:max-age|s-maxage)=)(\d+)", lambda age: f"{age[1]}{min(int(age[2]), seconds)}", setting)


def canonical_query(query: str) -> str:
    """A query string with its parameters in alphabetical order, values of the same parameter in their own.

    Two spellings of a percent-encoded name may be the same parameter, and the order of its values matters. So a query
    with encoded characters is left unchanged.
    """
    if "&" not in query or "%" in query or "+" in query:
        return query
    return "&".join(sorted(query.split("&"), key=lambda parameter: parameter.partition("=")[0]))
