"""Requests to the source: to its host alone, bounded in time and size, tried again where that may help."""

import asyncio
import datetime as dt
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import httpx2
import stamina

from spacedb.ingest.errors import DocumentError
from spacedb.ingest.ingest import parse
from spacedb.mirror.clock import Clock, duration
from spacedb.mirror.errors import LONGEST_WAIT_ASKED, MirrorError, TransientError
from spacedb.mirror.reports import escaped
from spacedb.mirror.source import Source

MOST_BYTES = 32 * 2**20
"""Of one answer, unpacked. A hundred launches with all that is told of them take about 5 MB."""

MOST_VALUES = 2_000_000
"""Of one answer: a value may take two bytes of it, and many times that in memory."""

MOST_REDIRECTS = 5
CONNECT_TIMEOUT = 15.0
"""Seconds."""
READ_TIMEOUT = 60.0
"""Seconds without a byte."""
TIME_LIMIT = 300.0
"""Seconds for one whole answer, from the name of the host to the last byte, however steadily it trickles."""

ATTEMPTS = 7
FIRST_WAIT, LONGEST_WAIT, JITTER = 15.0, 300.0, 15.0
"""Seconds between attempts, doubled each time: a quarter of an hour in all."""

MOST_DIGITS = 12
"""Of a number in a header: more would say no more."""

ENCODINGS = {"": "identity", "identity": "identity", "gzip": "gzip", "x-gzip": "gzip"}
"""Of an answer, by the names that HTTP has for them in any case of letters (RFC 9110, 8.4.1)."""

REDIRECTS = (301, 302, 303, 307, 308)
OK = 200
NOT_MODIFIED = 304
TIMED_OUT = 408
TOO_MANY = 429

WRONG_ROOT = "is it the root of Launch Library 2.3.0, such as https://ll.thespacedevs.com/2.3.0/?"


class Pacing(Protocol):
    """What lets each request pass when its time has come."""

    def take(self) -> None: ...
    def refused(self, retry_after: float | None) -> None: ...


@dataclass(frozen=True)
class SourceResponse:
    """What came, as it is and as JSON. `body` is None where the source says that nothing has changed."""

    body: bytes | None
    document: Any = None
    etag: str = ""
    modified: str = ""


class Client:
    """Asks the source, with the token if there is one. `waits` is told of each wait before another attempt."""

    def __init__(
        self,
        source: Source,
        *,
        agent: str,
        token: str = "",
        clock: Clock,
        waits: Callable[[str], None],
        time_limit: float = TIME_LIMIT,
        read_timeout: float = READ_TIMEOUT,
        attempts: int = ATTEMPTS,
    ) -> None:
        if token and not source.takes_secrets:
            raise MirrorError(f"The token would be sent to {source.url} for everyone on the way to read: use https.")
        if not (agent.isascii() and agent.isprintable()):
            raise MirrorError("MIRROR_CONTACT goes into a header: one line of ASCII, such as an address.")
        self.source, self.clock, self.waits = source, clock, waits
        self.time_limit, self.attempts = time_limit, attempts
        self.requests = 0
        self.is_known = False
        """Whether the source has answered with JSON before."""
        # Brotli and zstd can hide gigabytes in a few bytes, and come out in one piece; gzip a thousandfold at most.
        headers = {"User-Agent": agent, "Accept": "application/json", "Accept-Encoding": "gzip"}
        if token:
            headers["Authorization"] = f"Token {token}"
        self.http = _http(source, headers, httpx2.Timeout(read_timeout, connect=CONNECT_TIMEOUT))
        # One request at a time; a loop of events it takes to end one at its time limit wherever it stands.
        self.runner = asyncio.Runner()

    def close(self) -> None:
        self.runner.run(self.http.aclose())
        self.runner.close()

    def get(self, request: str, pacing: Pacing | None = None, *, etag: str = "", modified: str = "") -> SourceResponse:
        """The answer, after as many attempts as it takes. Raises `MirrorError` where there is none to be had."""

        def again(error: Exception) -> bool | float:
            """Whether to try again; by the wait that grows if True, else after so many seconds."""
            if not isinstance(error, TransientError):
                return False
            if error.busy and pacing:
                pacing.refused(error.retry_after)
            if attempt.num >= self.attempts:
                return False
            if error.retry_after is None or error.retry_after < FIRST_WAIT:  # the wait that grows is no shorter
                self.waits(f"{request}: {escaped(str(error))}; trying again")
                return True
            if error.retry_after > LONGEST_WAIT_ASKED:
                return False
            self.waits(
                f"{request}: {escaped(str(error))}; trying again in {duration(error.retry_after)}, as the source asks"
            )
            self.clock.sleep(error.retry_after)
            return 0.0

        conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {name: value for name, value in conditions.items() if value}
        try:
            for attempt in stamina.retry_context(
                on=again,
                attempts=self.attempts,
                timeout=None,
                wait_initial=FIRST_WAIT,
                wait_max=LONGEST_WAIT,
                wait_jitter=JITTER,
            ):
                with attempt:
                    return self._once(self.source.address(request), pacing, headers)
        except TransientError as error:
            asked = f", and asks to wait {duration(error.retry_after)}" if error.retry_after else ""
            raise MirrorError(f"{self.source.address(request)}: {escaped(str(error))}{asked}.") from error
        except MirrorError as error:
            raise MirrorError(f"{self.source.address(request)}: {escaped(str(error))}") from error
        raise AssertionError("an attempt returns or raises")

    def _once(self, address: str, pacing: Pacing | None, headers: dict[str, str]) -> SourceResponse:
        for _ in range(MOST_REDIRECTS + 1):
            if pacing:
                pacing.take()
            self.requests += 1
            response, body = self.runner.run(self._exchange(address, headers))
            if response.status_code not in REDIRECTS:
                return self._answer(response, body)
            address = self.source.within(response.headers.get("location", ""), address)
        raise MirrorError(f"redirects more than {MOST_REDIRECTS} times")

    async def _exchange(self, address: str, headers: dict[str, str]) -> tuple[httpx2.Response, bytes]:
        """One request and what came back; the body of 200 alone is read."""
        try:
            async with asyncio.timeout(self.time_limit), self.http.stream("GET", address, headers=headers) as response:
                return response, await _body(response) if response.status_code == OK else b""
        except TimeoutError as error:
            raise TransientError(f"too slow: not here after {duration(self.time_limit)}") from error
        except httpx2.HTTPError as error:
            raise _reason(error) from error
        except (httpx2.InvalidURL, UnicodeError) as error:
            raise MirrorError(f"is no address: {error}") from error

    def _answer(self, response: httpx2.Response, body: bytes) -> SourceResponse:
        status = response.status_code
        told = f"{status} {response.reason_phrase}".strip()
        if status == NOT_MODIFIED:
            return SourceResponse(None)
        if status in (TIMED_OUT, TOO_MANY) or status >= 500:
            raise TransientError(told, retry_after=self._retry_after(response), busy=status == TOO_MANY)
        if status in (401, 403):
            raise MirrorError(f"{told}: the source does not accept the token, or wants one (MIRROR_TOKEN)")
        if status != OK:
            raise MirrorError(f"{told}: {WRONG_ROOT}")
        if sum(map(body.count, b"[{,")) > MOST_VALUES:  # counted high, where texts have some too
            raise MirrorError(f"the answer holds more than {MOST_VALUES} values")
        try:
            document = parse(body)
        except DocumentError as error:
            if not self.is_known:
                raise MirrorError(f"{error}: {WRONG_ROOT}") from error
            raise TransientError(str(error)) from error
        self.is_known = True
        return SourceResponse(
            body, document, response.headers.get("etag", ""), response.headers.get("last-modified", "")
        )

    def _retry_after(self, response: httpx2.Response) -> float | None:
        """Seconds, told as such or as a date; None where it is neither."""
        told = response.headers.get("retry-after", "").strip()
        if re.fullmatch("[0-9]+", told):
            return float(told[:MOST_DIGITS])
        with suppress(ValueError, OverflowError):
            moment = parsedate_to_datetime(told)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
            return (moment - self.clock.moment()).total_seconds()
        return None


