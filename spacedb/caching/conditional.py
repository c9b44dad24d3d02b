"""Conditional requests: what a client has already is not sent again, and not even looked up (RFC 9110, section 13).

An answer is a pure function of the revision of the data, the release of the code, the address and the representation
that is asked for. So its ETag is made of these, without knowing the answer. Where an answer is about the present, it
is a function of the period as well in which it stays as it is: `ReadOnlyViewSet.period()`.
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import wraps
from hashlib import blake2b
from http import HTTPStatus
from typing import Any, NamedTuple, Protocol, cast

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe
from rest_framework.request import Request

from spacedb.caching.encoding import IDENTITY, encode, negotiate_encoding
from spacedb.caching.lru import LRU
from spacedb.caching.release import release
from spacedb.revision.current import CurrentRevision
from spacedb.revision.snapshot import ReplicaLost, snapshot

ENVIRON_KEY = "spacedb.validators"
"""Where the WSGI environment tells those of the answer that was made."""

REMEMBERED = 4 * 1024 * 1024
"""How many bytes are spent on remembering which answers there were: some ten thousand of them."""


class Validity(NamedTuple):
    """The time during which an answer about the present stays as it is, if nothing is written; None is without end."""

    since: dt.datetime | None
    until: dt.datetime | None


class ConditionalView(Protocol):
    """What `conditional` needs of a view."""

    def period(self, now: dt.datetime) -> Validity | None: ...
    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any: ...


class Validators(NamedTuple):
    """What an answer is known by."""

    token: str
    etag: str
    last_modified: int
    period: Validity | None

    @property
    def until(self) -> dt.datetime | None:
        return self.period.until if self.period else None

    def tell(self, request: Request, response: HttpResponse) -> None:
        response["ETag"] = self.etag
        # Else there is none: it may not be later than the answer (section 8.8.2.1).
        if self.last_modified <= timezone.now().timestamp():
            response["Last-Modified"] = http_date(self.last_modified)
        response["Cache-Control"] = "private, no-cache" if _is_personal(request) else cache_control(self.until)
        patch_vary_headers(response, ["Accept", "Accept-Encoding"])

    def short(self, request: Request) -> HttpResponse | None:
        """304 where the client has the answer, 412 where it wants no other than it has.

        A date does not tell of an answer about the present: time goes on without a revision.
        """
        asked: HttpResponse | None = get_conditional_response(request._request, self.etag, self.last_modified)
        if asked is not None and asked.status_code == HTTPStatus.PRECONDITION_FAILED:
            return asked
        if not is_not_modified(self.etag, None if self.period else self.last_modified, request.META):
            return None
        found = HttpResponseNotModified()
        self.tell(request, found)
        return found

    def known(self, request: Request) -> HttpResponse | None:
        """304 where the client has the answer, before it is made.

        That it has says its ETag; its date, or `*`, says so only where there was such an answer: an error has none.
        """
        if not _CONDITIONS & request.META.keys() or _RARE & request.META.keys():
            return None
        is_told = self.etag in request.META.get("HTTP_IF_NONE_MATCH", "")
        return self.short(request) if is_told or _answered.get([self.etag])[0] else None


def is_not_modified(etag: str, last_modified: int | None, told: Mapping[str, Any]) -> bool:
    """Whether a client has the answer, by what it told in these headers of the WSGI environment (section 13.2.2).

    Where a date tells nothing of the answer, its is None.
    """
    if etags := told.get("HTTP_IF_NONE_MATCH"):
        if etags == etag:  # as nearly all tell it
            return True
        parsed = parse_etags(etags)
        return parsed == ["*"] or etag in (one.removeprefix("W/") for one in parsed)
    since = told.get("HTTP_IF_MODIFIED_SINCE")
    # The very date, not any later one: where a backup is restored, time goes back.
    return since is not None and last_modified is not None and last_modified == parse_http_date_safe(since)


_CONDITIONS = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"}
_RARE = {"HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"}
_answered = LRU(REMEMBERED)
_periods = LRU(64 * 1024)


def conditional(make: Callable[..., Any]) -> Callable[..., Any]:
    """Answers 304 where the client has the answer already, else makes it, of one state of the data.

    Where a replica is lost meanwhile, it is made again of another one's, or of the database itself.
    """

    @wraps(make)
    def answer(view: ConditionalView, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        for _ in settings.REPLICAS:
            with suppress(ReplicaLost):
                return once(view, request, *args, **kwargs)
        return once(view, request, *args, **kwargs)

    def once(view: ConditionalView, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        with snapshot() as label:
            validators = _validators(view, request, label) if label else None
            if validators and (known := validators.known(request)):
                return known
            made = make(view, request, *args, **kwargs)
            if validators:
                _answered.add([(validators.etag, True, len(validators.etag))])
                if short := validators.short(request):
                    return short
            # Here and not later: a page has queries of its own.
            response: HttpResponse = view.finalize_response(request, made, *args, **kwargs).render()
        if validators:
            response.content = encode(response.content, _coding(request))
            if _coding(request) != IDENTITY:
                response["Content-Encoding"] = _coding(request)
            validators.tell(request, response)
            request.META[ENVIRON_KEY] = validators
        return response

    return answer


def _validators(view: ConditionalView, request: Request, label: CurrentRevision) -> Validators:
    period = _period(view, label)
    is_json = request.accepted_renderer.format == "json"
    query = request.META.get("QUERY_STRING", "")
    made_of = (
        release().digest,
        label.token,
        request.build_absolute_uri(request.path),
        canonical_query(query) if is_json else query,
        request.accepted_media_type,
        _coding(request),
        request.user.get_username(),
        str(period.until if period else None),
    )
    digest = blake2b("\n".join(made_of).encode(), digest_size=16)
    since = math.ceil(period.since.timestamp()) if period and period.since else 0
    last_modified = max(label.last_modified - release().offset, since)
    return Validators(label.token, f'"{digest.hexdigest()}"', last_modified, period)


def _period(view: ConditionalView, label: CurrentRevision) -> Validity | None:
    """That of the view, looked up once while it lasts. Before the data: what ends meanwhile is over already."""
    now = timezone.now()
    key = type(view), label.token
    [found] = _periods.get([key])
    if found and found[0] <= now and (found[1].until is None or now < found[1].until):
        return cast("Validity", found[1])
    period = view.period(now)
    if period:
        _periods.add([(key, (now, period), len(label.token))])
    return period


def _coding(request: Request) -> str:
    return negotiate_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))


def _is_personal(request: Request) -> bool:
    return "HTTP_AUTHORIZATION" in request.META


def cache_control(until: dt.datetime | None) -> str:
    """The setting; but nobody keeps an answer for longer than it is true."""
    told: str = settings.CACHE_CONTROL
    if until is None:
        return told
    left = max(0, math.floor((until - timezone.now()).total_seconds()))
    return re.sub(r"((?:max-age|s-maxage)=)(\d+)", lambda found: f"{found[1]}{min(int(found[2]), left)}", told)


def canonical_query(query: str) -> str:
    """A query string with its parameters in alphabetical order; those of one name stay in theirs.

    Where something is percent-encoded, two spellings may be one name: then the order tells, and stays.
    """
    if "&" not in query or "%" in query or "+" in query:
        return query
    return "&".join(sorted(query.split("&"), key=lambda parameter: parameter.partition("=")[0]))
