"""Faulty sources: no partial data, no lost pages, clear messages, and no request beyond the rate limit."""

import datetime as dt
import threading
from email.utils import format_datetime
from typing import Any

import httpx2
import pytest

from agencies.models import Agency
from spacedb.mirror import client
from spacedb.mirror.errors import MirrorError
from tests.mirror.conftest import FakeClock, Mirror, RecordingReporter, both_modes
from tests.mirror.fake_source import (
    OK_HEAD,
    TRANSIENT,
    FakeSource,
    Fault,
    Handler,
    agency,
    no_fault,
    respond,
    send_raw,
    send_raw_until,
    serve,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_neutral]


def offsets(source: FakeSource) -> list[int]:
    return [int(request.partition("offset=")[2].partition("&")[0] or 0) for request in source.request_paths]


@both_modes
def test_source_without_faults(source: FakeSource, mirror: Mirror, reporter: RecordingReporter) -> None:
    outcome = mirror()
    assert Agency.objects.count() == 25
    assert outcome.summary is not None
    assert outcome.summary.models["Agencies"] == (25, 0, 0)
    assert source.request_paths == [
        f"/2.3.0/agencies/?limit=10&mode=detailed{offset}&ordering=id" for offset in ("", "&offset=9", "&offset=18")
    ]
    assert {headers["User-Agent"] for headers in source.headers} == {"spacedb/test"}
    assert [progress.pages for progress in reporter.progress] == [1, 2, 3]
    assert [progress.objects for progress in reporter.progress] == [10, 19, 25]


# --- Transient errors -------------------------------------------------------------------------------------------------


@both_modes
@pytest.mark.parametrize("fault", TRANSIENT.values(), ids=TRANSIENT)
def test_transient_error_is_retried(
    fault: Fault, source: FakeSource, mirror: Mirror, clock: FakeClock, reporter: RecordingReporter
) -> None:
    source.faults = [no_fault, fault, fault, no_fault]
    mirror()
    assert Agency.objects.count() == 25
    assert offsets(source) == [0, 9, 9, 9, 18]
    assert len([line for line in reporter.messages if "trying again" in line]) == 2
    assert sum(clock.sleeps) >= 14


@both_modes
@pytest.mark.parametrize("fault", TRANSIENT.values(), ids=TRANSIENT)
def test_permanent_error_ends_the_run_and_the_next_run_resumes(
    fault: Fault, source: FakeSource, mirror: Mirror
) -> None:
    source.faults, source.default_fault = [no_fault], fault
    with pytest.raises(MirrorError, match=r"http://127\.0\.0\.1:\d+/2\.3\.0/agencies/\?\S+&offset=9\S*: .{5}"):
        mirror()
    assert Agency.objects.count() == 0
    assert offsets(source) == [0] + [9] * client.MAX_ATTEMPTS
    source.default_fault = None
    source.requests.clear()
    mirror()
    assert offsets(source) == [9, 18]
    assert Agency.objects.count() == 25


@both_modes
def test_backoff_grows_and_has_jitter(source: FakeSource, mirror: Mirror, clock: FakeClock) -> None:
    source.default_fault = respond(500)
    with pytest.raises(MirrorError, match="500 Internal Server Error"):
        mirror()
    bounds = [(min(300, 15 * 2**n), min(300, 15 * 2**n + 15)) for n in range(client.MAX_ATTEMPTS - 1)]
    assert all(low <= seconds <= high for seconds, (low, high) in zip(clock.sleeps, bounds, strict=True))
    assert any(seconds % 1 for seconds in clock.sleeps)


