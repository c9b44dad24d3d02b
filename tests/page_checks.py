"""What a page may load, run and link to, according to its HTML and its content security policy."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from typing_extensions import override

EVENT_HANDLER = re.compile(r"on[a-z]+")


class PageParser(HTMLParser):
    """Collects the inline scripts and styles of a page, and its URLs."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inline_scripts: list[str] = []
        self.styles: list[str] = []
        self.sources: list[str] = []
        self.images: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    @override
    def handle_starttag(self, tag: str, attributes: Any) -> None:
        values = {name: value or "" for name, value in attributes}
        self.inline_scripts += [f"{name}={value}" for name, value in values.items() if EVENT_HANDLER.fullmatch(name)]
        if tag == "script" and "src" not in values and values.get("type") != "application/json":
            self.inline_scripts.append(self.get_starttag_text() or "")
        if tag == "style":
            self.styles.append(self.get_starttag_text() or "")
        self.styles += [values["style"]] if "style" in values else []
        if tag in ("script", "iframe", "source", "object", "embed"):
            self.sources += [values[name] for name in ("src", "data") if name in values]
        if tag == "img":
            self.images.append(values["src"])
        if tag == "link":
            self.sources.append(values["href"])
        elif tag != "base":
            self.links += [values[name] for name in ("href", "action", "formaction") if name in values]


def unsafe_link(link: str) -> bool:
    """Whether a link has another scheme than those of the web and of mail, as browsers read it."""
    link = re.sub(r"[\t\n\r]", "", link).lstrip("".join(map(chr, range(33))))
    scheme = urljoin("https://host/", link).partition(":")[0].lower()
    return scheme not in ("http", "https", "mailto") or bool(re.match(r"(?i)(javascript|data|vbscript):", link))


def check_page(response: Any) -> None:
    """Check that a browser shows a page without a violation of its policy, and that its links are harmless."""
    assert response["Content-Type"].startswith("text/html")
    policy = dict(directive.split(" ", 1) for directive in response["Content-Security-Policy"].split("; "))
    assert "'unsafe-inline'" not in policy["default-src"] + policy.get("script-src", "")
    assert (policy["object-src"], policy["base-uri"], policy["frame-ancestors"]) == ("'none'",) * 3
    assert policy["form-action"] == "'self'"
    assert "camera=()" in response["Permissions-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    page = PageParser(response.text)
    assert page.inline_scripts == []
    assert page.styles == []
    assert [url for url in page.sources if not url.startswith(("/", "data:"))] == []
    image_sources = tuple(policy["img-src"].replace("'self'", "/").split())
    assert [url for url in page.images if not url.startswith(image_sources)] == []
    assert [link for link in page.links if unsafe_link(link)] == []


MAX_BYTES = 1_000_000
MAX_NODES = 20_000
"""The limits of every page: the bytes of its HTML, and the nodes (elements and texts) of its document."""


def nodes_of(html: str) -> int:
    """Return the number of elements and texts of a page, as a browser counts them."""
    return len(re.findall(r"<[a-zA-Z!]", html)) + len(re.findall(r">[^<]+(?=<)", html))


def check_size(html: str) -> None:
    """Check that a page is within the limits."""
    assert len(html.encode()) <= MAX_BYTES
    assert nodes_of(html) <= MAX_NODES
