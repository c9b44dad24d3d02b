"""Requests as the event loop sees them: complete or not, with which headers, and how expensive they may be."""

import re
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

MAX_HEAD = 64 * 1024
"""Maximum size of the request line and the headers, in bytes. Gunicorn limits the size of each line."""

MAX_ADMIN_BODY = 2_621_440
"""Maximum size of the body of a request to the admin, in bytes: Django's default of `DATA_UPLOAD_MAX_MEMORY_SIZE`."""

MAX_BODY = 64 * 1024
"""Maximum size of the body of another request, in bytes. The API ignores it."""

FORMATS = {"text/csv": "csv", "text/calendar": "ics", "application/geo+json": "geojson"}
"""The media types of the formats besides JSON and HTML."""

ALL_BITS = 100
"""Stands for the bit length of `limit=all`, with which CSV contains all objects. No number has so many bits."""

END_OF_HEAD = b"\r\n\r\n"

REQUEST_LINE = re.compile(rb"\S+ (?:https?://[^/ ?]*)?(/?[^ ?]*)\??(\S*)", re.IGNORECASE)
BODY_HEADER = re.compile(rb"\r\n(?:(transfer-encoding)|content-length):[ \t]*([^\r\n]*)", re.IGNORECASE)
HOST_HEADER = re.compile(rb"\r\nhost[ \t]*:", re.IGNORECASE)
ID = re.compile(r"(?<=/)(?:\d+|[0-9a-f-]{36})(?=/|$)", re.IGNORECASE)


class BadRequest(Exception):
    """A request that is rejected before it is complete."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def complete_head(received: bytearray) -> bytes:
    """Return the request line and the headers with the empty line after them, or no bytes if they are incomplete.

    Raises `BadRequest` if they are too long, if a line ends without a carriage return, or if there is no `Host`.
    """
    end = received.find(END_OF_HEAD)
    if end >= 0:
        head = bytes(received[: end + len(END_OF_HEAD)])
        if b" HTTP/1.1\r\n" in head and not HOST_HEADER.search(head):
            raise BadRequest(HTTPStatus.BAD_REQUEST, "A request of HTTP/1.1 must have a Host header.")
        return head
    line_end = received.find(b"\n")
    if line_end >= 0 and received[line_end - 1 : line_end] != b"\r":
        raise BadRequest(HTTPStatus.BAD_REQUEST, "The lines of a request must end with CR LF.")
    if len(received) > MAX_HEAD:
        if line_end < 0:
            raise BadRequest(HTTPStatus.REQUEST_URI_TOO_LONG, f"The URL is longer than {MAX_HEAD} bytes.")
        detail = f"The headers are longer than {MAX_HEAD} bytes."
        raise BadRequest(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail)
    return b""


def body_length(head: bytes, max_length: int) -> int:
    """Return the length of the body in bytes.

    Raises `BadRequest` if the body is longer than `max_length`, or if its length is not specified.
    """
    if not (match := BODY_HEADER.search(head)):
        return 0
    transfer_encoding, text = match.groups()
    if transfer_encoding:
        detail = "A request with a body must have a Content-Length. Transfer-Encoding is not supported."
        raise BadRequest(HTTPStatus.LENGTH_REQUIRED, detail)
    # Gunicorn must read the same length, or else the rest would be another request.
    if not re.fullmatch(rb"[0-9]{1,18}", text.strip(b" \t")):
        raise BadRequest(HTTPStatus.BAD_REQUEST, "Content-Length is not a number.")
    if (length := int(text)) > max_length:
        raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The request body is longer than {max_length} bytes.")
    return length


def header(head: bytes, name: str) -> str:
    """Return the values of a header, separated by commas; an empty string if the request does not have it."""
    return b",".join(_header_pattern(name).findall(head)).decode("latin-1").strip()


@lru_cache
def _header_pattern(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"\r\n" + re.escape(name).encode() + rb":([^\r\n]*)", re.IGNORECASE)


def accepts_html(head: bytes) -> bool:
    return "text/html" in header(head, "Accept")


class Shape(NamedTuple):
    """What the cost of a request depends on. Numbers are reduced to their bit length."""

    path: str
    """With `*` in place of ids."""
    is_html: bool = False
    search_terms: int = 0
    limit: int = 0
    offset: int = 0
    mode: str = ""
    is_ordered: bool = False
    is_filtered: bool = False
    output_format: str = ""
    """One of `FORMATS`; empty for JSON and HTML."""

    @property
    def is_admin(self) -> bool:
        return self.path.startswith("/admin")

    @property
    def may_be_expensive(self) -> bool:
        """Whether requests are expensive until their cost is measured.

        These are searches, lists with all objects, and long pages with many details.
        """
        is_detailed = self.is_html or self.mode == "detailed"
        return self.search_terms > 0 or self.limit == ALL_BITS or (self.limit > 4 and is_detailed)


def request_shape(head: bytes) -> Shape:
    """Return the shape of a request, given its request line and headers."""
    match = REQUEST_LINE.match(head)
    path, query = (match[1].decode("latin-1"), match[2].decode("latin-1")) if match else ("", "")
    accept = header(head, "Accept")
    accepted_format = next((name for media_type, name in FORMATS.items() if media_type in accept), "")
    return _shape(path, query, "text/html" in accept, accepted_format)


@lru_cache(maxsize=1000)
def _shape(path: str, query: str, is_page: bool, accepted_format: str) -> Shape:
    from spacedb.caching.paths import canonical_path

    path, media_type = canonical_path(unquote(path))
    is_page = is_page and not media_type
    parameters = dict(parse_qsl(query)) if query else {}
    mode = parameters.pop("mode", "")
    output_format = parameters.pop("format", "")
    limit = parameters.pop("limit", "")
    other_format = output_format if output_format in FORMATS.values() else "" if output_format else accepted_format
    terms = re.findall(r"[^\s,]+", parameters.pop("search", "") + " " + parameters.pop("q", ""))
    return Shape(
        path=ID.sub("*", path),
        is_html=output_format == "api" or media_type == "text/html" or (is_page and not output_format),
        search_terms=len(terms).bit_length(),
        limit=ALL_BITS if (other_format, limit) == ("csv", "all") else _bit_length(limit),
        offset=_bit_length(parameters.pop("offset", "")),
        mode=mode if mode in ("list", "detailed") else "",
        is_ordered=bool(parameters.pop("ordering", "")),
        is_filtered=bool(parameters),
        output_format=other_format,
    )


def _bit_length(text: str) -> int:
    """The number of bits of a number, which is parsed as REST framework does; 0 for other texts."""
    try:
        return max(0, int(text[:20])).bit_length()
    except ValueError:
        return 0