@both_modes
@pytest.mark.parametrize(
    "retry_after",
    ["0", "1", "-5", "²", "1.5", "soon", "", "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 01 Jan 0001 00:00:00 -0000"],
)
def test_retry_after_does_not_shorten_the_backoff(
    retry_after: str, source: FakeSource, mirror: Mirror, clock: FakeClock
) -> None:
    source.default_fault = send_raw(
        b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: " + retry_after.encode("latin-1") + b"\r\n\r\n"
    )
    with pytest.raises(MirrorError, match="503 Busy"):
        mirror()
    assert len(source.request_paths) == client.MAX_ATTEMPTS
    assert sum(clock.sleeps) >= 15 * (2**5 - 1)


@both_modes
@pytest.mark.parametrize("retry_after", ["9" * 400, "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_endless_retry_after_ends_the_run(retry_after: str, source: FakeSource, mirror: Mirror) -> None:
    source.default_fault = respond(429, headers={"Retry-After": retry_after})
    with pytest.raises(MirrorError, match=r"429 Too Many Requests, and requests a wait of \d+ d"):
        mirror()
    assert len(source.request_paths) == 1


@both_modes
@pytest.mark.parametrize("headers", [{}, {"Retry-After": "3600"}], ids=["", "Retry-After"])
def test_no_wait_after_the_last_attempt(
    headers: dict[str, str], source: FakeSource, mirror: Mirror, clock: FakeClock, reporter: RecordingReporter
) -> None:
    source.default_fault = respond(503, headers=headers)
    with pytest.raises(MirrorError, match="503 Service Unavailable"):
        mirror()
    waits = [seconds for seconds in clock.sleeps if seconds]
    assert len(source.request_paths) == client.MAX_ATTEMPTS
    assert len(waits) == client.MAX_ATTEMPTS - 1
    assert not headers or set(waits) == {3600}
    assert len([line for line in reporter.messages if "trying again" in line]) == client.MAX_ATTEMPTS - 1


@both_modes
@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_respected(
    as_date: bool, source: FakeSource, mirror: Mirror, clock: FakeClock, reporter: RecordingReporter
) -> None:
    moment = dt.datetime.fromtimestamp(clock.monotonic() + 1234, dt.UTC)
    retry_after = format_datetime(moment, usegmt=True) if as_date else "1234"
    source.faults = [respond(429, headers={"Retry-After": retry_after})]
    mirror()
    assert sum(clock.sleeps) == 1234
    assert any(
        "429 Too Many Requests; trying again in 21 min, as the source requests" in line for line in reporter.messages
    )


@both_modes
def test_retry_after_of_a_week_ends_the_run(source: FakeSource, mirror: Mirror) -> None:
    source.default_fault = respond(429, headers={"Retry-After": "604800"})
    with pytest.raises(MirrorError, match="429 Too Many Requests, and requests a wait of 7 d"):
        mirror()
    assert len(source.request_paths) == 1


@both_modes
def test_source_that_does_not_run(mirror: Mirror) -> None:
    with serve(FakeSource()) as url:
        pass
    with pytest.raises(MirrorError, match="cannot be reached"):
        mirror(url=url)


@both_modes
def test_silent_source(
    source: FakeSource, mirror: Mirror, reporter: RecordingReporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The timeout is short for the silent responses only, as a loaded machine would reach it for others, too."""
    original, is_over = client.Client._send, threading.Event()

    async def send(self: client.Client, url: str, headers: dict[str, str]) -> Any:
        is_silent = source.faults and "api-throttle" not in url
        self.http.timeout = httpx2.Timeout(600, read=0.2 if is_silent else 600)
        return await original(self, url, headers)

    monkeypatch.setattr(client.Client, "_send", send)
    source.faults = [
        send_raw_until(is_over, b""),
        send_raw_until(is_over, OK_HEAD + b"Content-Length: 20\r\n\r\n{"),
    ]
    try:
        mirror()
    finally:
        is_over.set()
    assert Agency.objects.count() == 25
    assert len([line for line in reporter.messages if "too slow: no data received for a while" in line]) == 2
    assert offsets(source) == [0, 0, 0, 9, 18]


GZIP_HEADER = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x03"
"""The beginning of a gzip header. The file name follows."""

SLOW_RESPONSES = {
    "body": send_raw(OK_HEAD + b"Content-Length: 100000\r\n\r\n", *[b"[ "] * 9999, pause=0.02),
    "headers": send_raw(b"HTTP/1.1 200 OK\r\n", *[b"X-More: more\r\n"] * 9999, pause=0.02),
    "interim responses": send_raw(b"", *[b"HTTP/1.1 103 Early Hints\r\n\r\n"] * 9999, pause=0.02),
    "gzip header without end": send_raw(
        OK_HEAD + b"Content-Length: 100000\r\nContent-Encoding: gzip\r\n\r\n" + GZIP_HEADER,
        *[b"a"] * 9999,
        pause=0.02,
    ),
}


@both_modes
@pytest.mark.parametrize("fault", SLOW_RESPONSES.values(), ids=SLOW_RESPONSES)
def test_response_that_never_completes(
    fault: Fault, source: FakeSource, mirror: Mirror, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.Client.__init__, "__kwdefaults__", _with_defaults(total_timeout=0.3, max_attempts=1))
    source.default_fault = fault
    with pytest.raises(MirrorError, match="too slow: not complete after"):
        mirror()
    assert clock.sleeps == []


def _with_defaults(**changes: float) -> dict[str, Any]:
    return {**(client.Client.__init__.__kwdefaults__ or {}), **changes}


# --- Changes of the source during a run -------------------------------------------------------------------------------


@both_modes
def test_object_that_moves_to_another_page(source: FakeSource, mirror: Mirror) -> None:
    def move(name: str, offset: int) -> None:
        rows = source.rows["agencies"]
        if offset == 9 and rows[0]["id"] == 1:
            del rows[0:2]
            rows += [agency(901), agency(902)]

    source.before_page = move
    mirror()
    assert set(range(3, 26)) | {901, 902} <= set(Agency.objects.values_list("pk", flat=True))


@both_modes
def test_interrupted_run_is_resumed_after_a_change_of_the_source(source: FakeSource, mirror: Mirror) -> None:
    source.faults, source.default_fault = [no_fault, no_fault], respond(404)
    with pytest.raises(MirrorError):
        mirror()
    source.default_fault = None
    del source.rows["agencies"][5:8]
    source.requests.clear()
    mirror()
    assert 0 not in offsets(source)
    assert {*range(1, 6), *range(9, 26)} <= set(Agency.objects.values_list("pk", flat=True))


# --- Wrong sources and tokens -----------------------------------------------------------------------------------------


@both_modes
@pytest.mark.parametrize("code", [400, 404, 410])
def test_source_that_is_another_server(code: int, source: FakeSource, mirror: Mirror) -> None:
    source.default_fault = respond(code)
    with pytest.raises(MirrorError, match=rf"{code} .*: is it the root of Launch Library 2\.3\.0, such as"):
        mirror()
    assert len(source.request_paths) == 1


@both_modes
def test_source_that_is_a_website(
    source: FakeSource, mirror: Mirror, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not retried, because the source has never returned JSON."""
    monkeypatch.setattr(Handler, "send_json", lambda handler, document: handler.send(200, b"<html>Welcome</html>"))
    with pytest.raises(MirrorError, match=r"api-throttle/: Not valid JSON: .*: is it the root of Launch Library"):
        mirror()
    assert clock.sleeps == []


@both_modes
@pytest.mark.parametrize("host", ["a..b", "-", "x" * 100, "%20", "xn--a"])
def test_host_that_cannot_exist(host: str, mirror: Mirror) -> None:
    with pytest.raises(MirrorError, match=r"not a valid URL|cannot be reached"):
        mirror(url=f"http://{host}/2.3.0/")


@both_modes
def test_rejected_token(source: FakeSource, mirror: Mirror) -> None:
    source.default_fault = respond(401)
    with pytest.raises(MirrorError, match="the source rejects the token or requires one"):
        mirror(token="wrong")
