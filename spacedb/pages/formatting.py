"""Values of JSON as people read them: dates, durations, numbers, names. All functions return escaped HTML."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any
from urllib.parse import urlsplit

from django.utils.safestring import SafeString, mark_safe

from spacedb.pages.links import URL_IN_TEXT, WEB_URL, Links

DASH = mark_safe('<span class="muted">\N{EN DASH}</span>')
"""Stands for null and for an empty text."""

MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(?:\.\d+)?Z")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
DURATION = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?")

WORDS = {
    "abbrev": "abbreviation",
    "api": "API",
    "config": "configuration",
    "eva": "EVA",
    "failreason": "failure reason",
    "flightclub": "Flight Club",
    "geo": "GEO",
    "gto": "GTO",
    "holdreason": "hold reason",
    "id": "id",
    "infourl": "info link",
    "leo": "LEO",
    "lsp": "launch service provider",
    "net": "NET",
    "secs": "seconds",
    "sso": "SSO",
    "url": "URL",
    "urls": "links",
    "vid": "video",
    "vidurl": "video link",
    "wiki": "Wikipedia",
}
"""Words in keys that labels spell differently."""

MONEY = ("cost", "launch_cost")
"""Keys of amounts in US dollars."""

NAMES = ("name", "title", "full_name", "serial_number", "role", "comment")
"""Keys of the name of an object, the best one first."""

NO_SUBJECTS = frozenset({"image", "infographic", "language", "role", "status", "type"})
"""Keys of objects that do not give their name to the object that refers to them."""

MAX_TEXT = 4000
"""Characters of a text that a page shows. Its JSON shows more."""


def label(key: str) -> str:
    """A key as a label: `net_precision` is `NET precision`."""
    text = " ".join(WORDS.get(word, word) for word in key.replace("__", "_").split("_") if word)
    return text[:1].upper() + text[1:]


def name_of(value: Mapping[str, Any], depth: int = 2) -> str:
    """The name of an object: its own, or that of the object that it refers to first; empty if there is none."""
    for key in NAMES:
        if isinstance(name := value.get(key), str) and name.strip():
            return name.strip()
    key = subject_key(value, depth)
    return name_of(value[key], depth - 1) if key else ""


def subject_key(value: Mapping[str, Any], depth: int = 2) -> str:
    """The key of the object that gives its name to an object without a name; empty if the object has a name."""
    if depth and not any(isinstance(value.get(key), str) and value[key].strip() for key in NAMES):
        for key, related in value.items():
            if isinstance(related, dict) and key not in NO_SUBJECTS and name_of(related, depth - 1):
                return key
    return ""


def title_of(value: Mapping[str, Any], paths: Iterable[str] = ()) -> str:
    """The title of an object: the value of the first of these paths that it has, its name, or else its id."""
    for path in paths:
        if isinstance(name := value_at(value, path.split(".")), str) and name.strip():
            return shorten(name.strip(), 120)
    if name := name_of(value):
        return shorten(name, 120)
    return f"No. {value['id']}" if value.get("id") is not None else ""


def value_at(value: Any, path: Iterable[str]) -> Any:
    """The value at the end of a path of keys; None if it is null, or anything on the path is."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def shorten(text: str, length: int) -> str:
    """A text of at most this many characters."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def link(target: str, text: str) -> SafeString:
    """A link. The target must be a path of this server or a URL of the web."""
    external = "" if target.startswith("/") else ' rel="nofollow"'
    return mark_safe(f'<a href="{escape(target)}"{external}>{escape(text)}</a>')


def format_value(value: Any, links: Links, key: str = "", length: int = MAX_TEXT) -> SafeString:
    """A value as HTML; texts have at most `length` characters. Amounts of money and years are recognized by the key."""
    if value is None or value in ("", [], {}):
        return DASH
    match value:
        case bool():
            return mark_safe("Yes" if value else "No")
        case int() | float():
            return mark_safe(format_number(value, key))
        case str():
            return _format_text(value, links, key, length)
        case dict():
            return format_object(value, links, length)
        case list():
            shown = [format_value(item, links, key, length) for item in value[:8]]
            more = [f"and {len(value) - 8} more"] if len(value) > 8 else []
            return mark_safe(", ".join([*shown, *more]))
        case _:
            raise TypeError(f"{type(value).__name__} is not a type of JSON.")


def format_object(value: Mapping[str, Any], links: Links, length: int = MAX_TEXT) -> SafeString:
    """An object by its name, with a link to its page if it has one."""
    name = shorten(title_of(value), length)
    target = links.resource(value.get("url"))
    if target:
        return link(target, name or target)
    if not name and isinstance(url := value.get("url"), str):
        return format_value(url, links, length=length)
    return mark_safe(escape(name)) if name else DASH


def format_number(value: float, key: str = "") -> str:
    """A number with thousands separators, unless it is a year or an id."""
    if key in MONEY:
        return f"${value:,}"
    if key in ("id", "year") or key.endswith(("_year", "_id")):
        return str(value)
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return f"{int(value):,}"
        return f"{value:,}" if 1e-4 <= abs(value) < 1e15 else str(value)
    return f"{value:,}"


def format_duration(text: str) -> str:
    """An ISO 8601 duration with its two largest units, such as `3 d 4 h`; empty if the text is none."""
    match = DURATION.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        return ""
    sign, *numbers = match.groups()
    units = [(int(number or 0), unit) for number, unit in zip(numbers, ("d", "h", "min", "s"), strict=True)]
    parts = [(number, unit) for number, unit in units if number][:2]
    return ("\N{MINUS SIGN}" if sign else "") + (" ".join(f"{number:,} {unit}" for number, unit in parts) or "0")


def _format_text(text: str, links: Links, key: str, length: int) -> SafeString:
    if moment := MOMENT.fullmatch(text):
        date, time, seconds = moment.groups()
        seconds = "" if seconds in (None, ":00") else seconds
        return mark_safe(f'<time datetime="{text}">{date} {time}{seconds} UTC</time>')
    if DATE.fullmatch(text):
        return mark_safe(f'<time datetime="{text}">{text}</time>')
    if duration := format_duration(text):
        return mark_safe(f'<time datetime="{text}" title="{text}">{duration}</time>')
    if WEB_URL.fullmatch(text):
        return link(links.target(text), shorten(_short_url(text), min(length, 80)))
    if key in MONEY and text.isascii() and text.isdigit() and len(text) < 16:
        return mark_safe(format_number(int(text), key))
    return linked_text(shorten(text, length), links)


def _short_url(url: str) -> str:
    """A URL without its scheme and query."""
    try:
        parts = urlsplit(url)
    except ValueError:  # such as an unclosed bracket
        return url
    return f"{parts.netloc}{parts.path}".rstrip("/").removeprefix("www.") or url


def linked_text(text: str, links: Links) -> SafeString:
    """A text in which URLs are links."""
    if "://" not in text:
        return mark_safe(escape(text, quote=False))
    parts, position = [], 0
    for match in URL_IN_TEXT.finditer(text):
        parts += [escape(text[position : match.start()], quote=False), link(links.target(match[0]), match[0])]
        position = match.end()
    return mark_safe("".join([*parts, escape(text[position:], quote=False)]))
