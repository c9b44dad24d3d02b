"""The page that a browser gets: help as upstream's, the answer with its headers and links, a form for the filters."""

import html
import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pytest
from django.test import Client

from spacedb.rest.help_text import sectioned_help_text
from tests.endpoints import data_of, endpoints

LISTS = sorted(endpoints())
HTML = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}  # as browsers do

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("catalogue"), pytest.mark.vendor_neutral]


def shown(markup: str) -> str:
    """What a reader sees of it."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def lines(markup: str) -> list[str]:
    return [line.strip() for line in shown(markup).splitlines() if line.strip()]


def part(page: str, start: str, end: str) -> str:
    return page.split(start, 1)[1].split(end, 1)[0]


def help_of(page: str) -> str:
    return part(page, '<div class="help">', "</div>")


def answer_of(page: str) -> str:
    return part(part(page, 'class="response-info"', "</div>"), ">", "</pre>")


@cache
def page_of(url: str) -> Any:
    """The response that a browser gets, requested once for all tests: none of them changes the catalogue."""
    return Client().get(url, headers=HTML)


@cache
def one_of(path: str) -> str:
    """The URL of the first object of a list."""
    return f"{path}{Client().get(path, {'limit': 1}).json()['results'][0]['id']}/"


@cache
def is_served(url: str) -> bool:
    response = Client().get(url)
    if response.status_code == 200 and url.endswith(".css"):
        style = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
        links = re.findall(r"url\([\"']?(?!data:)([^\"')?#]+)", style)
        return all(Client().get(urljoin(url, link)).status_code == 200 for link in links)
    return response.status_code == 200


# --- Help -------------------------------------------------------------------------------------------------------------

DOCUMENTS = [
    "v2.3.0_spacecraft_flights_358.json",
    "v2.3.0_spacecraft_ordering-flights_count_offset-410.json",
    "v2.3.0_spacecraft_ordering-minus-time_docked_offset-500.json",
    "v2.3.0_spacecraft_ordering-time_in_space_offset-580.json",
]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_help_is_upstreams(client: Client, reference: Path, settings: Any, name: str) -> None:
    document = json.loads((reference / "documents" / name).read_text())
    recorded = [line for line in document["help"].splitlines() if line]
    # The recordings lost the one heading `Search`, which the official OpenAPI document has before this line.
    if (fields := "Fields searched - name, spacecraft_config__name") in recorded:
        recorded.insert(recorded.index(fields), "Search")
    settings.ALLOWED_HOSTS = [".thespacedevs.com"]
    host = document["host"].removeprefix("https://")
    response = client.get(document["request"], secure=True, headers={"host": host})
    assert lines(help_of(response.text)) == recorded
    assert f'href="https://{host}/docs/"' in response.text


@pytest.mark.parametrize("path", LISTS)
def test_help_is_the_official_description(reference: Path, path: str) -> None:
    """Where the links lead differs: `./?…` there, which a detail page cannot use, the whole path here."""
    official = json.loads((reference / "openapi-2.3.0.json").read_text())["paths"]
    if path not in official:
        pytest.skip(f"{path} is not of the version that the document describes")

    def without_targets(text: str) -> str:
        return re.sub(r"(\[[^]]*\])\([^)]*\)", r"\1", text).strip()

    ours = sectioned_help_text(endpoints()[path](), "https://ll.thespacedevs.com", path)
    for of in (path, f"{path}{{id}}/"):
        assert without_targets(ours) == without_targets(official[of]["get"]["description"])


def sections(path: str) -> list[str]:
    view = endpoints()[path]
    if not path.startswith("/2.3.0/"):
        has = {
            "GET": True,
            "MODE": len(view.modes) > 1,
            "FILTERS": bool(view.filter_names()),
            "SEARCH EXAMPLE": bool(view.search_fields),
            "ORDERING": bool(view.ordering_fields),
        }
        return [title for title, there in has.items() if there]
    has = {
        "Modes": len(view.modes) > 1,
        "Filters": bool(view.filter_names()),
        "Search": bool(view.search_fields),
        "Ordering": bool(view.ordering_fields),
    }
    return [title for title, there in has.items() if there] + ["Number of results", "Format", "Help"]


@pytest.mark.parametrize("path", LISTS)
def test_sections_are_those_with_content(path: str) -> None:
    for url in (path, one_of(path)):
        titles = re.findall(r"<h4>(.*?)</h4>|<p>([A-Z ]+):", help_of(page_of(url).text))
        assert ["".join(title) for title in titles] == sections(path)


def test_flights_have_neither_search_nor_ordering() -> None:
    assert sections("/2.3.0/spacecraft_flights/")[:3] == ["Modes", "Filters", "Number of results"]


@pytest.mark.parametrize("path", LISTS)
def test_links_of_the_help_resolve(client: Client, path: str) -> None:
    markup = help_of(page_of(path).text)
    links = [html.unescape(link) for link in re.findall(r'href="(.*?)"', markup)]
    assert len(links) == len(set(sections(path)) - {"GET"})
    for link in links:
        assert client.get(link).status_code == 200, link


# --- The answer -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LISTS)
def test_answer_is_shown_with_its_headers(path: str) -> None:
    for url in (f"{path}?format=api&mode=detailed&limit=4", f"{one_of(path)}?format=api"):
        response = page_of(url)
        head, _, body = shown(answer_of(response.text)).strip().partition("\n\n")
        assert head.splitlines() == ["HTTP 200 OK", "Allow: GET", "Content-Type: application/json", "Vary: Accept"]
        assert json.loads(body) == data_of(response)


def addresses(answer: Any) -> set[str]:
    """Every web address that is a value somewhere in an answer."""
    if isinstance(answer, dict | list):
        values = answer.values() if isinstance(answer, dict) else answer
        return {address for value in values for address in addresses(value)}
    return {answer} if isinstance(answer, str) and re.match("https?://", answer) else set()


@pytest.mark.parametrize("path", LISTS)
def test_addresses_in_the_answer_are_links(path: str) -> None:
    response = page_of(f"{path}?format=api&mode=detailed&limit=4")
    links = re.findall(r'<a href="(.*?)"[^>]*>(.*?)</a>', answer_of(response.text))
    assert addresses(data_of(response)) == {html.unescape(text) for _, text in links}
    assert links or "/config/" in path
    assert all(unquote(html.unescape(target)) == unquote(html.unescape(text)) for target, text in links)


@pytest.mark.parametrize("path", LISTS)
def test_every_filter_is_a_field(path: str) -> None:
    view = endpoints()[path]
    page = page_of(path).text
    dialog = page.split('id="filtersModal"', 1)[1].split("<script", 1)[0]
    fields = re.findall(r'<(?:input|select)[^>]* name="(.*?)"', dialog)
    assert sorted(fields) == sorted([*view.filter_names(), *(["search"] if view.search_fields else [])])
    ordered = {
        html.unescape(link).split("ordering=")[1] for link in re.findall(r'href="(\?.*?|.*?ordering=.*?)"', dialog)
    }
    assert ordered == {sign + name for name in view.ordering_fields for sign in ("", "-")}
    assert not any("[invalid name]" in label for label in re.findall(r"<label.*?</label>", dialog))
    assert 'id="filtersModal"' not in page_of(one_of(path)).text


def test_fields_hold_what_was_asked(client: Client) -> None:
    page = client.get("/2.3.0/agencies/", {"featured": "True", "name": '"><b>', "search": "<i>"}, headers=HTML).text
    assert '<option value="true" selected>' in page
    assert 'value="&quot;&gt;&lt;b&gt;"' in page
    assert 'value="&lt;i&gt;"' in page


# --- The page itself --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*LISTS, "/2.3.0/", "/nothing/"])
def test_everything_it_needs_is_served_here(path: str) -> None:
    assets = re.findall(r'<(?:link|script|img)[^>]* (?:href|src)="(.*?)"', page_of(path).text)
    assert len(assets) >= 5
    assert [asset for asset in assets if not is_served(asset)] == []


@pytest.mark.parametrize(
    "path", ["/2.3.0/", *LISTS, "/2.3.0/spacecraft/36/", "/nothing/", "/2.3.0/spacecraft/?status=x"]
)
def test_no_cookie(client: Client, path: str) -> None:
    assert client.get(path).cookies == {}
    assert page_of(path).cookies == {}


def test_a_browser_gets_the_page_and_a_program_json(client: Client) -> None:
    json_, page = "application/json", "text/html; charset=utf-8"
    for query, program, browser in (("", json_, page), ("?format=json", json_, json_), ("?format=api", page, page)):
        for headers, kind in (({}, program), ({"accept": "*/*"}, program), (HTML, browser)):
            response = client.get(f"/2.3.0/spacecraft/{query}", headers=headers)
            assert response["content-type"] == kind, (query, headers)
            assert "Accept" in response["vary"]
