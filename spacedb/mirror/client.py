"""The HTTP client of the mirror: restricted to the host of the source, bounded in time and size, with retries."""

import asyncio
import datetime as dt
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Protocol

import httpx2
import stamina

from spacedb.ingest.errors import DocumentError
from spacedb.ingest.formats import parse
from spacedb.ingest.messages import escape_unprintable
from spacedb.mirror.budget import THROTTLE_PATH, SourceRateLimit
from spacedb.mirror.clock import Clock, format_duration
from spacedb.mirror.errors import MAX_SOURCE_WAIT_SECONDS, MirrorError, TransientError
from spacedb.mirror.source import Source

MAX_RESPONSE_BYTES = 32 * 2**20
"""The maximum size of a response, decompressed. A page of a hundred launches in detail has about 5 MB."""

MAX_RESPONSE_VALUES = 2_000_000
"""The maximum number of JSON values in a response. A value of two bytes can take a hundred bytes of memory."""

MAX_REDIRECTS = 5
CONNECT_TIMEOUT = 15.0
"""Seconds until the connection is established."""
READ_TIMEOUT = 60.0
"""Seconds between two received bytes."""
TOTAL_TIMEOUT = 300.0
"""Seconds for a whole request, from the DNS lookup to the last byte."""

MAX_ATTEMPTS = 7
INITIAL_BACKOFF, MAX_BACKOFF, BACKOFF_JITTER = 15.0, 300.0, 15.0
"""Seconds between attempts, doubled each time, and the maximum random addition: a quarter of an hour in total."""

MAX_HEADER_DIGITS = 12
"""The number of digits that are read of a number in a header."""

ENCODINGS = {"": "identity", "identity": "identity", "gzip": "gzip", "x-gzip": "gzip"}
"""The accepted content codings by their case-insensitive names (RFC 9110, 8.4.1)."""

REDIRECT_STATUSES = (301, 302, 303, 307, 308)

WRONG_ROOT_HINT = "is it the root of Launch Library 2.3.0, such as https://ll.thespacedevs.com/2.3.0/?"


class RateLimiter(Protocol):
    """Delays each request until the rate limit allows it."""

    def acquire(self) -> None: ...
    def exhaust(self) -> None: ...


@dataclass(frozen=True)
class SourceResponse:
    """A response as bytes and as parsed JSON. `body` is None for 304 Not Modified."""

    body: bytes | None
    document: Any = None
    etag: str = ""
    last_modified: str = ""


