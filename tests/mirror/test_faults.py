"""Sources that misbehave: never a half-applied state, never a lost page, a clear message, no request too many."""

import datetime as dt
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any

import pytest

from agencies.models import Agency
from spacedb.mirror import client
from spacedb.mirror.clock import Clock
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.service import Job
from tests.mirror.conftest import Heard, Turned
from tests.mirror.faulty import OK, Catalogue, Fault, Handler, agency, raw, served, status, well

pytestmark = pytest.mark.django_db(transaction=True)

Make = Callable[..., Job]


def offsets(catalogue: Catalogue) -> list[int]:
    return [int(request.partition("offset=")[2].partition("&")[0] or 0) for request in catalogue.requests]


def test_all_is_well(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    outcome = job().once(clock, heard)
    assert Agency.objects.count() == 250
    assert outcome.summary is not None
    assert outcome.summary.models["Agencies"] == (250, 0, 0)
    assert catalogue.requests == [
        f"/2.3.0/agencies/?limit=100&mode=detailed{offset}&ordering=id" for offset in ("", "&offset=99", "&offset=198")
    ]
    assert {headers["User-Agent"] for headers in catalogue.headers} == {"spacedb/test"}
    assert [state.pages for state in heard.states] == [1, 2, 3]
    assert [state.objects for state in heard.states] == [100, 199, 250]


# --- The source is busy or breaks down --------------------------------------------------------------------------------

PASSING: dict[str, Fault] = {
    "408": status(408),
    "429": status(429),
    "429 with Retry-After": status(429, headers={"Retry-After": "40"}),
    "500": status(500, b"<h1>Server Error</h1>", headers={"Content-Type": "text/html"}),
    "502": status(502),
    "503 with Retry-After": status(503, headers={"Retry-After": "7"}),
    "cut in mid-body": raw(OK + b"Content-Length: 1000\r\n\r\n", b'{"count": 250, "res'),
    "cut before the head": raw(b""),
    "cut in the head": raw(b"HTTP/1.1 200 OK\r\nContent-"),
    "not HTTP": raw(b"220 mail.example ESMTP\r\n"),
    "truncated JSON": raw(OK + b"Connection: close\r\n\r\n", b'{"count": 250, "results": [{"id'),
    "invalid JSON": status(200, b"{'count': 250}"),
    "a page of HTML": status(200, b"<html>Please wait</html>", headers={"Content-Type": "text/html"}),
    "bad gzip": status(200, b"this is not gzip", headers={"Content-Encoding": "gzip"}),
    "nothing": status(200, b""),
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_what_passes_is_waited_for(fault: Fault, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    catalogue.faults = [well, fault, fault, well]
    job().once(clock, heard)
    assert Agency.objects.count() == 250
    assert offsets(catalogue) == [0, 99, 99, 99, 198]
    assert len([line for line in heard.said if "trying again" in line]) == 2
    assert sum(clock.slept) >= 14


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_what_does_not_pass_ends_with_a_reason_and_is_gone_on_from(
    fault: Fault, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    catalogue.faults, catalogue.always = [well], fault
    with pytest.raises(MirrorError, match=r"http://127\.0\.0\.1:\d+/2\.3\.0/agencies/\?\S+&offset=99\S*: .{5}"):
        job().once(clock, heard)
    assert Agency.objects.count() == 0
    assert offsets(catalogue) == [0] + [99] * client.ATTEMPTS
    catalogue.always = None
    catalogue.asked.clear()
    job().once(clock, heard)
    assert offsets(catalogue) == [99, 198]
    assert Agency.objects.count() == 250


def test_backoff_grows_and_jitters(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    catalogue.always = status(500)
    with pytest.raises(MirrorError, match="500 Internal Server Error"):
        job().once(clock, heard)
    bounds = [(min(300, 15 * 2**n), min(300, 15 * 2**n + 15)) for n in range(client.ATTEMPTS - 1)]
    assert all(least <= waited <= most for waited, (least, most) in zip(clock.slept, bounds, strict=True))
    assert any(waited % 1 for waited in clock.slept)


@pytest.mark.parametrize(
    "told",
    ["0", "1", "-5", "²", "1.5", "soon", "", "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 01 Jan 0001 00:00:00 -0000"],
)
def test_retry_after_does_not_make_us_hurry(
    told: str, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    catalogue.always = raw(
        b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: " + told.encode("latin-1") + b"\r\n\r\n"
    )
    with pytest.raises(MirrorError, match="503 Busy"):
        job().once(clock, heard)
    assert len(catalogue.requests) == client.ATTEMPTS
    assert sum(clock.slept) >= 15 * (2**5 - 1)


@pytest.mark.parametrize("told", ["9" * 400, "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_retry_after_that_never_ends(told: str, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    catalogue.always = status(429, headers={"Retry-After": told})
    with pytest.raises(MirrorError, match=r"429 Too Many Requests, and asks to wait \d+ d"):
        job().once(clock, heard)
    assert len(catalogue.requests) == 1


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "3600"}], ids=["", "Retry-After"])
def test_no_wait_after_the_last_attempt(
    headers: dict[str, str], catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    catalogue.always = status(503, headers=headers)
    with pytest.raises(MirrorError, match="503 Service Unavailable"):
        job().once(clock, heard)
    waits = [seconds for seconds in clock.slept if seconds]
    assert len(catalogue.requests) == client.ATTEMPTS
    assert len(waits) == client.ATTEMPTS - 1
    assert not headers or set(waits) == {3600}
    assert len([line for line in heard.said if "trying again" in line]) == client.ATTEMPTS - 1


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_obeyed(as_date: bool, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    moment = dt.datetime.fromtimestamp(clock.now() + 1234, dt.UTC)
    told = format_datetime(moment, usegmt=True) if as_date else "1234"
    catalogue.faults = [status(429, headers={"Retry-After": told})]
    job().once(clock, heard)
    assert sum(clock.slept) == 1234
    assert any("429 Too Many Requests; trying again in 21 min, as the source asks" in line for line in heard.said)


def test_a_source_that_wants_no_more_for_days(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    catalogue.always = status(429, headers={"Retry-After": "604800"})
    with pytest.raises(MirrorError, match="429 Too Many Requests, and asks to wait 7 d"):
        job().once(clock, heard)
    assert len(catalogue.requests) == 1


def test_a_source_that_is_not_there(job: Make, clock: Turned, heard: Heard) -> None:
    with served(Catalogue()) as url:
        pass
    with pytest.raises(MirrorError, match="cannot be reached"):
        job(url=url).once(clock, heard)


def test_a_source_that_says_nothing(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.Client.__init__, "__kwdefaults__", _quick(read_timeout=0.2))
    catalogue.faults = [raw(b"", b"x", pause=1), raw(OK + b"Content-Length: 20\r\n\r\n", b"{", b"}", pause=1)]
    job().once(clock, heard)
    assert Agency.objects.count() == 250
    assert len([line for line in heard.said if "too slow: nothing came for a while" in line]) == 2


GZIP = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x03"
"""The beginning of the head of a file in gzip; its name comes next."""

TRICKLES = {
    "the body": raw(OK + b"Content-Length: 1000\r\n\r\n", *[b"[ "] * 500, pause=0.02),
    "the head": raw(b"HTTP/1.1 200 OK\r\n", *[b"X-More: more\r\n"] * 500, pause=0.02),
    "answers that are none yet": raw(b"", *[b"HTTP/1.1 103 Early Hints\r\n\r\n"] * 500, pause=0.02),
    "gzip that unpacks to nothing": raw(
        OK + b"Content-Length: 1000\r\nContent-Encoding: gzip\r\n\r\n" + GZIP, *[b"a"] * 500, pause=0.02
    ),
}


@pytest.mark.parametrize("fault", TRICKLES.values(), ids=TRICKLES)
def test_a_source_that_trickles(
    fault: Fault, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.Client.__init__, "__kwdefaults__", _quick(time_limit=0.3, attempts=1))
    catalogue.always = fault

    class Wakeful(Clock):
        def sleep(self, seconds: float) -> None:
            pytest.fail("waits")

    with pytest.raises(MirrorError, match="too slow: not here after"):
        job().once(Wakeful(), heard)


def _quick(**more: float) -> dict[str, Any]:
    return {**(client.Client.__init__.__kwdefaults__ or {}), **more}


# --- The budget -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("limit", "reserve"), [(15, 1), (15, 5), (2, 1), (300, 0)])
def test_no_more_requests_than_the_budget_allows(
    limit: int, reserve: int, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    catalogue.limit = limit
    catalogue.rows["agencies"] = [agency(pk) for pk in range(1, 2000)]
    job(reserve=reserve).once(clock, heard)
    assert Agency.objects.count() == 1999
    assert catalogue.throttled == 0
    moments = [moment for moment, _ in catalogue.asked]
    assert len(moments) == 21
    for moment in moments:
        assert len([other for other in moments if moment - catalogue.window < other <= moment]) <= limit - reserve


def test_requests_of_others_count(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    catalogue.limit = 15
    catalogue.asked = [(clock.now() - 600, "another client's")] * 13
    job().once(clock, heard)
    assert catalogue.throttled == 0
    assert heard.waits
    assert clock.slept[0] >= 3600 / 14


def test_the_whole_time_is_told_at_the_start(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    catalogue.limit = 15
    for pk in range(1, 5001):
        Agency.objects.create(pk=pk, name=f"Here {pk}")
    job().once(clock, heard)
    assert "allows 15 requests in 1 h, 1 of them in reserve. At least 51 requests" in heard.said[0]
    assert "this will take about 3 h. It can be interrupted" in heard.said[0]
    assert heard.states[0].total == 3


@pytest.mark.parametrize(("pages", "hours"), [(14, 0), (18, 1), (28, 1), (29, 2), (43, 3)])
def test_the_time_that_is_told_is_the_time_it_takes(
    pages: int, hours: int, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    """At 15 requests an hour, one in reserve."""
    catalogue.rows["agencies"] = [agency(pk) for pk in range(1, 99 * pages + 2)]
    job().once(clock, Heard())
    clock.time += 2 * catalogue.window
    catalogue.limit, began = 15, clock.time
    catalogue.asked.clear()
    job().once(clock, heard)
    assert len(catalogue.requests) == pages
    assert f"At least {pages} requests: this will take about {hours} h." in heard.said[0].replace("0 s.", "0 h.")
    assert hours * 3600 <= clock.time - began <= hours * 3600 * 1.1


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        (15, "at least 0 s; how much there is is not known yet: a whole catalogue usually takes most of a day at 15"),
        (2**31 - 1, "which sets no limit: at least 1 requests; how much there is is not known yet."),
    ],
)
def test_a_time_that_cannot_be_known_yet(
    limit: int, told: str, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    """Nothing was here before."""
    catalogue.limit = limit
    job().once(clock, heard)
    assert told in heard.said[0]
    job().once(clock, heard)
    assert "not known" not in heard.said[1]


def test_a_reserve_that_leaves_nothing(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    catalogue.limit = 15
    with pytest.raises(MirrorError, match=r"allows 15 requests .* the reserve is 15: nothing is left"):
        job(reserve=15).once(clock, heard)
    assert catalogue.requests == []


def test_a_reserve_that_makes_no_sense(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    with pytest.raises(MirrorError, match="MIRROR_RESERVE is a number of requests: 0 or more"):
        job(reserve=-1).once(clock, heard)


def test_a_source_that_does_not_tell_its_limit(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    well = catalogue.allowance()
    odd: list[Any] = [0, -1, True, "15", None, [], 10**400, 1e300]
    answers = [{}, [], {"detail": "no"}, *(well | {"limit_frequency_secs": number} for number in odd)]
    answers += [well | {"current_use": 10**400}, well | {"next_use_secs": -1}, well | {"your_request_limit": 0.5}]
    for told in answers:
        monkeypatch.setattr(catalogue, "allowance", lambda told=told: told)
        with pytest.raises(MirrorError, match="does not tell how often the source may be asked"):
            job().once(clock, heard)
    assert catalogue.requests == []


@pytest.mark.parametrize("told", [{"next_use_secs": 10**9}, {"your_request_limit": 2, "limit_frequency_secs": 10**9}])
def test_a_source_that_allows_next_to_nothing(
    told: Any, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    well = catalogue.allowance()
    monkeypatch.setattr(catalogue, "allowance", lambda: well | told)
    with pytest.raises(MirrorError, match="The source asks to wait 11574 d 1 h"):
        job().once(clock, heard)
    assert catalogue.requests == []


# --- The source changes meanwhile -------------------------------------------------------------------------------------


def test_a_row_that_moves_to_another_page_between_requests(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    def move(name: str, offset: int) -> None:
        rows = catalogue.rows["agencies"]
        if offset == 99 and rows[0]["id"] == 1:
            del rows[0:2]
            rows += [agency(901), agency(902)]

    catalogue.before = move
    job().once(clock, heard)
    assert set(range(3, 251)) | {901, 902} <= set(Agency.objects.values_list("pk", flat=True))


def test_an_interrupted_pass_goes_on_though_the_source_has_changed(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    catalogue.faults, catalogue.always = [well, well], status(404)
    with pytest.raises(MirrorError):
        job().once(clock, heard)
    catalogue.always = None
    del catalogue.rows["agencies"][50:60]
    catalogue.asked.clear()
    job().once(clock, heard)
    assert 0 not in offsets(catalogue)
    assert {*range(1, 51), *range(61, 251)} <= set(Agency.objects.values_list("pk", flat=True))


# --- Not the source that was meant ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [400, 404, 410])
def test_a_source_that_is_none(code: int, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    catalogue.always = status(code)
    with pytest.raises(MirrorError, match=rf"{code} .*: is it the root of Launch Library 2\.3\.0, such as"):
        job().once(clock, heard)
    assert len(catalogue.requests) == 1


def test_a_source_that_is_a_page_of_html(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing else came before, it is not worth a quarter of an hour."""
    monkeypatch.setattr(Handler, "json", lambda handler, told: handler.answer(200, b"<html>Welcome</html>"))
    with pytest.raises(MirrorError, match=r"api-throttle/: not JSON: .*: is it the root of Launch Library 2\.3\.0"):
        job().once(clock, heard)
    assert clock.slept == []


@pytest.mark.parametrize("host", ["a..b", "-", "x" * 100, "%20", "xn--a"])
def test_a_host_that_there_cannot_be(host: str, job: Make, clock: Turned, heard: Heard) -> None:
    with pytest.raises(MirrorError, match=r"is no address|cannot be reached"):
        job(url=f"http://{host}/2.3.0/").once(clock, heard)


def test_a_token_that_is_not_accepted(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    catalogue.always = status(401)
    with pytest.raises(MirrorError, match="does not accept the token"):
        job(token="wrong").once(clock, heard)
