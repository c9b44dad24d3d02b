"""JSON as HTML: highlighted, with links, and foldable.

The number of nodes is limited. What exceeds the limit is folded, and is a link to a page that shows that part alone.
"""

from collections import deque
from collections.abc import Iterator
from html import escape
from typing import Any

import orjson
from django.utils.safestring import SafeString, mark_safe

from spacedb.pages.formatting import link
from spacedb.pages.links import URL_IN_TEXT, WEB_URL, Links

MAX_NODES = 14_000
"""The approximate number of nodes (elements and texts) of the JSON on a page."""
MAX_LENGTH = 400_000
"""The approximate length of the JSON on a page."""
MAX_TEXT = 20_000
"""Characters of a text. A longer one is cut, with a link to all of it."""

NODES_OF_CONTAINER = 7
NODES_OF_VALUE = 5
LENGTH_OF_LINE = 50
"""Characters of the markup and the indentation of a value, about."""


def highlight(data: Any, links: Links, max_nodes: int = MAX_NODES, max_length: int = MAX_LENGTH) -> SafeString:
    """The JSON of `data`. Its text is valid JSON, unless a part is folded."""
    shown = _shown_items(data, max_nodes, max_length)
    parts: list[str] = []
    _write(data, (), "", "", parts, shown, links)
    return mark_safe("".join(parts))


def _shown_items(data: Any, max_nodes: int, max_length: int) -> dict[int, int]:
    """How many items of each list and object are shown, by its `id()`. Outer ones are unfolded before inner ones."""
    shown: dict[int, int] = {}
    queue = deque([data] if isinstance(data, dict | list) else [])
    while queue:
        container = queue.popleft()
        count = 0
        for key, value in _items(container):
            is_container = isinstance(value, dict | list)
            length = len(key) + LENGTH_OF_LINE
            nodes = NODES_OF_CONTAINER if is_container else NODES_OF_VALUE
            if isinstance(value, str):
                length += min(len(value), MAX_TEXT) + 5 * (value.count("<") + value.count("&"))
                if "://" in value:
                    urls = value.count("://")
                    nodes, length = nodes + 3 * urls, length + len(value) + 30 * urls
            if nodes > max_nodes or length > max_length:
                queue.clear()
                break
            max_nodes, max_length, count = max_nodes - nodes, max_length - length, count + 1
            if is_container and value:
                queue.append(value)
        shown[id(container)] = count
    return shown


def _items(container: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(container, dict):
        yield from container.items()
    else:
        yield from ((str(index), value) for index, value in enumerate(container))


def _write(
    value: Any, path: tuple[str, ...], before: str, after: str, parts: list[str], shown: dict[int, int], links: Links
) -> None:
    """Append a value, between the texts `before` (the indentation and the key) and `after` (a comma and a newline)."""
    if not isinstance(value, dict | list) or not value:
        parts += [before, _scalar(value, path, links), after]
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    size = f"{len(value)} {('key' if isinstance(value, dict) else 'item') + ('s' if len(value) > 1 else '')}"
    count = shown.get(id(value), 0)
    if not count:
        parts += [before, link(links.part(*path, view="json"), f"{opening} {size} {closing}"), after]
        return
    indent = "  " * len(path)
    parts.append(f'<details open><summary data-size="{size} {closing}">{before}{opening}</summary>')
    is_object, last = isinstance(value, dict), len(value)
    for position, (key, item) in enumerate(_items(value), start=1):
        if position > count:
            more = link(links.part(*path, view="raw"), f"… {last - count:,} more")
            parts.append(f"{indent}  {more}\n")
            break
        name = f"<span>{_quoted(key)}</span>: " if is_object else ""
        _write(item, (*path, key), f"{indent}  {name}", ",\n" if position < last else "\n", parts, shown, links)
    parts.append(f"{indent}{closing}{after}</details>")


def _quoted(text: str) -> str:
    return escape(orjson.dumps(text).decode(), quote=False)


def _scalar(value: Any, path: tuple[str, ...], links: Links) -> str:
    if not isinstance(value, str):
        return f"<b>{escape(orjson.dumps(value).decode())}</b>"
    if WEB_URL.fullmatch(value) and len(value) <= MAX_TEXT:
        return f'"{link(links.target(value), value)}"'
    cut = value[:MAX_TEXT]
    more = "" if cut == value else link(links.part(*path, view="raw"), f"… {len(value) - MAX_TEXT:,} more characters")
    if "://" not in cut:
        return _quoted(cut) + more
    written, position = [], 0
    for match in URL_IN_TEXT.finditer(cut):
        written += [_quoted(cut[position : match.start()])[1:-1], link(links.target(match[0]), match[0])]
        position = match.end()
    return f'"{"".join(written)}{_quoted(cut[position:])[1:-1]}"{more}'
