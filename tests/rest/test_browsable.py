"""The browsable API: help texts like those of Launch Library, the response with headers and links, and filter forms.

`tests/pages` checks the rest of the pages.
"""

import html
import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pytest
from django.test import Client

from agencies.models import Agency
from spacedb.pages.json import highlight
from spacedb.pages.links import Links, Selection
from spacedb.rest.help_text import sectioned_help_text
from spacedb.rest.ordering import orderable_fields
from tests.endpoints import data_of, distinct_endpoints, endpoints

LISTS = sorted(distinct_endpoints())
HTML = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}  # as browsers do

LINK = re.compile(r'<a href="(.*?)"[^>]*>(.*?)</a>')

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("catalogue"), pytest.mark.vendor_neutral]


def text_of(markup: str) -> str:
    """Return the text without tags."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def lines(markup: str) -> list[str]:
    return [line.strip() for line in text_of(markup).splitlines() if line.strip()]


def part(page: str, start: str, end: str) -> str:
    return page.split(start, 1)[1].split(end, 1)[0]


def help_of(page: str) -> str:
    return part(page, '<div class="help">', "</div>")


def response_of(page: str) -> str:
    """Return the response in the raw view."""
    return part(part(page, '<pre class="raw"', "</pre>"), ">", "</pre>")


def json_of(page: str) -> str:
    """Return the highlighted JSON."""
    return part(part(page, '<div class="json"', "</div>"), ">", "</div>")


@cache
def page_of(url: str) -> Any:
    """Return the response for a browser. It is cached, as no test changes the catalogue."""
    return Client().get(url, headers=HTML)


def list_url(path: str) -> str:
    """Return the URL of a short page of a list."""
    return f"{path}?format=api&limit=2&mode=detailed"


@cache
def detail_url(path: str) -> str:
    """Return the URL of the first object of a list."""
    return f"{path}{Client().get(path, {'limit': 1}).json()['results'][0]['id']}/?format=api"


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
def test_help_is_that_of_launch_library(client: Client, reference: Path, settings: Any, name: str) -> None:
    document = json.loads((reference / "documents" / name).read_text())
    recorded = [line for line in document["help"].splitlines() if line]
    # The recordings lack the heading `Search`, which the official OpenAPI document has before this line.
    if (fields := "Fields searched - name, spacecraft_config__name") in recorded:
        recorded.insert(recorded.index(fields), "Search")
    settings.ALLOWED_HOSTS = [".thespacedevs.com"]
    host = document["host"].removeprefix("https://")
    response = client.get(document["request"], secure=True, headers={"host": host})
    assert lines(help_of(response.text)) == recorded
    assert f'href="https://{host}/docs/"' in response.text


LATER_FILTERS_OF_EVENTS = ["date__lt", "expedition__ids", "launch__ids", "program__ids", "spacestation__ids"]
LATER_FILTERS = {
    "/2.3.0/docking_events/": ["docked"],
    "/2.3.0/events/": LATER_FILTERS_OF_EVENTS,
    "/2.3.0/events/previous/": LATER_FILTERS_OF_EVENTS,
    "/2.3.0/events/upcoming/": LATER_FILTERS_OF_EVENTS,
    "/2.3.0/expeditions/": ["is_active"],
    "/2.3.0/launches/": ["mission__agency__ids"],
    "/2.3.0/launches/upcoming/": ["mission__agency__ids"],
    "/2.3.0/locations/": ["active"],
    "/2.3.0/pads/": ["active"],
}


@pytest.mark.parametrize("path", [path for path in endpoints() if path.startswith("/2.3.0/")])
def test_help_is_the_official_description(reference: Path, path: str) -> None:
    """Link targets differ: `./?…` in the document, which does not work on detail pages, and full paths here.

    The official texts lack the filters that were added last.
    """
    official = json.loads((reference / "live" / "openapi-2.3.0.json").read_text())["paths"]
    if path not in official:
        pytest.skip(f"{path} is not an endpoint of the official document")

    def without_targets(text: str) -> str:
        return re.sub(r"(\[[^]]*\])\([^)]*\)", r"\1", text).strip()

    ours = sectioned_help_text(endpoints()[path](), "https://ll.thespacedevs.com", path)
    for name in LATER_FILTERS.get(path, ()):
        assert f"`{name}`, " in ours
        ours = ours.replace(f"`{name}`, ", "")
    for operation in (path, f"{path}{{id}}/"):
        # The official text of events names a filter that the parameters of the same document do not have.
        theirs = official[operation]["get"]["description"].replace("`date__gt__lt`, ", "")
        assert without_targets(ours) == without_targets(theirs)


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
        return [title for title, present in has.items() if present]
    has = {
        "Modes": len(view.modes) > 1,
        "Filters": bool(view.filter_names()),
        "Search": bool(view.search_fields),
        "Ordering": bool(view.ordering_fields),
    }
    return [title for title, present in has.items() if present] + ["Number of results", "Format", "Help"]


@pytest.mark.parametrize("path", LISTS)
def test_sections_are_those_with_content(path: str) -> None:
    for url in (list_url(path), detail_url(path)):
        titles = re.findall(r"<h3>(.*?)</h3>|<p>([A-Z ]+):", help_of(page_of(url).text))
        assert ["".join(title) for title in titles] == sections(path)


def test_flights_have_neither_search_nor_ordering() -> None:
    assert sections("/2.3.0/spacecraft_flights/")[:3] == ["Modes", "Filters", "Number of results"]


@pytest.mark.parametrize("path", LISTS)
def test_links_of_the_help_resolve(client: Client, path: str) -> None:
    markup = help_of(page_of(list_url(path)).text)
    links = [html.unescape(link) for link in re.findall(r'href="(.*?)"', markup)]
    assert len(links) == len(set(sections(path)) - {"GET"})
    for link in links:
        assert client.get(link).status_code == 200, link


# --- The response -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LISTS)
def test_response_is_shown_with_its_headers(path: str) -> None:
    for url in (f"{path}?format=api&limit=1&view=raw", f"{detail_url(path)}&view=raw"):
        response = page_of(url)
        head, _, body = text_of(response_of(response.text)).strip().partition("\n\n")
        lines_of_head = [f"GET {url}", "HTTP 200 OK", "Allow: GET", "Content-Type: application/json", "Vary: Accept"]
        assert head.splitlines() == lines_of_head
        assert json.loads(body) == data_of(response)


def urls_in(data: Any) -> set[str]:
    """Return all absolute URLs among the values of a response."""
    if isinstance(data, dict | list):
        values = data.values() if isinstance(data, dict) else data
        return {url for value in values for url in urls_in(value)}
    return {data} if isinstance(data, str) and re.match("https?://", data) else set()


def test_urls_in_texts_are_links(client: Client) -> None:
    """Without the punctuation that follows them, and with everything escaped."""
    text = """See https://x.example/a?b=1&c=2, (http://y.example/z). <b>"https://q.example/"</b>'s ftp://no.example"""
    Agency.objects.create(pk=9000, name="https://n.example/(1)", description=text)
    page = client.get("/2.3.0/agencies/9000/?format=api&view=json").text
    links = re.findall(r'<a href="(https?://[a-z]\..*?)" rel="nofollow">(.*?)</a>', json_of(page))
    assert [html.unescape(target) for target, _ in links] == [
        "https://n.example/(1)",
        "https://x.example/a?b=1&c=2",
        "http://y.example/z",
        "https://q.example/",
    ]
    assert all(html.unescape(target) == html.unescape(shown) for target, shown in links)
    assert "<b>&quot;" not in page
    assert '<b>"' not in page
    assert json.loads(text_of(json_of(page)))["description"] == text