class Client:
    """Sends requests to the source, with the token if there is one.

    `on_retry` is called with a message before each wait for another attempt. The timeouts are in seconds.
    """

    def __init__(
        self,
        source: Source,
        *,
        user_agent: str,
        token: str = "",
        clock: Clock,
        on_retry: Callable[[str], None],
        total_timeout: float = TOTAL_TIMEOUT,
        read_timeout: float = READ_TIMEOUT,
        max_attempts: int = MAX_ATTEMPTS,
    ) -> None:
        if token and not source.is_confidential:
            raise MirrorError(f"The token would be sent to {source.url} unencrypted. Use https.")
        if not (user_agent.isascii() and user_agent.isprintable()):
            raise MirrorError("MIRROR_CONTACT is sent in a header: it has to be one line of printable ASCII.")
        self.source, self.clock, self.on_retry = source, clock, on_retry
        self.total_timeout, self.max_attempts = total_timeout, max_attempts
        self.has_returned_json = False
        # Brotli and zstd can expand a few bytes to gigabytes in one piece. Gzip expands by a factor of 1000 at most.
        headers = {"User-Agent": user_agent, "Accept": "application/json", "Accept-Encoding": "gzip"}
        if token:
            headers["Authorization"] = f"Token {token}"
        self.http = _build_http_client(source, headers, httpx2.Timeout(read_timeout, connect=CONNECT_TIMEOUT))
        # An event loop can cancel a request at its total timeout in any state.
        self.runner = asyncio.Runner()

    def close(self) -> None:
        self.runner.run(self.http.aclose())
        self.runner.close()

    def get(
        self, request_path: str, rate_limiter: RateLimiter | None = None, *, etag: str = "", last_modified: str = ""
    ) -> SourceResponse:
        """Send a GET request, conditional if there is an ETag or a date, and retry it after transient errors.

        Raises `MirrorError` if the last attempt fails, or on an error that a retry cannot fix.
        """
        url = self.source.url_for(request_path)

        def should_retry(error: Exception) -> bool | float:
            """False to give up, True to retry after the exponential backoff, else the seconds to wait."""
            if not isinstance(error, TransientError):
                return False
            if error.throttled and rate_limiter:
                rate_limiter.exhaust()
            if attempt.num >= self.max_attempts:
                return False
            message = f"{request_path}: {escape_unprintable(str(error))}; trying again"
            if error.retry_after is None or error.retry_after < INITIAL_BACKOFF:  # the backoff is at least as long
                self.on_retry(message)
                return True
            if error.retry_after > MAX_SOURCE_WAIT_SECONDS:
                return False
            self.on_retry(f"{message} in {format_duration(error.retry_after)}, as the source requests")
            self.clock.sleep(error.retry_after)
            return 0.0

        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        try:
            for attempt in stamina.retry_context(
                on=should_retry,
                attempts=self.max_attempts,
                timeout=None,
                wait_initial=INITIAL_BACKOFF,
                wait_max=MAX_BACKOFF,
                wait_jitter=BACKOFF_JITTER,
            ):
                with attempt:
                    return self._request(url, rate_limiter, headers)
        except TransientError as error:
            wait = f", and requests a wait of {format_duration(error.retry_after)}" if error.retry_after else ""
            raise MirrorError(f"{url}: {escape_unprintable(str(error))}{wait}.") from error
        except MirrorError as error:
            raise MirrorError(f"{url}: {escape_unprintable(str(error))}") from error
        raise AssertionError("an attempt returns or raises")

    def fetch_rate_limit(self) -> SourceRateLimit:
        """The rate limit of the source. This request is not counted."""
        return SourceRateLimit.parse(self.get(THROTTLE_PATH).document)

    def _request(self, url: str, rate_limiter: RateLimiter | None, headers: dict[str, str]) -> SourceResponse:
        """Send one request and follow its redirects."""
        for _ in range(MAX_REDIRECTS + 1):
            if rate_limiter:
                rate_limiter.acquire()
            response, body = self.runner.run(self._send(url, headers))
            if response.status_code not in REDIRECT_STATUSES:
                return self._parse_response(response, body)
            url = self.source.resolve(response.headers.get("location", ""), url)
        raise MirrorError(f"redirects more than {MAX_REDIRECTS} times")

    async def _send(self, url: str, headers: dict[str, str]) -> tuple[httpx2.Response, bytes]:
        """The response to one request. The body is read for status 200 only."""
        try:
            async with asyncio.timeout(self.total_timeout), self.http.stream("GET", url, headers=headers) as response:
                return response, await _read_body(response) if response.status_code == HTTPStatus.OK else b""
        except TimeoutError as error:
            raise TransientError(f"too slow: not complete after {format_duration(self.total_timeout)}") from error
        except httpx2.HTTPError as error:
            raise _convert_error(error) from error
        except (httpx2.InvalidURL, UnicodeError) as error:
            raise MirrorError(f"not a valid URL: {error}") from error

    def _parse_response(self, response: httpx2.Response, body: bytes) -> SourceResponse:
        status = response.status_code
        status_line = f"{status} {response.reason_phrase}".strip()
        is_throttled = status == HTTPStatus.TOO_MANY_REQUESTS
        if status == HTTPStatus.NOT_MODIFIED:
            return SourceResponse(None)
        if is_throttled or status == HTTPStatus.REQUEST_TIMEOUT or status >= 500:
            raise TransientError(status_line, retry_after=self._parse_retry_after(response), throttled=is_throttled)
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise MirrorError(f"{status_line}: the source rejects the token or requires one (MIRROR_TOKEN)")
        if status != HTTPStatus.OK:
            raise MirrorError(f"{status_line}: {WRONG_ROOT_HINT}")
        values = len(body) - len(body.translate(None, b"[{,"))  # an upper bound: strings contain these bytes too
        if values > MAX_RESPONSE_VALUES:
            raise MirrorError(f"the response contains more than {MAX_RESPONSE_VALUES} values")
        try:
            document = parse(body)
        except DocumentError as error:
            reason = error.reason.removesuffix(".")
            if not self.has_returned_json:
                raise MirrorError(f"{reason}: {WRONG_ROOT_HINT}") from error
            raise TransientError(reason) from error
        self.has_returned_json = True
        return SourceResponse(
            body, document, response.headers.get("etag", ""), response.headers.get("last-modified", "")
        )

    def _parse_retry_after(self, response: httpx2.Response) -> float | None:
        """The Retry-After header in seconds, which contains seconds or a date. None if it is missing or invalid."""
        value = response.headers.get("retry-after", "").strip()
        if re.fullmatch("[0-9]+", value):
            return float(value[:MAX_HEADER_DIGITS])
        with suppress(ValueError, OverflowError):
            moment = parsedate_to_datetime(value)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
            return (moment - self.clock.now()).total_seconds()
        return None


