"""The pages for browsers: the documentation, Swagger UI and ReDoc."""

import re
from functools import cache
from typing import Any
from urllib.parse import urljoin

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils.html import escape

from spacedb.rest.versions import versions
from spacedb.web.views import topics

VERSIONS = tuple(versions())
HTML = {"accept": "text/html"}
PAGES = ["/docs/", *(f"/{number}/{page}/" for number in VERSIONS for page in ("swagger", "redoc"))]
PAGES += [f"/docs/{topic}/" for topic in topics()]

pytestmark = pytest.mark.vendor_neutral


@cache
def status_of(url: str) -> int:
    """Return the status of a page. It is cached: many pages have the same links."""
    return Client().get(url).status_code


@pytest.mark.parametrize("page", PAGES)
def test_pages_load_nothing_from_elsewhere(client: Client, page: str) -> None:
    response = client.get(page, headers=HTML)
    assert response.status_code == 200
    html = response.content.decode()
    loaded = re.findall(r'<(?:script|link|img|iframe|source)[^>]*? (?:src|href)="([^"]*)"', html)
    assert "/static/pages/site.css" in loaded
    for url in loaded:
        assert url.startswith(("/static/", "data:"))
        assert url.startswith("data:") or finders.find(url.removeprefix("/static/")), url
    assert not re.search(r"@import|url\(", html)


def test_static_files_are_served_without_a_web_server(client: Client, settings: Any) -> None:
    settings.WHITENOISE_AUTOREFRESH = False  # as in production
    response = client.get("/static/pages/site.css")
    assert (response.status_code, response["Content-Type"]) == (200, 'text/css; charset="utf-8"')
    assert b"{" in b"".join(response)
    assert client.get("/static/web/nothing.css").status_code == 404


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.django_db
def test_links_of_pages_work(client: Client, page: str) -> None:
    html = client.get(page, headers=HTML).content.decode()
    for url in re.findall(r'<a [^>]*?href="([^"]*)"', html):
        if not url.startswith(("http:", "https:", "#")):
            assert status_of(urljoin(page, url).partition("#")[0]) in {200, 302}, url


def test_404_for_an_unknown_topic(client: Client) -> None:
    assert client.get("/docs/nothing/").status_code == 404


@pytest.mark.parametrize(
    "accept", ["*; q=.2", "text/html;q=x", "nonsense", ",", "text/html, image/gif, *; q=.2, */*; q=.2"]
)
@pytest.mark.django_db
def test_health_accepts_malformed_media_types(client: Client, accept: str) -> None:
    """Java sends the last one by default."""
    response = client.get("/health/", headers={"accept": accept})
    assert response.status_code == 200
    assert response["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("url", ["", "https://example.com/help?a=1&b=2", "mailto:help@example.com"])
def test_pages_link_to_the_support_of_the_server(client: Client, settings: Any, url: str) -> None:
    settings.SUPPORT_URL = url
    page = client.get("/docs/", headers=HTML).text
    assert re.findall(r'<a href="([^"]*)">Support', page) == ([escape(url)] if url else [])
