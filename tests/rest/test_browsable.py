"""The browsable API: the help text as in Launch Library, the response with its headers and links, and the filters."""

import html
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pytest
from django.test import Client

from spacedb.rest.help_text import sectioned_help_text
from tests.endpoints import data_of, endpoints

LISTS = sorted(endpoints())
HTML = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}  # as browsers send it

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("catalogue")]


def visible_text(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def lines(markup: str) -> list[str]:
    return [line.strip() for line in visible_text(markup).splitlines() if line.strip()]


def between(page: str, start: str, end: str) -> str:
    return page.split(start, 1)[1].split(end, 1)[0]


def help_of(page: str) -> str:
    return between(page, '<div class="help">', "</div>")


def response_info(page: str) -> str:
    return between(between(page, 'class="response-info"', "</div>"), ">", "</pre>")


def detail_of(client: Client, path: str) -> str:
    """The path of the first object in a list."""
    return f"{path}{client.get(path).json()['results'][0]['id']}/"


# --- Help texts -------------------------------------------------------------------------------------------------------

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
    # The documents lack the heading `Search`, which the official OpenAPI document has before this line.
    if (fields := "Fields searched - name, spacecraft_config__name") in recorded:
        recorded.insert(recorded.index(fields), "Search")
    settings.ALLOWED_HOSTS = [".thespacedevs.com"]
    host = document["host"].removeprefix("https://")
    response = client.get(document["request"], secure=True, headers={"host": host})
    assert lines(help_of(response.text)) == recorded
    assert f'href="https://{host}/docs/"' in response.text


@pytest.mark.parametrize("path", LISTS)
def test_help_is_the_official_description(reference: Path, path: str) -> None:
    """Except for the targets of links: `./?…` there, which does not work on a detail page, and absolute paths here."""
    official = json.loads((reference / "openapi-2.3.0.json").read_text())["paths"]
    if path not in official:
        pytest.skip(f"{path} is an endpoint of another version")

    def without_targets(text: str) -> str:
        return re.sub(r"(\[[^]]*\])\([^)]*\)", r"\1", text).strip()

    ours = sectioned_help_text(endpoints()[path](), "https://ll.thespacedevs.com", path)
    for operation_path in (path, f"{path}{{id}}/"):
        assert without_targets(ours) == without_targets(official[operation_path]["get"]["description"])


def sections(path: str) -> list[str]:
    """The headings that the help text should have."""
    view = endpoints()[path]
    if not path.startswith("/2.3.0/"):
        has = {
            "GET": True,
            "MODE": len(view.modes) > 1,
            "FILTERS": bool(view.filter_names()),
            "SEARCH EXAMPLE": bool(view.search_fields),
            "ORDERING": bool(view.ordering_fields),
        }
        return [title for title, is_present in has.items() if is_present]
    has = {
        "Modes": len(view.modes) > 1,
        "Filters": bool(view.filter_names()),
        "Search": bool(view.search_fields),
        "Ordering": bool(view.ordering_fields),
    }
    return [title for title, is_present in has.items() if is_present] + ["Number of results", "Format", "Help"]


@pytest.mark.parametrize("path", LISTS)
def test_help_has_a_section_for_each_feature_of_the_view(client: Client, path: str) -> None:
    for url in (path, detail_of(client, path)):
        titles = re.findall(r"<h4>(.*?)</h4>|<p>([A-Z ]+):", help_of(client.get(url, headers=HTML).text))
        assert ["".join(title) for title in titles] == sections(path)


def test_flights_have_no_search_and_no_ordering() -> None:
    assert sections("/2.3.0/spacecraft_flights/")[:3] == ["Modes", "Filters", "Number of results"]


@pytest.mark.parametrize("path", LISTS)
def test_links_of_the_help_resolve(client: Client, path: str) -> None:
    markup = help_of(client.get(path, headers=HTML).text)
    links = [html.unescape(link) for link in re.findall(r'href="(.*?)"', markup)]
    assert len(links) == len(set(sections(path)) - {"GET"})
    for link in links:
        assert client.get(link, headers=HTML).status_code == 200, link


# --- The response -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LISTS)
def test_response_is_shown_with_its_headers(client: Client, path: str) -> None:
    for url in (f"{path}?format=api&mode=detailed&limit=20", f"{detail_of(client, path)}?format=api"):
        response = client.get(url)
        head, _, body = visible_text(response_info(response.text)).strip().partition("\n\n")
        assert head.splitlines() == ["HTTP 200 OK", "Allow: GET", "Content-Type: application/json", "Vary: Accept"]
        assert json.loads(body) == data_of(response)


def urls_in(data: Any) -> set[str]:
    """All URLs among the values of JSON data."""
    if isinstance(data, dict | list):
        values = data.values() if isinstance(data, dict) else data
        return {url for value in values for url in urls_in(value)}
    return {data} if isinstance(data, str) and re.match("https?://", data) else set()


@pytest.mark.parametrize("path", LISTS)
def test_urls_in_the_response_are_links(client: Client, path: str) -> None:
    response = client.get(f"{path}?format=api&mode=detailed&limit=30")
    links = re.findall(r'<a href="(.*?)"[^>]*>(.*?)</a>', response_info(response.text))
    assert urls_in(data_of(response)) == {html.unescape(text) for _, text in links}
    assert links or "/config/" in path
    assert all(unquote(html.unescape(target)) == unquote(html.unescape(text)) for target, text in links)


@pytest.mark.parametrize("path", LISTS)
def test_the_dialog_has_every_filter_and_ordering(client: Client, path: str) -> None:
    view = endpoints()[path]
    page = client.get(path, headers=HTML).text
    dialog = page.split('id="filtersModal"', 1)[1].split("<script", 1)[0]
    fields = re.findall(r'<(?:input|select)[^>]* name="(.*?)"', dialog)
    assert sorted(fields) == sorted([*view.filter_names(), *(["search"] if view.search_fields else [])])
    orderings = {
        html.unescape(link).split("ordering=")[1] for link in re.findall(r'href="(\?.*?|.*?ordering=.*?)"', dialog)
    }
    assert orderings == {sign + name for name in view.ordering_fields for sign in ("", "-")}
    assert not any("[invalid name]" in label for label in re.findall(r"<label.*?</label>", dialog))
    assert 'id="filtersModal"' not in client.get(detail_of(client, path), headers=HTML).text


def test_the_dialog_contains_the_values_of_the_request(client: Client) -> None:
    page = client.get("/2.3.0/agencies/", {"featured": "True", "name": '"><b>', "search": "<i>"}, headers=HTML).text
    assert '<option value="true" selected>' in page
    assert 'value="&quot;&gt;&lt;b&gt;"' in page
    assert 'value="&lt;i&gt;"' in page


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*LISTS, "/2.3.0/", "/nothing/"])
def test_assets_are_served_by_this_server(client: Client, path: str) -> None:
    page = client.get(path, headers=HTML).text
    assets = re.findall(r'<(?:link|script|img)[^>]* (?:href|src)="(.*?)"', page)
    assert len(assets) >= 5
    for asset in assets:
        served = client.get(asset)
        assert served.status_code == 200, asset
        if asset.endswith(".css"):
            style = b"".join(served.streaming_content).decode()  # type: ignore[attr-defined]
            for link in re.findall(r"url\([\"']?(?!data:)([^\"')?#]+)", style):
                assert client.get(urljoin(asset, link)).status_code == 200, link


@pytest.mark.parametrize(
    "path", ["/2.3.0/", *LISTS, "/2.3.0/spacecraft/36/", "/nothing/", "/2.3.0/spacecraft/?status=x"]
)
@pytest.mark.parametrize("headers", [{}, HTML], ids=["other client", "browser"])
def test_no_cookie(client: Client, path: str, headers: dict[str, str]) -> None:
    assert client.get(path, headers=headers).cookies == {}


def test_browsers_get_a_page_and_other_clients_json(client: Client) -> None:
    json_, page = "application/json", "text/html; charset=utf-8"
    for query, default, in_browser in (("", json_, page), ("?format=json", json_, json_), ("?format=api", page, page)):
        for headers, content_type in (({}, default), ({"accept": "*/*"}, default), (HTML, in_browser)):
            response = client.get(f"/2.3.0/spacecraft/{query}", headers=headers)
            assert response["content-type"] == content_type, (query, headers)
            assert "Accept" in response["vary"]