def _http(source: Source, headers: dict[str, str], timeout: httpx2.Timeout) -> httpx2.AsyncClient:
    """Raises `MirrorError` where the environment names certificates or proxies that cannot be used."""
    try:
        # A transport of its own leaves proxies out: to this machine the token goes in the clear.
        direct = httpx2.AsyncHTTPTransport() if source.is_here else None
        return httpx2.AsyncClient(headers=headers, timeout=timeout, follow_redirects=False, transport=direct)
    except OSError as error:
        raise MirrorError(f"The certificates of SSL_CERT_FILE or SSL_CERT_DIR cannot be read: {error}") from error
    except (ImportError, ValueError, httpx2.InvalidURL) as error:
        # Without its text, which may hold a part of the proxy's password.
        raise MirrorError(
            "The proxy of HTTP_PROXY, HTTPS_PROXY or ALL_PROXY cannot be used: it has to be http:// or https://."
        ) from error


async def _body(response: httpx2.Response) -> bytes:
    """Raises `MirrorError` where it is larger than an answer can be."""
    encoding = response.headers.get("content-encoding", "").strip()
    if (known := ENCODINGS.get(encoding.lower())) is None:
        raise MirrorError(f"answers in an encoding that was not asked for: {encoding[:50]}")
    response.headers["content-encoding"] = known
    length, body = response.headers.get("content-length", "0")[:MOST_DIGITS], bytearray()
    if not (length.isdecimal() and int(length) > MOST_BYTES):
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > MOST_BYTES:
                break
        else:
            return bytes(body)
    raise MirrorError(f"the answer is larger than {MOST_BYTES // 2**20} MB")


def _reason(error: httpx2.HTTPError) -> Exception:
    """What went wrong, and whether it may go well another time."""
    cause: Any = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return MirrorError(f"the certificate cannot be trusted: {cause.verify_message}")
        cause = cause.__cause__ or cause.__context__
    match error:
        case httpx2.ConnectTimeout():
            return TransientError("cannot be reached: no connection in time")
        case httpx2.TimeoutException():
            return TransientError("too slow: nothing came for a while")
        case httpx2.ConnectError():
            return TransientError(f"cannot be reached: {error}")
        case httpx2.DecodingError():
            return TransientError(f"cannot be read: {error}")
        case httpx2.UnsupportedProtocol() | httpx2.LocalProtocolError():
            # Without its text, which may hold a header that does not fit: the token's.
            return MirrorError("cannot be asked for: the request is none that HTTP allows")
        case _:
            return TransientError(f"the connection was cut: {error}")
