"""Highlighted JSON: its text is the JSON, and what is folded can be reached."""

import html
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from spacedb.pages.json import highlight
from spacedb.pages.links import Links, Selection, part_of

LINKS = Links("https://host", "/things/", {"mode": ["list"], "view": ["json"]}, Selection("json"))
DATA = {
    "count": 2,
    "next": None,
    "results": [
        {"id": 1, "name": '<b>"A"</b> & \\ \n', "on": True, "empty": {}, "none": []},
        {"id": 2.5, "tags": ["a", ["b", {"c": -1e30}]], "url": "https://host/things/2/"},
    ],
}


def text_of(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


@pytest.mark.parametrize("data", [DATA, [], {}, None, "text", 1, [[1], []]])
def test_the_text_is_the_json(data: Any) -> None:
    assert json.loads(text_of(highlight(data, LINKS))) == data


@pytest.mark.parametrize("max_nodes", [10, 25, 40, 60])
def test_folded_parts_are_links(max_nodes: int) -> None:
    """Every link shows the part that it stands for."""
    markup = highlight(DATA, LINKS, max_nodes)
    targets = [html.unescape(target) for target in re.findall(r'href="(/things/\?.*?)"', markup)]
    folded = [parse_qs(urlsplit(target).query)["view"][0] for target in targets]
    assert folded
    for value in folded:
        selection = Selection.parse(value)
        assert isinstance(part_of(DATA, selection.path), dict | list)
        assert "mode=list" in targets[0]
    assert len(re.findall(r"<\w|>[^<]", markup)) <= max_nodes + 20


def test_long_texts_are_cut() -> None:
    markup = highlight({"text": "x" * 30_000}, LINKS)
    assert "… 10,000 more characters" in text_of(markup)
    assert "view=raw%2Ftext" in markup


def test_links_of_this_server_keep_the_view() -> None:
    assert '<a href="/things/2/?view=json">https://host/things/2/</a>' in highlight(DATA, LINKS)
    markup = highlight({"url": "https://hostile/", "text": "javascript:alert(1)"}, LINKS)
    assert re.findall(r'href="(.*?)"', markup) == ["https://hostile/"]
