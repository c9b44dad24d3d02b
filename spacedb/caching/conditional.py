"""Conditional requests: a client that has a response already gets 304 (RFC 9110, section 13).

A response is a pure function of the revision of the data, the release of the code, the URL and the representation. So
its ETag is made from these, before the response is. A response that depends on the current time is also a function of
its validity, the time during which it does not change: `ReadOnlyViewSet.validity()`.

The ETag alone decides. `Last-Modified` is sent for information, and `If-Modified-Since` is ignored.
"""

import datetime as dt
import math
import re
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from hashlib import blake2b
from http import HTTPStatus
from typing import Any, NamedTuple, Protocol, cast

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags
from rest_framework.request import Request

from spacedb.caching.encoding import IDENTITY, encode, negotiate_encoding
from spacedb.caching.fragments import FragmentCache
from spacedb.caching.lru import LRU
from spacedb.caching.release import release
from spacedb.revision.current import CurrentRevision
from spacedb.revision.replicas import ReplicaLostError
from spacedb.revision.snapshot import snapshot

ENVIRON_KEY = "spacedb.validators"
"""The key of the WSGI environment under which a view leaves the `Validators` of a response that may be cached."""

_validities = LRU(64 * 1024)


class Validity(NamedTuple):
    """The time during which a response that depends on the current time does not change. None has no limit."""

    since: dt.datetime | None
    until: dt.datetime | None


class ConditionalView(Protocol):
    """What `conditional` needs of a view; `ReadOnlyViewSet` has all of it."""

    fragments: FragmentCache

    def validity(self, now: dt.datetime) -> Validity | None: ...
    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any: ...


class Validators(NamedTuple):
    """What identifies a response."""

    revision: CurrentRevision
    etag: str
    until: dt.datetime | None
    """When the response changes though the data do not; None if it never does."""

    def set_headers(self, request: Request, response: HttpResponse) -> None:
        response["ETag"] = self.etag
        response["Last-Modified"] = http_date(self.revision.modified.timestamp())
        is_personal = "HTTP_AUTHORIZATION" in request.META
        response["Cache-Control"] = "private, no-cache" if is_personal else cache_control(self.until)
        patch_vary_headers(response, ["Accept", "Accept-Encoding"])

    def not_modified(self, request: Request) -> HttpResponse:
        response = HttpResponseNotModified()
        self.set_headers(request, response)
        return response


def matches(etag: str, if_none_match: str) -> bool:
    """Whether an `If-None-Match` header lists the ETag of a response."""
    return if_none_match == etag or etag in (one.removeprefix("W/") for one in parse_etags(if_none_match))


def conditional(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates a view's handler: it runs in a snapshot, unless the client has the response already.

    If a replica is lost meanwhile, the response is read again from another database.
    """

    @wraps(handler)
    def respond(view: ConditionalView, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        for _ in settings.REPLICAS:
            with suppress(ReplicaLostError):
                return respond_from_snapshot(view, request, *args, **kwargs)
        return respond_from_snapshot(view, request, *args, **kwargs)

    def respond_from_snapshot(view: ConditionalView, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        with snapshot() as revision:
            view.fragments = FragmentCache(revision.uuid if revision else None)
            if revision is None:
                return handler(view, request, *args, **kwargs)  # type: ignore[no-any-return]
            validators = _validators(view, request, revision)
            # Only a response that was sent has an ETag, so a match proves that there is one: it need not be made.
            if _has_matching_etag(request, validators.etag):
                return validators.not_modified(request)
            response = handler(view, request, *args, **kwargs)
            if precondition := _precondition_response(request, validators):
                return precondition
            # The page for browsers queries the database too, so it is rendered within the snapshot.
            response = view.finalize_response(request, response, *args, **kwargs).render()
        encoding = _encoding(request)
        response.content = encode(response.content, encoding)
        if encoding != IDENTITY:
            response["Content-Encoding"] = encoding
        validators.set_headers(request, response)
        request.META[ENVIRON_KEY] = validators
        return cast("HttpResponse", response)

    return respond


def _has_matching_etag(request: Request, etag: str) -> bool:
    return "HTTP_IF_MATCH" not in request.META and matches(etag, request.META.get("HTTP_IF_NONE_MATCH", ""))


def _precondition_response(request: Request, validators: Validators) -> HttpResponse | None:
    """412 if `If-Match` lists only other ETags, 304 for `If-None-Match: *`; None if the response is to be sent."""
    if_match = parse_etags(request.META.get("HTTP_IF_MATCH", ""))
    if if_match and if_match != ["*"] and validators.etag not in if_match:
        return HttpResponse(status=HTTPStatus.PRECONDITION_FAILED)
    if_none_match = request.META.get("HTTP_IF_NONE_MATCH", "")
    if if_none_match.strip() == "*" or matches(validators.etag, if_none_match):
        return validators.not_modified(request)
    return None


def _validators(view: ConditionalView, request: Request, revision: CurrentRevision) -> Validators:
    validity = _validity(view, revision)
    until = validity.until if validity else None
    is_json = request.accepted_renderer.format == "json"
    query = request.META.get("QUERY_STRING", "")
    parts = (
        release(),
        revision.uuid,
        request.build_absolute_uri(request.path),
        canonical_query(query) if is_json else query,
        request.accepted_media_type,
        _encoding(request),
        request.user.get_username(),
        str(until),
    )
    digest = blake2b("\n".join(parts).encode(), digest_size=16)
    return Validators(revision, f'"{digest.hexdigest()}"', until)


def _validity(view: ConditionalView, revision: CurrentRevision) -> Validity | None:
    """The view's validity, which is cached as long as it lasts.

    It is determined before the data are read: what ends meanwhile is over already.
    """
    now = timezone.now()
    key = type(view), revision.uuid
    [cached] = _validities.get([key])
    if cached and cached[0] <= now and (cached[1].until is None or now < cached[1].until):
        return cast("Validity", cached[1])
    validity = view.validity(now)
    if validity:
        _validities.add([(key, (now, validity), len(revision.uuid))])
    return validity


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

    Two spellings of a percent-encoded name may be the same parameter, whose order matters. So such a query is left as
    it is.
    """
    if "&" not in query or "%" in query or "+" in query:
        return query
    return "&".join(sorted(query.split("&"), key=lambda parameter: parameter.partition("=")[0]))
