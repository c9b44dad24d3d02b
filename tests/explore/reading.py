"""Requests pages as a browser, and reads them as a person does: their text, links and sections."""

import html
import re

from django.test import Client

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def request_page(url: str, status: int = 200) -> str:
    """Return the HTML of a page."""
    response = Client(headers=HTML).get(url)
    assert (response.status_code, response["Content-Type"]) == (status, "text/html; charset=utf-8")
    return response.text


def text_of(page: str) -> str:
    """The text of a page or a section, with single spaces. Without the header of the page."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page.rpartition("<main")[2].partition(">")[2])).split())


def urls_in(page: str) -> list[str]:
    """The URLs of the links."""
    return [html.unescape(url) for url in re.findall(r'<a [^>]*?href="([^"]*)"', page)]


def url_of(page: str, label: str) -> str:
    """The URL of the link with this label."""
    urls = {html.unescape(url) for url in re.findall(rf'<a [^>]*?href="([^"]*)"[^>]*>{re.escape(label)}</a>', page)}
    assert len(urls) == 1, (label, urls)
    return urls.pop()


def section(page: str, name: str) -> str:
    """The HTML of the section that the element with this id labels."""
    [content] = re.findall(rf'<section[^>]*aria-labelledby="{name}".*?(?=<section aria|</main>)', page, re.DOTALL)
    return f"<main>{content}"


def nodes(page: str) -> int:
    """The number of elements."""
    return len(re.findall(r"<[a-zA-Z]", page))
