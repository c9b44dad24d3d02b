"""File formats: what is read, and what is refused with a message that says what it looks like."""

import gzip
import io
import json
import os
import tarfile
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from typing_extensions import override

from agencies.models import Agency
from spacedb.catalogue.models import is_empty
from spacedb.ingest import formats
from spacedb.ingest.documents import ParsedObject
from spacedb.ingest.errors import DocumentError, NotAResponseError
from spacedb.ingest.formats import documents_in, parse, read_file
from spacedb.ingest.ingest import ingest
from spacedb.ingest.reading import DocumentReader
from tests.mirror.fake_source import agency

pytestmark = pytest.mark.vendor_neutral

REQUEST = "/2.3.0/agencies/?limit=1"
PAGE: dict[str, Any] = {"count": 1, "next": None, "previous": None, "results": [agency(1)]}
JSON = json.dumps(PAGE)
INDENTED = json.dumps(PAGE, indent=4)
HEAD = "HTTP 200 OK\nAllow: GET, HEAD, OPTIONS\nContent-Type: application/json\nVary: Accept\n\n"


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("agencies.json", JSON)
    return buffer.getvalue()


def tarred() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("agencies.json")
        info.size = len(JSON)
        archive.addfile(info, io.BytesIO(JSON.encode()))
    return buffer.getvalue()


# --- What is read -----------------------------------------------------------------------------------------------------

READ = {
    "UTF-8": JSON.encode(),
    "UTF-8 with BOM": JSON.encode("utf-8-sig"),
    "UTF-16 with BOM": JSON.encode("utf-16"),
    "UTF-16 without BOM": JSON.encode("utf-16-le"),
    "UTF-16 without BOM, big-endian": JSON.encode("utf-16-be"),
    "UTF-32": JSON.encode("utf-32"),
    "space around": f"\r\n  {INDENTED}\r\n\r\n".encode(),
    "gzip": gzip.compress(JSON.encode()),
    "gzip with two members": gzip.compress(JSON[:50].encode()) + gzip.compress(JSON[50:].encode()),
    "gzip with many members": gzip.compress(b" ") * 5000 + gzip.compress(JSON.encode()),
    "gzip with padding": gzip.compress(JSON.encode()) + bytes(512),
    "gzip of UTF-16": gzip.compress(JSON.encode("utf-16")),
    "text of a page": f"{HEAD}{INDENTED}".encode(),
    "curl -i": f"{HEAD}{JSON}".replace("HTTP 200 OK", "HTTP/2 200 ").replace("\n", "\r\n").encode(),
    "curl -i -L": f"HTTP/1.1 301 Moved Permanently\r\nLocation: /\r\n\r\n{HEAD}{INDENTED}".encode(),
    "curl -i in PowerShell": f"{HEAD}{JSON}".encode("utf-16"),
}


@pytest.mark.parametrize("content", READ.values(), ids=READ)
def test_formats_that_are_read(content: bytes) -> None:
    assert documents_in(content) == [("", PAGE)]


def test_text_of_a_whole_page_contains_the_request() -> None:
    text = f"Django REST framework\nAgency List\nOPTIONS\nGET\n...\nGET {REQUEST}\n{HEAD}{INDENTED}\nspacedb 1.0\n"
    assert documents_in(text.encode()) == [("", {"request": REQUEST, "body": PAGE})]


