"""Lists of objects as tables: the picture, the name and a few columns of each object."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from spacedb.pages.formatting import (
    DATE,
    DURATION,
    MOMENT,
    NAMES,
    format_value,
    label,
    shorten,
    subject_key,
    title_of,
    value_at,
)
from spacedb.pages.links import WEB_URL, Links
from spacedb.pages.pictures import PICTURE_KEYS, Picture, picture_of

MAX_COLUMNS = 4
"""The number of columns beside the name."""

SAMPLE = 20
"""The number of objects from which columns are derived."""

CELL_LENGTH = 140
"""Characters of a text in a cell."""

HIDDEN_KEYS = PICTURE_KEYS | {"id", "url", "response_mode", "slug", *NAMES} - {"role"}
"""Keys that have no columns: the name of an object links to its page."""


@dataclass(frozen=True)
class Column:
    """A column: the path of its values in each object, such as `status.name`."""

    path: tuple[str, ...]
    label: str
    sort_url: str = ""
    """The page ordered by this column; empty if it cannot be."""
    direction: str = ""
    """`ascending` or `descending` if the page is ordered by this column."""

    def value_in(self, row: Mapping[str, Any]) -> Any:
        """The value of an object."""
        return value_at(row, self.path)


@dataclass(frozen=True)
class Row:
    """An object of a table."""

    title: str
    url: str
    picture: Picture | None
    cells: list[SafeString]


@dataclass(frozen=True)
class Table:
    """A table. `total` is the number of all objects; it shows those in `rows`."""

    caption: str
    name_column: Column
    columns: list[Column]
    rows: list[Row]
    total: int
    more_url: str = ""
    """The page with all objects, if the table does not show them."""
    has_pictures: bool = False


def build_table(
    caption: str,
    objects: Sequence[Any],
    links: Links,
    columns: Sequence[Column] = (),
    name_column: Column | None = None,
    title_paths: Sequence[str] = (),
    list_path: str = "",
    limit: int | None = None,
    more_url: str = "",
) -> Table:
    """The table of these objects, which are dicts; other items are left out.

    `title_paths` are the paths of the title of an object, if it is not its name. `list_path` is the path of the list
    that the objects belong to, for the links of objects without a URL.
    """
    items = [value for value in objects if isinstance(value, dict)]
    shown = items[:limit]
    columns = columns or derived_columns(shown)
    rows = [_row(item, columns, links, title_paths, list_path) for item in shown]
    return Table(
        caption,
        name_column or Column((), "Name"),
        list(columns),
        rows,
        len(objects),
        more_url if len(shown) < len(objects) else "",
        any(row.picture for row in rows),
    )


def _row(
    item: Mapping[str, Any], columns: Iterable[Column], links: Links, title_paths: Sequence[str], list_path: str
) -> Row:
    url = links.resource(item.get("url"))
    if not url and list_path and isinstance(item.get("id"), int | str):
        url = links.with_view(f"{list_path}{item['id']}/")
    elif not url and (key := subject_key(item)):
        url = links.resource(item[key].get("url"))
    cells = [format_value(column.value_in(item), links, column.path[-1], CELL_LENGTH) for column in columns]
    return Row(title_of(item, title_paths) or "Unnamed", url, picture_of(item), cells)


def derived_columns(objects: Sequence[Mapping[str, Any]]) -> list[Column]:
    """The columns that probably matter most: those with dates, names and numbers that differ."""
    ranks: dict[str, int] = {}
    subjects = {subject_key(item) for item in objects[:SAMPLE]}
    for item in objects[:SAMPLE]:
        for key, value in item.items():
            if key not in HIDDEN_KEYS and subjects != {key}:
                ranks[key] = max(ranks.get(key, 0), _rank(value))
    best = sorted((key for key, rank in ranks.items() if rank), key=lambda key: -ranks[key])[:MAX_COLUMNS]
    return [Column((key,), label(key)) for key in ranks if key in best]


def _rank(value: Any) -> int:
    """How much a value says about an object in a table: 0 (nothing) to 4."""
    match value:
        case {"name": str()} | {"role": str()}:
            return 4
        case str() if MOMENT.fullmatch(value) or DATE.fullmatch(value):
            return 4
        case str() if value and DURATION.fullmatch(value):
            return 3
        case str() if value and not WEB_URL.fullmatch(value):
            return 3 if len(value) <= 60 else 1
        case bool() | int() | float():
            return 2
        case [{"name": str()}, *_]:
            return 2
        case _:
            return 0


def declared_columns(paths: Iterable[str], objects: Sequence[Mapping[str, Any]]) -> list[Column]:
    """The columns of these paths that the representation has: each mode has other keys."""
    columns = []
    for path in paths:
        keys = tuple(path.split("."))
        labels = keys[:-1] if len(keys) > 1 and keys[-1] in NAMES else keys
        if any(_has(item, keys) for item in objects[:SAMPLE]):
            columns.append(Column(keys, label("_".join(labels[-2:]))))
    return columns


def _has(item: Any, keys: tuple[str, ...]) -> bool:
    """Whether an object has this path, or null on the way."""
    for key in keys:
        if not isinstance(item, dict) or key not in item:
            return False
        item = item[key]
        if item is None:
            return True
    return True


def with_ordering(
    columns: Iterable[Column], fields: Iterable[str], current: Sequence[str], links: Links
) -> Iterator[Column]:
    """The columns with links that order by them, where one of the ordering fields is the same path."""
    names = set(fields)
    for column in columns:
        path = "__".join(column.path)
        name = next((name for name in (path, f"{path}__name") if name in names), "")
        if not name:
            yield column
            continue
        direction = {name: "ascending", f"-{name}": "descending"}.get(current[0] if current else "", "")
        ordering = f"-{name}" if direction == "ascending" else name
        yield Column(column.path, column.label, links.here(ordering=ordering, offset=None), direction)


def ordering_choices(fields: Iterable[str]) -> list[tuple[str, str]]:
    """The values of `ordering` with their labels."""
    return [
        (f"{sign}{name}", f"{shorten(label(name), 50)}, {text}")
        for name in fields
        for sign, text in (("", "ascending"), ("-", "descending"))
    ]
