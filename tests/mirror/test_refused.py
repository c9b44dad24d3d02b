"""Invalid and oversized documents are refused with the file, the position and the reason. The data do not change."""

import gzip
import json
import logging
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agencies.models import Agency
from spacedb.ingest.messages import escape_unprintable
from spacedb.mirror import client
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.models import MirroredCollection
from spacedb.mirror.reports import format_message
from tests.mirror.conftest import FakeClock, Mirror, both_modes
from tests.mirror.fake_source import OK_HEAD, FakeSource, agency, no_fault, respond, send_raw

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_neutral]


def page(**fields: Any) -> bytes:
    return json.dumps({"count": 1, "next": None, "previous": None, "results": [agency(1)]} | fields).encode()


def nested(levels: int) -> Any:
    document: Any = {}
    for _ in range(levels):
        document = {"a": document}
    return document


REFUSED = {
    "next on another host": (page(next="https://evil.example/2.3.0/agencies/?offset=1"), "next: leads to another host"),
    "next on another host without scheme": (page(next="//evil.example/2.3.0/"), "next: leads to another host"),
    "next is a number": (page(next=5), "next: Expected a URL"),
    "count is too large": (page(count=10**30), "count: Expected a number of objects"),
    "count is missing": (page(count=None), "count: Expected a number of objects"),
    "results is an object": (page(results={}), "results: Expected a list"),
    "not a page": (b"[1, 2]", "Expected a page of a list"),
}

LEFT_OUT = {
    "no object": (1, r"Expected an object, got 1\."),
    "nested too deeply": (agency(1) | {"extra": nested(200)}, "nested more than 100 levels deep"),
    "nested too deeply, without an id": (nested(900), "nested more than 100 levels deep"),
    "of another endpoint": (
        {"id": 1, "active": True, "map_url": "", "latitude": 1, "longitude": 2, "location": None},
        "none of the keys of AgencyMini",
    ),
    "without an id": (agency(1) | {"id": None, "name": ""}, r"The object has no id\."),
}
"""Values that are the only row of a page, each with a warning."""


@both_modes
@pytest.mark.parametrize(("body", "reason"), REFUSED.values(), ids=REFUSED)
def test_invalid_document_is_refused_and_the_data_do_not_change(
    body: bytes, reason: str, source: FakeSource, mirror: Mirror
) -> None:
    Agency.objects.create(pk=7, name="Before")
    source.faults = [no_fault, respond(200, body)]
    with pytest.raises(MirrorError, match=reason) as refused:
        mirror()
    file = Path(str(refused.value).partition(": ")[0])
    assert file.read_bytes().endswith(body + b"\n}\n")
    assert "Nothing was written." in str(refused.value)
    assert list(Agency.objects.values_list("name", flat=True)) == ["Before"]
    assert len(source.request_paths) == 2
    mirror()
    assert Agency.objects.count() == 25
    assert len(source.request_paths) == 4