@pytest.mark.parametrize("indent", [1, 2, 3, 4])
def test_indented_json(client: Client, indent: int) -> None:
    for path in ("/2.3.0/", "/2.3.0/agencies/?limit=3&mode=detailed"):
        response = client.get(path, headers={"accept": f"application/json; indent={indent}"})
        assert response.text == json.dumps(client.get(path).json(), indent=indent, ensure_ascii=False)


@pytest.mark.parametrize("path", LISTS)
def test_urls_in_the_response_are_links(path: str) -> None:
    """Those of this server lead to pages with the same view."""
    data = data_of(page_of(list_url(path)))
    markup = highlight(data, Links("http://testserver", path, {}, Selection("json")), 10**9, 10**9)
    assert json.loads(text_of(markup)) == data
    links = [(html.unescape(target), html.unescape(text)) for target, text in LINK.findall(markup)]
    assert urls_in(data) == {text for _, text in links}
    assert links or "/config/" in path
    for target, text in links:
        expected = text.removeprefix("http://testserver")
        if expected != text and "view=json" not in expected:
            expected += "&view=json"
        assert unquote(target) == unquote(expected)


@pytest.mark.parametrize("path", LISTS)
def test_every_order_is_a_choice_and_assets_are_served(path: str) -> None:
    view = endpoints()[path]
    page = page_of(list_url(path)).text
    undeclared = view.ordering_fields is None
    names = orderable_fields(view.serializer_for("detailed")) if undeclared else view.ordering_fields or ()
    orders = {sign + name for name in names for sign in ("", "-")}
    choices = part(page, '<select name="ordering"', "</select>") if orders else ""
    assert set(re.findall(r'<option value="([^"]+)"', choices)) == orders
    assert ('name="ordering"' in page) == bool(orders)
    check_assets_and_cookies(list_url(path))


# --- The page ---------------------------------------------------------------------------------------------------------


def check_assets_and_cookies(url: str) -> None:
    """Check that this server serves all assets of a page, and that the page sets no cookie."""
    response = page_of(url)
    assets = re.findall(r'<(?:link|script)[^>]* (?:href|src)="(.*?)"', response.text)
    assert len(assets) >= 2
    assert [asset for asset in assets if not is_served(asset)] == []
    assert response.cookies == {}


@pytest.mark.parametrize(
    "url", ["/2.3.0/", "/2.3.0/spacecraft/36/", "/nothing/", "/2.3.0/nothing/", "/2.3.0/spacecraft/?status=x"]
)
def test_other_pages_have_the_same_assets_and_no_cookie(url: str) -> None:
    check_assets_and_cookies(url)


def test_default_format_is_html_for_browsers_and_json_for_other_clients(client: Client) -> None:
    json_, page = "application/json", "text/html; charset=utf-8"
    for query, program, browser in (("", json_, page), ("?format=json", json_, json_), ("?format=api", page, page)):
        for headers, kind in (({}, program), ({"accept": "*/*"}, program), (HTML, browser)):
            response = client.get(f"/2.3.0/spacecraft/{query}", headers=headers)
            assert response["content-type"] == kind, (query, headers)
            assert "Accept" in response["vary"]
