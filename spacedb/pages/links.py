"""The links of pages: to the same page with other parameters, to pages of other objects, and to external sites."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from rest_framework.request import Request
from typing_extensions import override

VIEW_PARAM = "view"
"""The query parameter that selects how a page shows the result. The API ignores it, like all unknown parameters."""

DEFAULT_VIEW = "table"
VIEWS = (DEFAULT_VIEW, "json", "raw")

WEB_URL = re.compile(r"https?://[^\s\\\"]+")
"""A value that is a URL of the web."""

URL_IN_TEXT = re.compile(r"https?://[^\s\\\"<>']*[\w/#=-]")
"""A URL in a text, without the punctuation that follows it."""

OWN_PATH = re.compile(r"/(?![/\\\s])")
"""The start of a path. Browsers read `//` and `/\\` as the start of a host."""


@dataclass(frozen=True)
class Selection:
    """How a page shows the result: one of `VIEWS`, and the path of keys to the part that is shown (empty: all).

    In the URL it is `json`, or with a path `json/results/3/rocket`.
    """

    view: str = DEFAULT_VIEW
    path: tuple[str, ...] = ()

    @classmethod
    def parse(cls, value: str) -> "Selection":
        """The selection in a query parameter; the default view if it is none."""
        view, *path = value.split("/")
        return cls(view, tuple(path)) if view in VIEWS else cls()

    @override
    def __str__(self) -> str:
        return "/".join((self.view, *self.path))


def part_of(data: Any, path: Sequence[str]) -> Any:
    """The part of a JSON value at the end of a path of keys and indexes. Raises `LookupError` if there is none."""
    for key in path:
        if isinstance(data, list):
            if not (key.isascii() and key.isdigit()):
                raise LookupError(key)
            data = data[int(key[:10])]
        elif isinstance(data, dict):
            data = data[key]
        else:
            raise LookupError(key)
    return data


@dataclass(frozen=True)
class Links:
    """Builds the links of one page."""

    origin: str
    """The scheme and host of the page: `https://example.org`."""
    path: str
    """The path of the page."""
    query: Mapping[str, Sequence[str]]
    """The parameters of the page, with all values of each."""
    selection: Selection = Selection()

    def here(self, **changes: Any) -> str:
        """The URL of the same page with other parameters; None removes one."""
        query = {name: values for name, values in self.query.items() if name not in changes}
        query |= {name: [str(value)] for name, value in changes.items() if value is not None}
        return f"{self.path}?{urlencode(query, doseq=True)}" if query else self.path

    def part(self, *path: str, view: str | None = None) -> str:
        """The same page, which shows only a part of the result: the one at this path from the part shown now."""
        selection = Selection(view or self.selection.view, (*self.selection.path, *path))
        return self.here(**{VIEW_PARAM: selection})

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        """The parameters that a form on this page has to send again."""
        return [(name, value) for name, values in self.query.items() if name not in without for value in values]

    def resource(self, url: Any) -> str:
        """The page of a resource with this absolute URL, in the same view; empty if it is not one of this server."""
        if not isinstance(url, str) or not url.startswith(f"{self.origin}/"):
            return ""
        path = url.removeprefix(self.origin)
        return self.with_view(path) if OWN_PATH.match(path) else ""

    def with_view(self, url: str) -> str:
        """The URL of another page, with the view of this one."""
        if self.selection.view == DEFAULT_VIEW or f"{VIEW_PARAM}=" in url:
            return url
        return f"{url}{'&' if '?' in url else '?'}{VIEW_PARAM}={self.selection.view}"

    def target(self, url: str) -> str:
        """The target of a link to a URL of the web."""
        return self.resource(url) or url


def request_links(request: Request) -> Links:
    """The links of the page of a request."""
    selection = Selection.parse(request.query_params.get(VIEW_PARAM, ""))
    origin = request.build_absolute_uri("/").rstrip("/")
    return Links(origin, request.path, dict(request.query_params.lists()), selection)
