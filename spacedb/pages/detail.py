"""An object as a page: its picture, its facts, and its lists as tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.safestring import SafeString

from spacedb.pages.formatting import DASH, MAX_TEXT, format_object, format_value, label, link, title_of
from spacedb.pages.links import Links
from spacedb.pages.pictures import PICTURE_KEYS
from spacedb.pages.tables import Table, build_table

ROWS_OF_TABLE = 20
"""The number of rows of a table on the page of an object."""

MAX_ROWS = 250
"""The number of rows of all tables on the page."""

MAX_SECTIONS = 20
"""The number of parts of the object with facts of their own."""

FACT_LENGTH = 500
"""Characters of a text in a part of the object. The texts of the object itself are longer."""

PROSE_LENGTH = 120
"""Characters. A longer text needs the width of the page."""

HIDDEN_KEYS = PICTURE_KEYS | {"url", "response_mode", "name", "slug"}
"""Keys that are not shown as facts: the heading shows the name, and the figure the picture."""

PLAIN_KEYS = frozenset({"id", "name", "abbrev", "description", "priority", "response_mode"})
"""An object with no other keys, such as a status, is shown by its name alone."""

MAX_KEYS = 120
"""The number of keys of an object that are shown. No serializer has as many."""

MAX_DEPTH = 3
"""How deep parts are nested."""


@dataclass(frozen=True)
class Fact:
    label: str
    value: SafeString
    is_text: bool = False
    """Whether the value is a text of several sentences."""


@dataclass
class Section:
    """An object, or a part of it."""

    title: str
    facts: list[Fact] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """The labels of the keys without a value."""
    tables: list[Table] = field(default_factory=list)
    parts: list["Section"] = field(default_factory=list)
    level: int = 1
    """The level of its heading."""

    @property
    def flat(self) -> Iterator["Section"]:
        """The section and all its parts, in the order of the page."""
        yield self
        for part in self.parts:
            yield from part.flat


class _Builder:
    """Builds the sections of a page, within its limits."""

    def __init__(self, links: Links) -> None:
        self.links = links
        self.rows_left = MAX_ROWS
        self.sections_left = MAX_SECTIONS

    def section(self, title: str, value: Mapping[str, Any], path: tuple[str, ...] = ()) -> Section:
        self.sections_left -= 1
        section = Section(title, level=min(len(path), 2) + 1)
        for key, item in islice(value.items(), MAX_KEYS):
            if item is None or item in ("", [], {}):
                section.missing.append(label(key))
            elif isinstance(item, list) and any(isinstance(each, dict) for each in item) and not _are_names(item):
                section.tables.append(self.table(key, item, (*path, key)))
            elif key in HIDDEN_KEYS or (path and key == "id"):
                continue
            elif isinstance(item, dict):
                self.add_object(section, key, item, (*path, key))
            else:
                length = FACT_LENGTH if path else MAX_TEXT
                is_text = isinstance(item, str) and len(item) > PROSE_LENGTH
                section.facts.append(Fact(label(key), format_value(item, self.links, key, length), is_text))
        return section

    def add_object(self, section: Section, key: str, item: Mapping[str, Any], path: tuple[str, ...]) -> None:
        """Add a related object as a fact; or as a part with facts of its own, if it has no page."""
        has_details = not item.keys() <= PLAIN_KEYS
        if self.links.resource(item.get("url")) or not has_details or not self.sections_left or len(path) > MAX_DEPTH:
            shown = format_object(item, self.links)
            if shown == DASH and has_details:
                shown = link(self.links.part(*path), "Show")
            section.facts.append(Fact(label(key), shown))
        else:
            name = title_of(item) if "name" in item else ""
            title = f"{label(key)}: {name}" if name else label(key)
            section.parts.append(self.section(title, item, path))

    def table(self, key: str, items: list[Any], path: tuple[str, ...]) -> Table:
        limit = min(ROWS_OF_TABLE, self.rows_left)
        table = build_table(label(key), items, self.links, limit=limit, more_url=self.links.part(*path))
        self.rows_left -= len(table.rows)
        return table


def _are_names(items: list[Any]) -> bool:
    """Whether a list contains only a few objects that are shown by their names, such as countries."""
    return len(items) <= 8 and all(
        isinstance(item, dict) and item.get("name") and (item.keys() <= PLAIN_KEYS or "alpha_3_code" in item)
        for item in items
    )


def build_section(title: str, value: Mapping[str, Any], links: Links) -> Section:
    """The section of an object with its parts, within the limits of a page."""
    return _Builder(links).section(title, value)