@both_modes
@pytest.mark.parametrize(("row", "reason"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_page_without_a_readable_object_does_not_end_the_run(
    row: Any, reason: str, source: FakeSource, mirror: Mirror
) -> None:
    source.faults = [respond(200, page(results=[row]))]
    source.rows["programs"] = []
    outcome = mirror("agencies", "programs")
    [warning] = outcome.warnings["agencies"]
    assert warning.startswith("agencies/00000.json: results[0]: ")
    assert re.search(reason, warning)
    assert MirroredCollection.objects.count() == 2
    assert Agency.objects.count() == 0
    source.faults = [respond(200, page(results=[row]))]
    with pytest.raises(MirrorError, match=reason):
        mirror(strict=True)


@both_modes
def test_page_that_violates_a_database_constraint(
    source: FakeSource, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page seems valid, so the error is found when the run is applied. The next run requests this page only."""
    monkeypatch.setattr("spacedb.ingest.context.ReadContext.claim", lambda *args: None)  # which finds such errors
    craft = {"id": 1, "url": "https://x/2.3.0/spacecraft_flights/1/", "landing": {"id": 5}}
    source.rows["spacecraft_flights"] = [craft, craft | {"id": 2, "url": "https://x/2.3.0/spacecraft_flights/2/"}]
    with pytest.raises(MirrorError, match=r"spacecraft_flights/00000\.json: .* contradicts itself or the stored"):
        mirror("agencies", "spacecraft_flights", strict=True)
    assert Agency.objects.count() == 0
    source.rows["spacecraft_flights"] = [craft]
    source.requests.clear()
    mirror("agencies", "spacecraft_flights")
    assert [request.split("/")[2] for request in source.request_paths] == ["spacecraft_flights"]
    assert Agency.objects.count() == 25


@both_modes
def test_response_of_200_megabytes(source: FakeSource, mirror: Mirror) -> None:
    sent = []

    def endless(handler: Any) -> bool:
        handler.wfile.write(OK_HEAD + b"Connection: close\r\n\r\n")
        try:
            for _ in range(200):
                handler.wfile.write(b" " * 2**20)
                sent.append(1)
        finally:
            handler.close_connection = True
        return True

    source.faults = [endless]
    with pytest.raises(MirrorError, match="the response is larger than 32 MB"):
        mirror()
    assert len(source.request_paths) == 1
    assert len(sent) < 50
    source.faults = [send_raw(OK_HEAD + b"Content-Length: 209715200\r\n\r\n", b"{")]
    with pytest.raises(MirrorError, match="the response is larger than 32 MB"):
        mirror()


@both_modes
def test_small_response_that_decompresses_to_64_megabytes(source: FakeSource, mirror: Mirror) -> None:
    source.faults = [respond(200, b" " * (64 * 2**20))]
    with pytest.raises(MirrorError, match="the response is larger than 32 MB"):
        mirror()


@both_modes
@pytest.mark.parametrize("value", [b"[],", b"{},", b"0,", b'{"":[]},'])
def test_response_with_too_many_values(
    value: bytes, source: FakeSource, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[int] = []

    def parse(body: bytes) -> Any:
        parsed.append(len(body))
        return json.loads(body)

    monkeypatch.setattr(client, "parse", parse)
    source.faults = [respond(200, b"[" + value * client.MAX_RESPONSE_VALUES + b"0]")]
    with pytest.raises(MirrorError, match="the response contains more than 2000000 values"):
        mirror()
    assert len(parsed) == 1
    assert parsed[0] < 1000


@both_modes
def test_content_coding_that_was_not_requested(source: FakeSource, mirror: Mirror) -> None:
    source.faults = [respond(200, b"x", headers={"Content-Encoding": "br"})]
    with pytest.raises(MirrorError, match="responds in a content coding that was not requested: br"):
        mirror()


@pytest.mark.parametrize("name", ["gzip", "GZIP", "x-gzip", " X-GZip", "", "identity", "Identity"])
def test_names_of_content_codings(name: str, source: FakeSource, mirror: Mirror, clock: FakeClock) -> None:
    body = page(results=[agency(7)])
    compressed = gzip.compress(body) if "gzip" in name.lower() else body
    source.faults = [respond(200, compressed, headers={"Content-Encoding": name})]
    mirror()
    assert Agency.objects.get().pk == 7
    assert clock.sleeps == []


# --- Control characters in messages -----------------------------------------------------------------------------------

CONTROL_CHARACTERS = "\x1b[2J\nINFO all is well\r\u202e"
ESCAPED = r"\x1b[2J\nINFO all is well\r\u202e"


def output_for(body: bytes, source_url: str, source: FakeSource, caplog: pytest.LogCaptureFixture) -> str:
    """The output, error message and log of a run that receives this body."""
    caplog.set_level(logging.INFO, "spacedb.mirror")
    out = StringIO()
    source.faults = [respond(200, body)]
    try:
        call_command("mirror", "--from", source_url, "--only", "agencies", stdout=out)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue() + "\n".join(record.getMessage() for record in caplog.records)


PAGES = {
    "unknown key": page(results=[agency(1) | {CONTROL_CHARACTERS: 1}]),
    "position in an error message": page(
        results=[agency(1) | {"type": {"id": CONTROL_CHARACTERS, "name": CONTROL_CHARACTERS}}]
    ),
    "error message": page(next=f"//evil.example/{CONTROL_CHARACTERS}"),
    "duplicate key": page().replace(
        b"{", f"{{{json.dumps(CONTROL_CHARACTERS)}: 1, {json.dumps(CONTROL_CHARACTERS)}: 2, ".encode(), 1
    ),
}


@pytest.mark.parametrize("body", PAGES.values(), ids=PAGES)
def test_control_characters_are_escaped(
    body: bytes, source_url: str, source: FakeSource, caplog: pytest.LogCaptureFixture, settings: Any, tmp_path: Path
) -> None:
    settings.MIRROR_PAGE_STORE = tmp_path
    output = output_for(body, source_url, source, caplog)
    assert not {"\x1b", "\r", "\u202e"} & set(output)
    assert "\nINFO" not in output
    assert r"\x1b" in output or r"\u001b" in output


def test_number_and_length_of_reported_keys_are_limited(
    source_url: str, source: FakeSource, caplog: pytest.LogCaptureFixture, settings: Any, tmp_path: Path
) -> None:
    settings.MIRROR_PAGE_STORE = tmp_path
    keys = {f"k{number:02}{'x' * 5000}": 1 for number in range(50)} | {CONTROL_CHARACTERS: 1}
    output = output_for(page(results=[agency(1) | keys]), source_url, source, caplog)
    assert "and 31 more" in output
    assert "k05xxx" in output
    assert len(output) < (51 + 20) * 350


def test_continuation_lines_are_indented() -> None:
    assert format_message("a: \x1b\nNothing was written.") == "a: \\x1b\n  Nothing was written."
    assert escape_unprintable(CONTROL_CHARACTERS) == ESCAPED
