"""Values as people read them."""

import re
from html import unescape
from typing import Any

import pytest

from spacedb.pages.formatting import format_value, label, title_of
from spacedb.pages.links import Links, Selection, part_of

LINKS = Links("https://host", "/2.3.0/things/", {}, Selection())


def text_of(markup: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", markup))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "\N{EN DASH}"),
        ("", "\N{EN DASH}"),
        ([], "\N{EN DASH}"),
        (True, "Yes"),
        (False, "No"),
        (0, "0"),
        (1234567, "1,234,567"),
        (1234.5, "1,234.5"),
        (12742000.0, "12,742,000"),
        (5.972168e24, "5.972168e+24"),
        ("2024-05-01T12:30:00Z", "2024-05-01 12:30 UTC"),
        ("2024-05-01T12:30:05.123Z", "2024-05-01 12:30:05 UTC"),
        ("2024-05-01", "2024-05-01"),
        ("P3DT4H5M6S", "3 d 4 h"),
        ("PT59M6S", "59 min 6 s"),
        ("-P1D", "\N{MINUS SIGN}1 d"),
        ("P0D", "0"),
        ("P", "P"),
        ("PT", "PT"),
        ("Pad", "Pad"),
        ("https://www.example.com/a/b/?c=d", "example.com/a/b"),
        ("<b>&", "<b>&"),
        ({"id": 1, "name": "Active"}, "Active"),
        ({"id": 7}, "No. 7"),
        ({"id": 7, "role": "Pilot"}, "Pilot"),
        ([{"name": "France"}, {"name": "Germany"}], "France, Germany"),
        (["a"] * 10, "a, a, a, a, a, a, a, a, and 2 more"),
    ],
)
def test_values(value: Any, text: str) -> None:
    assert text_of(format_value(value, LINKS)) == text


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("launch_cost", "62000000", "$62,000,000"),
        ("cost", 1500, "$1,500"),
        ("founding_year", 1958, "1958"),
        ("id", 1000000001, "1000000001"),
    ],
)
def test_values_that_the_key_explains(key: str, value: Any, text: str) -> None:
    assert text_of(format_value(value, LINKS, key)) == text


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("https://example.com/?a=1&b=2", "https://example.com/?a=1&amp;b=2"),
        ({"name": "A", "url": "https://host/2.3.0/agencies/1/"}, "/2.3.0/agencies/1/"),
        ({"name": "A", "url": "https://host.example/1/"}, ""),
        ({"name": "A", "url": "https://host//evil.example/"}, ""),
        ({"name": "A", "url": "https://host/\\evil.example/"}, ""),
        ({"name": "A", "url": "javascript:alert(1)"}, ""),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        (" https://example.com", "https://example.com"),
        ('https://example.com/"onclick="x', "https://example.com/"),
    ],
)
def test_links(value: Any, target: str) -> None:
    assert re.findall(r'href="(.*?)"', format_value(value, LINKS)) == ([target] if target else [])
    assert "<script" not in format_value("<script>", LINKS)


def test_labels() -> None:
    assert label("net_precision") == "NET precision"
    assert label("spacecraft_config__name") == "Spacecraft configuration name"
    assert label("vid_urls") == "Video links"
    assert label("infourl_types") == "Info link types"


def test_titles() -> None:
    assert title_of({"id": 1, "name": "A", "launch": {"name": "B"}}) == "A"
    assert title_of({"id": 1, "status": {"name": "C"}, "launch": {"name": "B"}}) == "B"
    assert title_of({"id": 1, "name": "A", "launch": {"name": "B"}}, ["mission.name", "launch.name"]) == "B"
    assert title_of({"id": 1}) == "No. 1"
    assert title_of({}) == ""
    assert len(title_of({"name": "x" * 1000})) == 120


def test_parts_of_a_result() -> None:
    data = {"a": [{"b": 1}]}
    assert part_of(data, ()) is data
    assert part_of(data, ("a", "0", "b")) == 1
    for path in (("b",), ("a", "1"), ("a", "-1"), ("a", "x"), ("a", "0", "b", "c"), ("a", "9" * 50), ("a", "²")):
        with pytest.raises(LookupError):
            part_of(data, path)
