"""Sources that misbehave: never a half-applied state, never a lost page, a clear message, no request too many."""

import datetime as dt
import json
from collections.abc import Callable
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from agencies.models import Agency
from spacedb.mirror import client
from spacedb.mirror.clock import Clock
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.service import Job
from tests.mirror.conftest import Heard, Turned
from tests.mirror.faulty import Catalogue, Fault, agency, raw, served, status, well

pytestmark = pytest.mark.django_db(transaction=True)

Make = Callable[..., Job]

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


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


def test_a_source_that_trickles(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.Client.__init__, "__kwdefaults__", _quick(time_limit=0.3, attempts=1))
    catalogue.always = raw(OK + b"Content-Length: 1000\r\n\r\n", *[b"[ "] * 500, pause=0.02)

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
    assert "this will take at least 2 h 39 min" in heard.said[0]
    assert heard.states[0].total == 3


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
    answers: list[Any] = [{}, [], {"detail": "no"}, catalogue.allowance() | {"limit_frequency_secs": 0}]
    for told in answers:
        monkeypatch.setattr(catalogue, "allowance", lambda told=told: told)
        with pytest.raises(MirrorError, match="does not tell how often the source may be asked"):
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


# --- What is refused --------------------------------------------------------------------------------------------------


def page(**more: Any) -> bytes:
    return json.dumps({"count": 1, "next": None, "previous": None, "results": [agency(1)]} | more).encode()


def nested(levels: int) -> Any:
    told: Any = {}
    for _ in range(levels):
        told = {"a": told}
    return told


REFUSED = {
    "next on another host": (page(next="https://evil.example/2.3.0/agencies/?offset=1"), "next: leads to another host"),
    "next by another host's name alone": (page(next="//evil.example/2.3.0/"), "next: leads to another host"),
    "next is a number": (page(next=5), "next: is not an address"),
    "count is missing": (page(count=None), "count: is not a number of objects"),
    "results is an object": (page(results={}), "results: is not a list"),
    "a row is a number": (page(results=[1]), r"results\[0\]: has no id"),
    "not a page": (b"[1, 2]", "is not a page of a list"),
    "nested too deep": (page(extra=nested(200)), "nested more than 100 levels deep"),
    "a value that does not fit": (
        page(results=[agency(1) | {"founding_year": "long ago"}]),
        r"body\.results\[0\]\.founding_year: A valid integer is required",
    ),
    "contradicts itself": (page(results=[agency(1), agency(1, "Other")]), "contradicts this document itself"),
    "of another endpoint": (
        page(results=[agency(1) | {"url": "https://ll.thespacedevs.com/2.3.0/nonsense/1/"}]),
        "not an answer of an endpoint that is known here",
    ),
}


@pytest.mark.parametrize(("body", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_document_that_does_not_fit_is_refused_and_the_old_data_stay(
    body: bytes, reason: str, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    Agency.objects.create(pk=7, name="Before")
    catalogue.faults = [well, status(200, body)]
    with pytest.raises(MirrorError, match=reason) as refused:
        job().once(clock, heard)
    file = Path(str(refused.value).partition(": ")[0])
    assert file.read_bytes().endswith(body + b"\n}\n")
    assert "Nothing was written." in str(refused.value)
    assert list(Agency.objects.values_list("name", flat=True)) == ["Before"]
    assert len(catalogue.requests) == 2
    job().once(clock, heard)
    assert Agency.objects.count() == 250
    assert len(catalogue.requests) == 4


def test_a_page_that_the_database_will_not_have(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    """It fits, by itself; so it is found out when all is applied. The next run asks for this page alone."""
    craft = {"id": 1, "url": "https://x/2.3.0/spacecraft_flights/1/", "landing": {"id": 5}}
    catalogue.rows["spacecraft_flights"] = [craft, craft | {"id": 2, "url": "https://x/2.3.0/spacecraft_flights/2/"}]
    with pytest.raises(MirrorError, match=r"spacecraft_flights/00000\.json: contradicts itself or what is there"):
        job("agencies", "spacecraft_flights").once(clock, heard)
    assert Agency.objects.count() == 0
    catalogue.rows["spacecraft_flights"] = [craft]
    catalogue.asked.clear()
    job("agencies", "spacecraft_flights").once(clock, heard)
    assert [request.split("/")[2] for request in catalogue.requests] == ["spacecraft_flights"]
    assert Agency.objects.count() == 250


def test_200_megabytes(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    sent = []

    def endless(handler: Any) -> bool:
        handler.wfile.write(OK + b"Connection: close\r\n\r\n")
        try:
            for _ in range(200):
                handler.wfile.write(b" " * 2**20)
                sent.append(1)
        finally:
            handler.close_connection = True
        return True

    catalogue.faults = [endless]
    with pytest.raises(MirrorError, match="the answer is larger than 32 MB"):
        job().once(clock, heard)
    assert len(catalogue.requests) == 1
    assert len(sent) < 50
    catalogue.faults = [raw(OK + b"Content-Length: 209715200\r\n\r\n", b"{")]
    with pytest.raises(MirrorError, match="the answer is larger than 32 MB"):
        job().once(clock, heard)


def test_a_small_answer_that_unpacks_to_200_megabytes(
    catalogue: Catalogue, job: Make, clock: Turned, heard: Heard
) -> None:
    catalogue.faults = [status(200, b" " * (200 * 2**20))]
    with pytest.raises(MirrorError, match="the answer is larger than 32 MB"):
        job().once(clock, heard)


def test_an_encoding_that_was_not_asked_for(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    catalogue.faults = [status(200, b"x", headers={"Content-Encoding": "br"})]
    with pytest.raises(MirrorError, match="answers in an encoding that was not asked for: br"):
        job().once(clock, heard)


@pytest.mark.parametrize("code", [400, 404, 410])
def test_a_source_that_is_none(code: int, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    catalogue.always = status(code)
    with pytest.raises(MirrorError, match=rf"{code} .*: is it the root of Launch Library 2\.3\.0, such as"):
        job().once(clock, heard)
    assert len(catalogue.requests) == 1


def test_a_token_that_is_not_accepted(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    catalogue.always = status(401)
    with pytest.raises(MirrorError, match="does not accept the token"):
        job(token="wrong").once(clock, heard)