def _build_http_client(source: Source, headers: dict[str, str], timeout: httpx2.Timeout) -> httpx2.AsyncClient:
    """Raises `MirrorError` if the environment specifies unusable certificates or proxies."""
    try:
        # An explicit transport disables proxies: a local source receives the token unencrypted.
        transport = httpx2.AsyncHTTPTransport() if source.is_local else None
        return httpx2.AsyncClient(headers=headers, timeout=timeout, follow_redirects=False, transport=transport)
    except OSError as error:
        raise MirrorError(f"The certificates of SSL_CERT_FILE or SSL_CERT_DIR cannot be read: {error}") from error
    except (ImportError, ValueError, httpx2.InvalidURL) as error:
        # The text of the error may contain a part of the proxy's password.
        raise MirrorError(
            "The proxy of HTTP_PROXY, HTTPS_PROXY or ALL_PROXY cannot be used: it has to be http:// or https://."
        ) from error


async def _read_body(response: httpx2.Response) -> bytes:
    """Raises `MirrorError` if the content coding was not requested or the body is too large."""
    header = response.headers.get("content-encoding", "").strip()
    if (encoding := ENCODINGS.get(header.lower())) is None:
        raise MirrorError(f"responds in a content coding that was not requested: {header[:50]}")
    response.headers["content-encoding"] = encoding
    length, body = response.headers.get("content-length", "0")[:MAX_HEADER_DIGITS], bytearray()
    if not (length.isdecimal() and int(length) > MAX_RESPONSE_BYTES):
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > MAX_RESPONSE_BYTES:
                break
        else:
            return bytes(body)
    raise MirrorError(f"the response is larger than {MAX_RESPONSE_BYTES // 2**20} MB")


def _convert_error(error: httpx2.HTTPError) -> MirrorError | TransientError:
    """`TransientError` if a retry may succeed, else `MirrorError`."""
    cause: Any = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return MirrorError(f"the certificate cannot be trusted: {cause.verify_message}")
        cause = cause.__cause__ or cause.__context__
    match error:
        case httpx2.ConnectTimeout():
            return TransientError("cannot be reached: no connection in time")
        case httpx2.TimeoutException():
            return TransientError("too slow: no data received for a while")
        case httpx2.ConnectError():
            return TransientError(f"cannot be reached: {error}")
        case httpx2.DecodingError():
            return TransientError(f"cannot be decoded: {error}")
        case httpx2.UnsupportedProtocol() | httpx2.LocalProtocolError():
            # The text of the error may contain an invalid header, such as the token's.
            return MirrorError("the request is not valid HTTP")
        case _:
            return TransientError(f"the connection was closed: {error}")
