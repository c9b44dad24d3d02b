"""Documents that do not fit, or are too large: refused with the file, the place and the reason; the old data stay."""

import gzip
import json
import logging
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agencies.models import Agency
from spacedb.mirror import client
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.reports import escaped, shown
from spacedb.mirror.service import Job
from tests.mirror.conftest import Heard, Turned
from tests.mirror.faulty import OK, Catalogue, agency, raw, status, well

pytestmark = pytest.mark.django_db(transaction=True)

Make = Callable[..., Job]


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
    "count has no end": (page(count=10**30), "count: is not a number of objects"),
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


@pytest.mark.parametrize("value", [b"[],", b"{},", b"0,", b'{"":[]},'])
def test_30_megabytes_that_take_a_gigabyte(
    value: bytes, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[int] = []

    def parse(body: bytes) -> Any:
        parsed.append(len(body))
        return json.loads(body)

    monkeypatch.setattr(client, "parse", parse)
    catalogue.faults = [status(200, b"[" + value * (30 * 2**20 // len(value)) + b"0]")]
    with pytest.raises(MirrorError, match="the answer holds more than 2000000 values"):
        job().once(clock, heard)
    assert len(parsed) == 1
    assert parsed[0] < 1000


def test_an_encoding_that_was_not_asked_for(catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    catalogue.faults = [status(200, b"x", headers={"Content-Encoding": "br"})]
    with pytest.raises(MirrorError, match="answers in an encoding that was not asked for: br"):
        job().once(clock, heard)


@pytest.mark.parametrize("name", ["gzip", "GZIP", "x-gzip", " X-GZip", "", "identity", "Identity"])
def test_encodings_by_all_their_names(name: str, catalogue: Catalogue, job: Make, clock: Turned, heard: Heard) -> None:
    body = page(results=[agency(7)])
    packed = gzip.compress(body) if "gzip" in name.lower() else body
    catalogue.faults = [status(200, packed, headers={"Content-Encoding": name})]
    job().once(clock, heard)
    assert Agency.objects.get().pk == 7
    assert clock.slept == []


# --- What the source says, where people read it -----------------------------------------------------------------------

CLEAR = "\x1b[2J\nINFO all is well\r\u202e"
HARMLESS = r"\x1b[2J\nINFO all is well\r\u202e"


def told(page: bytes, source: str, catalogue: Catalogue, caplog: pytest.LogCaptureFixture, *args: str) -> str:
    """Whatever a run of the command says, wherever."""
    caplog.set_level(logging.INFO, "spacedb.mirror")
    out = StringIO()
    catalogue.faults = [status(200, page)]
    try:
        call_command("mirror", "--from", source, "--only", "agencies", *args, stdout=out)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue() + "\n".join(record.getMessage() for record in caplog.records)


UNREADABLE = {
    "an unknown key": page(results=[agency(1) | {CLEAR: 1}]),
    "the place of a reason": page(results=[agency(1) | {"type": {"id": CLEAR, "name": CLEAR}}]),
    "a reason": page(next=f"//evil.example/{CLEAR}"),
    "a key that occurs twice": page().replace(b"{", f"{{{json.dumps(CLEAR)}: 1, {json.dumps(CLEAR)}: 2, ".encode(), 1),
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_control_characters_do_nothing(
    body: bytes, source: str, catalogue: Catalogue, caplog: pytest.LogCaptureFixture, settings: Any, tmp_path: Path
) -> None:
    settings.MIRROR_SPOOL = tmp_path
    said = told(body, source, catalogue, caplog)
    assert not {"\x1b", "\r", "\u202e"} & set(said)
    assert "\nINFO" not in said
    assert r"\x1b" in said


def test_keys_that_are_unknown_are_told_within_bounds(
    source: str, catalogue: Catalogue, caplog: pytest.LogCaptureFixture, settings: Any, tmp_path: Path
) -> None:
    settings.MIRROR_SPOOL = tmp_path
    keys = {f"k{number:02}{'x' * 5000}": 1 for number in range(50)} | {CLEAR: 1}
    said = told(page(results=[agency(1) | keys]), source, catalogue, caplog)
    assert "and 31 more" in said
    assert "k05xxx" in said
    assert len(said) < 20 * 200


def test_further_lines_are_set_in() -> None:
    assert shown("a: \x1b\nNothing was written.") == "a: \\x1b\n  Nothing was written."
    assert escaped(CLEAR) == HARMLESS
