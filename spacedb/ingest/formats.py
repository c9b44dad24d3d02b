"""File formats: reads files, and finds the JSON documents in their content.

A file contains JSON in UTF-8, UTF-16 or UTF-32, JSON Lines, or responses with their status line and headers, copied
from the browsable API or written by `curl -i`. Each may be compressed by gzip.
"""

import gzip
import io
import json
import re
import stat
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import orjson

from spacedb.ingest.errors import DocumentError, NotAResponseError
from spacedb.ingest.garbage_collector import paused_garbage_collector
from spacedb.ingest.messages import shorten

SUFFIXES = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")
"""The names of the files that are read from a folder end with one of these."""

MAX_BYTES = 2**29
"""The maximum size of a file, before and after decompression."""

GZIP = b"\x1f\x8b"

SIGNATURES = {
    GZIP: "a gzip file within a gzip file. Decompress it once",
    b"PK\x03\x04": "a ZIP archive. Unpack it, and ingest the files in it",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive. Unpack it, and ingest the files in it",
    b"BZh": "a file compressed by bzip2. Decompress it, or compress it by gzip",
    b"\xfd7zXZ\x00": "a file compressed by xz. Decompress it, or compress it by gzip",
    b"\x28\xb5\x2f\xfd": "a file compressed by Zstandard. Decompress it, or compress it by gzip",
    b"SQLite format 3\x00": "an SQLite database. Save the responses of the API as JSON",
    b"%PDF-": "a PDF. Save the response of the API as JSON (?format=json)",
    b"\x89PNG": "an image. Save the response of the API as JSON (?format=json)",
    b"\xff\xd8\xff": "an image. Save the response of the API as JSON (?format=json)",
}
"""The first bytes of files that are often found beside JSON, and what to do with them."""

TAR_SIGNATURE, TAR_OFFSET = b"ustar", 257

MARKUP = re.compile(r"\s*<[!?a-zA-Z]")
STATUS_LINE = re.compile(r"^[ \t]*HTTP(?:/[0-9.]+)? ([0-9]{3})\b.*$", re.MULTILINE)
REQUEST_LINE = re.compile(r"^[ \t]*GET (/\S*)\s*$", re.MULTILINE)
BODY = re.compile(r"^[ \t]*([{\[<])", re.MULTILINE)
"""The beginning of the body: the first line that can be JSON or HTML."""
LITERALS = ("true", "false", "null")
ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
"""Possibly a half of a surrogate pair, which Python accepts and databases do not."""
NOT_CANONICAL = object()
SPACE = re.compile(r"[ \t\r\n]*")


class _InvalidValueError(ValueError):
    """A value that Python's parser accepts although JSON does not. The message completes "Not valid JSON: "."""


# --- Files ------------------------------------------------------------------------------------------------------------


def read_standard_input() -> bytes:
    """The content of standard input. Raises `DocumentError` if it is closed or too large."""
    if sys.stdin is None:  # the shell has closed it: `<&-`
        raise DocumentError("Standard input is closed.")
    return _read_limited(sys.stdin.buffer)


def read_file(path: Path) -> bytes:
    """The content of a regular file.

    Raises `DocumentError` for other kinds of files, which could block, and for files that are too large.
    """
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise NotAResponseError("A folder, not a file.")
    if not stat.S_ISREG(mode):
        raise NotAResponseError("Not a regular file. Use - to read from standard input.")
    with path.open("rb") as file:
        return _read_limited(file)


def _read_limited(file: BinaryIO | gzip.GzipFile, when: str = "") -> bytes:
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise DocumentError(f"More than {MAX_BYTES // 2**20} MB{when}. Split it into several files.")
    return content