class TextOfPage(HTMLParser):
    """Collects the text of a page, as it is copied from a browser."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.is_visible = "", True
        self.feed(html)

    @override
    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.is_visible = tag not in ("script", "style")

    @override
    def handle_data(self, data: str) -> None:
        self.text += data if self.is_visible else ""


@pytest.mark.django_db
def test_text_of_a_page_of_this_server(client: Client) -> None:
    ingest([("page", PAGE)])
    request = f"{REQUEST}&view=raw"
    html = client.get(request, headers={"Accept": "text/html"}).content.decode()
    [(_, document)] = documents_in(TextOfPage(html).text.encode())
    assert document == {"request": request, "body": client.get(request).json()}
    assert ingest([("copy", document)]).models["Agencies"] == (0, 0, 1)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":[1,2.5,null,"\u00fc\\n"]}',
        '{"a": 1}',
        "[1.10]",
        "[1e400]",
        f"[{2**64}]",
        "[1e5]",
        "[-0]",
        '["\\u00fc"]',
        "null",
    ],
)
def test_all_spellings_of_values_are_read_alike(text: str) -> None:
    """Canonical JSON is read by another parser."""
    assert repr(parse(text.encode())) == repr(json.loads(text))


def test_json_lines() -> None:
    documents = documents_in(f"{JSON}\n\n [1]\r\n2\n".encode())
    assert list(documents) == [("line 1", PAGE), ("line 3", [1]), ("line 4", 2)]


@pytest.mark.parametrize("last", [b'{"a":1.0}', b'{"a": 1.00}', b"\t7 ", b'"\\u00e9"', b"9" * 30])
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n"])
def test_all_spellings_of_lines_are_read_alike(last: bytes, end: bytes) -> None:
    """Canonical lines are read by another parser, and all others if one is not."""
    first = [json.dumps(PAGE, separators=(",", ":")).encode(), b"", '["\u2028\x85"]'.encode()]
    documents = list(documents_in(b"\n".join([*first, last]) + end))
    assert [path for path, _ in documents] == ["line 1", "line 3", "line 4"]
    assert repr([document for _, document in documents]) == repr([PAGE, ["\u2028\x85"], json.loads(last)])


@pytest.mark.parametrize("last", [b'{"a":1,"a":2}', b'{"a":1', b"NaN", b'"\\ud800"', b'{"a":1}{"b":2}', b'"\xff"'])
def test_no_line_is_returned_before_all_are_checked(last: bytes) -> None:
    with pytest.raises(NotAResponseError):
        documents_in(b'{"a":1}\n{"b":2}\n' + last)


def test_line_separators_in_texts_do_not_end_a_line() -> None:
    assert list(documents_in('["\u2028\x85"]\n[2]'.encode())) == [("line 1", ["\u2028\x85"]), ("line 2", [2])]


# --- What is refused --------------------------------------------------------------------------------------------------

REFUSED = {
    "empty": (b"", "The file is empty."),
    "space": (b" \r\n\t ", "The file is empty."),
    "BOM": (b"\xff\xfe", "The file is empty."),
    "empty gzip": (gzip.compress(b""), "The file is empty."),
    "truncated gzip": (gzip.compress(JSON.encode())[:-20], "A gzip file that ends too early. Save it again."),
    "damaged gzip": (b"\x1f\x8b" + JSON.encode(), "A damaged gzip file, or one with other data"),
    "wrong checksum": (gzip.compress(JSON.encode())[:-8] + bytes(8), "A damaged gzip file, or one with other data"),
    "gzip with data after its end": (
        gzip.compress(JSON.encode()) + b"x",
        "A damaged gzip file, or one with other data after its end. Save it again.",
    ),
    "gzip twice": (gzip.compress(gzip.compress(b"{}")), "Looks like a gzip file within a gzip file."),
    "ZIP": (zipped(), "Looks like a ZIP archive. Unpack it"),
    "tar": (tarred(), "Looks like a tar archive. Unpack it"),
    "tar.gz": (gzip.compress(tarred()), "Looks like a tar archive. Unpack it"),
    "bzip2": (b"BZh91AY&SY", "Looks like a file compressed by bzip2."),
    "image": (b"\x89PNG\r\n\x1a\n", "Looks like an image."),
    "SQLite": (b"SQLite format 3\x00\x10", "Looks like an SQLite database."),
    "null bytes": (b"\x00" * 5000, "Looks like binary data."),
    "random bytes": (bytes(range(128, 256)), "Not text in UTF-8: byte 1 is invalid."),
    "Latin-1": ('{"name": "Aérospatiale"}'.encode("latin-1"), "Not text in UTF-8: byte 12 is invalid."),
    "odd UTF-16": (JSON.encode("utf-16")[:-1], "Not text in UTF-16: byte "),
    "HTML": (b"\n<!DOCTYPE html><html>", "Looks like a web page, saved as HTML."),
    "HTML of the browsable API": (f"<html>\n<pre>\n{HEAD}</pre>".encode(), "Looks like a web page, saved as HTML."),
    "XML": (b"<?xml version='1.0'?>", "Looks like a web page, saved as HTML."),
    "text": (b"Hello", 'Not valid JSON: expecting value at "Hello" (line 1, column 1).'),
    "YAML": (b"name: NASA\nid: 44", "Not valid JSON: expecting value at"),
    "Python": (b"{'id': 1}", "Not valid JSON: expecting property name enclosed in double quotes at"),
    "truncated": (JSON[:-5].encode(), "Not valid JSON: it ends too early and is perhaps incomplete (line 1, column"),
    "truncated text": (b'{"name": "NA', "Not valid JSON: it ends too early and is perhaps incomplete"),
    "garbage after it": (f"{JSON}\n</div>".encode(), "Not valid JSON: unexpected text after the end of the document"),
    "a comma too many": (b'{"id": 1,}', "Not valid JSON: "),
    "line break in a text": (b'{"name": "a\nb"}', 'Not valid JSON: invalid control character at "\\nb\\"}" (line 1'),
    "NaN": (b'{"id": NaN}', "Not valid JSON: NaN is not a JSON value."),
    "-Infinity": (b"[-Infinity]", "Not valid JSON: -Infinity is not a JSON value."),
    "repeated key": (b'{"a": 1, "a": 2}', 'Not valid JSON: the key "a" occurs twice in one object.'),
    "repeated key without spaces": (b'{"a":1,"a":2}', 'Not valid JSON: the key "a" occurs twice in one object.'),
    "half a surrogate pair": (
        b'{"a": "\\ud83d"}',
        "Not valid JSON: half of a surrogate pair is not a character",
    ),
    "long number": (b"9" * 5000, "Not valid JSON: a number has too many digits."),
    "nested too deeply": (b"[" * 100_000, "Not valid JSON: it is nested too deeply."),
    "two documents": (f"{INDENTED}\n{INDENTED}".encode(), "Looks like 2 JSON documents in one file."),
    "two documents in one line": (f"{JSON}{JSON}".encode(), "Looks like 2 JSON documents in one file."),
    "bad line": (
        f"{JSON}\noops\n{JSON}".encode(),
        'Not valid JSON: unexpected text after the end of the document, "oo',
    ),
    "two responses": (f"{HEAD}{JSON}\n{HEAD}{JSON}".encode(), "Looks like several responses in one file."),
    "two bodies": (f"{HEAD}{JSON}\n{JSON}".encode(), "Looks like several responses in one file."),
    "status without body": (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "A response with the status 502, whose body is not"),
    "status with HTML": (b"HTTP/1.1 502 Bad Gateway\n\n<html>\n{", "A response with the status 502, whose body is not"),
    "truncated copy": (f"{HEAD}{JSON[:-5]}".encode(), "Not valid JSON: it ends too early"),
}


@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED)
def test_formats_that_are_refused(content: bytes, reason: str) -> None:
    with pytest.raises(DocumentError) as refused:
        documents_in(content)
    assert str(refused.value).startswith(reason)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "content", [gzip.compress(b" " * 2000), gzip.compress(b" " * 600) * 2], ids=["one member", "two members"]
)
def test_size_after_decompression_is_limited(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MAX_BYTES", 1000)
    with pytest.raises(DocumentError, match="MB after decompression"):
        documents_in(content)


def test_a_response_is_one_document() -> None:
    assert parse(JSON.encode()) == PAGE
    with pytest.raises(DocumentError, match="Not valid JSON: it contains several documents"):
        parse(f"{JSON}\n{JSON}".encode())


# --- Kinds of files ---------------------------------------------------------------------------------------------------


def test_a_named_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(DocumentError, match=r"Not a regular file\. Use - to read from standard input"):
        read_file(tmp_path / "pipe.json")


def test_size_of_a_file_is_limited(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(formats.MAX_BYTES + 1)
    with pytest.raises(DocumentError, match="More than 512 MB"):
        read_file(path)


# --- The command ------------------------------------------------------------------------------------------------------


def run(*paths: Path | str, **options: Any) -> str:
    out = io.StringIO()
    call_command("ingest", *map(str, paths), stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(JSON.encode()))))
    assert "Agencies" in run("-")
    assert Agency.objects.get().pk == 1
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with pytest.raises(CommandError, match=r"^-: The file is empty\.\n"):
        run("-")
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(CommandError, match=r"^-: Standard input is closed\.$"):
        run("-")


@pytest.mark.django_db
def test_each_page_of_a_file_is_a_document_of_its_own(tmp_path: Path) -> None:
    """Pages of different times may contain different values of the same object. The last one applies."""
    pages = [PAGE, PAGE | {"results": [agency(1, "Later"), agency(2)]}]
    (tmp_path / "array.json").write_text(json.dumps(pages))
    run(tmp_path)
    assert list(Agency.objects.order_by("pk").values_list("name", flat=True)) == ["Later", agency(2)["name"]]
    (tmp_path / "array.json").unlink()
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, reversed(pages))))
    run(tmp_path)
    assert Agency.objects.get(pk=1).name == agency(1)["name"]


@pytest.mark.django_db
def test_lines_with_the_same_object(tmp_path: Path) -> None:
    rows = [agency(1, "First"), agency(2, "First"), agency(1, "Later")]
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, rows)))
    run(tmp_path)
    assert dict(Agency.objects.values_list("pk", "name")) == {1: "Later", 2: "First"}


@pytest.mark.django_db
def test_errors_name_the_line_or_the_page(tmp_path: Path) -> None:
    bad = PAGE | {"results": [agency(1) | {"id": "x"}]}
    (tmp_path / "array.json").write_text(json.dumps([PAGE, bad]))
    (tmp_path / "lines.jsonl").write_text(f"{JSON}\n\n{json.dumps(bad)}")
    array, lines = run(tmp_path).splitlines()[-2:]
    assert array.startswith(f"{tmp_path / 'array.json'}: [1].results[0].id: A valid integer is required.")
    assert lines.startswith(f"{tmp_path / 'lines.jsonl'}: line 3.results[0].id: A valid integer is required.")
    with pytest.raises(CommandError) as refused:
        run(tmp_path, strict=True)
    assert str(refused.value).splitlines() == [
        *(line.removesuffix(" Not stored.") for line in (array, lines)),
        "Nothing was written.",
    ]


LINES = {
    "error response": {"detail": "Not found."},
    "error response in a capture": {"request": REQUEST, "body": {"detail": "Not found."}},
    "object of another kind": {"dependencies": {}},
    "no object": 8,
    "page without a list": {"results": 8},
}


@pytest.mark.django_db
@pytest.mark.parametrize("first", [True, False])
def test_lines_that_cannot_be_read_are_left_out(first: bool, tmp_path: Path) -> None:
    bad = [*LINES.values()]
    rows = [*bad, agency(1), agency(2)] if first else [agency(1), *bad, agency(2)]
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, rows)))
    lines = [line for line in run(tmp_path).splitlines() if line.endswith("Not stored.")]
    assert [line.split(": ")[1].split(".")[0] for line in lines] == [f"line {rows.index(row) + 1}" for row in bad]
    assert sorted(Agency.objects.values_list("pk", flat=True)) == [1, 2]
    with pytest.raises(CommandError, match=r"lines\.jsonl: line \d.* an error response .*\nNothing was written"):
        run(tmp_path, strict=True)


@pytest.mark.django_db
def test_captures_of_a_list_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    error = {"request": REQUEST, "body": {"detail": "Not found."}}
    (tmp_path / "captures.json").write_text(json.dumps([error, {"request": REQUEST, "body": PAGE}]))
    assert f"{tmp_path / 'captures.json'}: [0].body: Not a Launch Library response: it looks like" in run(tmp_path)
    assert Agency.objects.get().pk == 1


@pytest.mark.django_db
def test_lines_are_written_before_the_next_ones_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("documents", "batches"):
        monkeypatch.setattr(f"spacedb.ingest.{module}.MAX_BATCH", 2)
    stored: list[int] = []
    read = DocumentReader.read

    def record_count(reader: DocumentReader, parsed: ParsedObject) -> None:
        stored.append(Agency.objects.count())
        read(reader, parsed)

    monkeypatch.setattr(DocumentReader, "read", record_count)
    (tmp_path / "lines.jsonl").write_text("\n".join(json.dumps(agency(pk)) for pk in range(1, 6)))
    run(tmp_path)
    assert stored == [0, 0, 2, 2, 4]
    assert Agency.objects.count() == 5


@pytest.mark.django_db
def test_a_folder_skips_files_that_are_no_response(tmp_path: Path) -> None:
    (tmp_path / "agency.json").write_text(JSON)
    (tmp_path / "compressed.json.gz").write_bytes(gzip.compress(json.dumps(agency(2)).encode()))
    (tmp_path / "error.json").write_text('{"detail": "Request was throttled.\\u001b[2J"}')
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "folder.json" / "[b]package[.json").write_text('{"dependencies": {}}')
    (tmp_path / "README.md").write_text("# Captures")
    os.mkfifo(tmp_path / "pipe.json")
    out = run(tmp_path)
    assert sorted(Agency.objects.values_list("pk", flat=True)) == [1, 2]
    assert [line for line in out.splitlines() if line.startswith("Skipped")] == [
        f"Skipped {tmp_path / 'error.json'}: Not a Launch Library response: it looks like an error response "
        '("Request was throttled.\\u001b[2J"). Save the response to a successful request.',
        f"Skipped {tmp_path / 'folder.json' / '[b]package[.json'}: Not a Launch Library response: neither URL nor keys "
        "identify the endpoint of an object with the keys dependencies.",
        f"Skipped {tmp_path / 'pipe.json'}: Not a regular file. Use - to read from standard input.",
    ]
    with pytest.raises(CommandError, match="looks like an error response"):
        run(tmp_path, tmp_path / "error.json")


@pytest.mark.django_db
def test_a_folder_without_responses_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"dependencies": {}}')
    with pytest.raises(CommandError, match=r"package\.json: Not a Launch Library response: .*\nNothing was written\."):
        run(tmp_path)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "reason"),
    [("x" * 300, "File name too long"), ("nothing.json", "no such file or folder"), ("\udcff", "no such file or fo")],
)
def test_files_that_cannot_be_opened(name: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=reason) as refused:
        run(tmp_path / name)
    assert str(refused.value).encode()
    assert is_empty()