def _decompress(content: bytes) -> bytes:
    """The content of a gzip file, which may have several members."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            return _read_limited(file, " after decompression")
    except EOFError as error:
        raise NotAResponseError("A gzip file that ends too early. Save it again.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise NotAResponseError("A damaged gzip file, or one with other data after its end. Save it again.") from error


# --- Documents --------------------------------------------------------------------------------------------------------


def documents_in(content: bytes) -> Iterable[tuple[str, object]]:
    """The documents in the content of a file, each with its path: one (`""`), or one for each line (`line 3`).

    JSON Lines are checked at once, and parsed again one by one as they are used, so that only one is in memory. Raises
    `NotAResponseError` with a message that says what the content looks like, and what to do.
    """
    if content.startswith(GZIP):
        content = _decompress(content)
    if (document := _canonical_document(content)) is not NOT_CANONICAL:
        return [("", document)]
    if _has_canonical_lines(content):
        return _canonical_lines(content)
    _refuse_signatures(content)
    text = _decode(content)
    if not text.strip():
        raise NotAResponseError("The file is empty.")
    if MARKUP.match(text):
        raise NotAResponseError(
            "Looks like a web page, saved as HTML. Save the response as JSON: add ?format=json to the URL."
        )
    if STATUS_LINE.search(text):
        return [("", _copied_response(text))]
    return _json_documents(text)


def parse(content: bytes) -> Any:
    """Parse one JSON document in UTF-8, UTF-16 or UTF-32. Raises `DocumentError` for anything else."""
    if (document := _canonical_document(content)) is not NOT_CANONICAL:
        return document
    text = _decode(content)
    (_, document), *others = _json_documents(text)
    if others:
        raise NotAResponseError("Not valid JSON: it contains several documents.")
    return document


def _canonical_document(content: bytes) -> object:
    """Parse JSON that orjson would write in the same bytes, apart from line breaks; otherwise return `NOT_CANONICAL`.

    Then no key occurs twice and no number was rounded. orjson is several times faster than Python's parser.
    """
    try:
        with paused_garbage_collector():
            document = orjson.loads(content)
        return document if orjson.dumps(document) == content.replace(b"\n", b"") else NOT_CANONICAL
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # the second one if it is nested too deeply
        return NOT_CANONICAL


def _has_canonical_lines(content: bytes) -> bool:
    """Whether the content is JSON Lines, each of them as `_canonical_document` accepts it."""
    return bool(content.strip()) and all(
        _canonical_document(line) is not NOT_CANONICAL for line in io.BytesIO(content) if line != b"\n"
    )


def _canonical_lines(content: bytes) -> Iterator[tuple[str, object]]:
    for number, line in enumerate(io.BytesIO(content), start=1):
        if line != b"\n":
            yield f"line {number}", orjson.loads(line)


def _refuse_signatures(content: bytes) -> None:
    looks_like = next((kind for start, kind in SIGNATURES.items() if content.startswith(start)), None)
    if content.startswith(TAR_SIGNATURE, TAR_OFFSET):
        looks_like = "a tar archive. Unpack it, and ingest the files in it"
    if looks_like:
        raise NotAResponseError(f"Looks like {looks_like}.")


def _decode(content: bytes) -> str:
    encoding = json.detect_encoding(content)
    try:
        text = content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise NotAResponseError(
            f"Not text in {encoding.upper()}: byte {error.start + 1} is invalid. Expected JSON in UTF-8 or UTF-16."
        ) from error
    if "\x00" in text:
        raise NotAResponseError("Looks like binary data. Expected JSON in UTF-8 or UTF-16.")
    return text


def _copied_response(text: str) -> object:
    """The body of a response with its status line and headers, as a capture if the text contains the request.

    Text before the status line and after the body is ignored: a page of the browsable API has titles and buttons.
    """
    first, *redirected = STATUS_LINE.finditer(text)
    body = BODY.search(text, first.end())
    if body is None or body[1] == "<":
        raise NotAResponseError(f"A response with the status {first[1]}, whose body is not JSON.")
    start = body.start(1)
    document, end = _parse_value(text, start)
    is_followed = text[_skip_space(text, end) :].startswith(("{", "["))
    if is_followed or any(status.start() > end for status in redirected):
        raise NotAResponseError("Looks like several responses in one file. Save each in a file of its own.")
    requests = REQUEST_LINE.findall(text, 0, first.start())
    return {"request": requests[-1], "body": document} if requests else document


def _json_documents(text: str) -> Iterable[tuple[str, object]]:
    """The document in the text, or those of JSON Lines: each within a line of its own."""
    values = _values(text)
    document, start, end = next(values)
    if _skip_space(text, end) == len(text):
        return [("", document)]
    count, are_lines = 1, "\n" not in text[start:end]
    for _, start, next_end in values:
        count += 1
        are_lines = are_lines and "\n" in text[end:start] and "\n" not in text[start:next_end]
        end = next_end
    if not are_lines:
        raise NotAResponseError(
            f"Looks like {count} JSON documents in one file. Write each into a file or a line of its own."
        )
    return _lines(text)


def _lines(text: str) -> Iterator[tuple[str, object]]:
    line, previous_end = 1, 0
    for document, start, end in _values(text):
        line, previous_end = line + text.count("\n", previous_end, start), end
        yield f"line {line}", document


def _values(text: str) -> Iterator[tuple[object, int, int]]:
    """The JSON values in the text, one or several, each with the positions of its start and its end."""
    start = _skip_space(text, 0)
    while True:
        value, end = _parse_value(text, start)
        yield value, start, end
        start = _skip_space(text, end)
        if start == len(text):
            return


def _parse_value(text: str, start: int) -> tuple[object, int]:
    """The JSON value that starts at this position, and the position of its end."""
    try:
        value, end = DECODER.raw_decode(text, start)
        if ESCAPED_SURROGATE.search(text, start, end):
            _refuse_surrogates(value)
    except (ValueError, RecursionError) as error:
        raise _json_error(text, start, error) from error
    return value, end


def _refuse_surrogates(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        excerpt = shorten(error.object[max(0, error.start - 20) : error.end])
        raise _InvalidValueError(f"half of a surrogate pair is not a character, at the end of {excerpt}") from error


def _skip_space(text: str, start: int) -> int:
    space = SPACE.match(text, start)
    assert space is not None  # it matches the empty string
    return space.end()


def _json_error(text: str, start: int, error: Exception) -> NotAResponseError:
    """Why the JSON value that starts at this position cannot be parsed."""
    match error:
        case json.JSONDecodeError(msg=message, pos=position, lineno=line, colno=column):
            excerpt = shorten(text[position : position + 40])
            rest = text[position:].rstrip()
            if message.startswith("Unterminated string") or any(name.startswith(rest) for name in LITERALS):
                reason = "it ends too early and is perhaps incomplete"
            elif position == start and text[:start].strip():
                reason = f"unexpected text after the end of the document, {excerpt}"
            else:
                reason = f"{message[0].lower()}{message[1:].removesuffix(' at')} at {excerpt}"
            reason += f" (line {line}, column {column})"
        case RecursionError():
            reason = "it is nested too deeply"
        case _InvalidValueError():
            reason = str(error)
        case _:
            reason = "a number has too many digits"
    return NotAResponseError(f"Not valid JSON: {reason}.")


def _object_with_unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    parsed = dict(pairs)
    if len(parsed) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        repeated = next(name for name, count in counts.items() if count > 1)
        raise _InvalidValueError(f"the key {shorten(repeated)} occurs twice in one object")
    return parsed


def _refuse_constant(name: str) -> NoReturn:
    raise _InvalidValueError(f"{name} is not a JSON value")


DECODER = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_object_with_unique_keys)
