"""The page of the root of an API version: its endpoints in groups."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spacedb.pages.formatting import label
from spacedb.pages.navigation import MenuLink
from spacedb.rest.versions import Version
from spacedb.rest.viewsets import ReadOnlyViewSet, SingleObjectViewSet

CONFIG = "config/"
"""The prefix of endpoints of short lists, such as the statuses of launches."""


@dataclass
class EndpointEntry:
    """An endpoint, with the endpoints below it: `launches` with `launches/upcoming`."""

    label: str
    name: str
    url: str
    description: str = ""
    children: list[MenuLink] = field(default_factory=list)


def root_context(version: Version, urls: Mapping[str, str]) -> dict[str, Any]:
    """The context of the page. `urls` are the URLs of all endpoints by name, as the root returns them."""
    entries = {
        name: EndpointEntry(
            label(name.removeprefix(CONFIG).replace("/", "_").replace("-", "_")), name, url, _description(version, name)
        )
        for name, url in urls.items()
        if not _parent(name, urls)
    }
    for name, url in urls.items():
        if parent := _parent(name, urls):
            entries[parent].children.append(MenuLink(label(name.removeprefix(f"{parent}/")), url))
    lists = [entry for entry in entries.values() if entry.name.startswith(CONFIG)]
    return {
        "title": f"Launch Library {version.number}",
        "groups": [
            ("Resources", [entry for entry in entries.values() if entry not in lists]),
            ("Types, statuses and other short lists", lists),
        ],
    }


def _parent(name: str, names: Mapping[str, str]) -> str:
    parent = name.rpartition("/")[0]
    return parent if parent in names else ""


def _description(version: Version, name: str) -> str:
    """The first sentence of the docstring of the model of a list, or of another view."""
    view: Any = version.endpoints.get(name)
    is_list = issubclass(view, ReadOnlyViewSet) and not issubclass(view, SingleObjectViewSet)
    docstring = inspect.getdoc(view.queryset.model if is_list else view) or ""
    return docstring.partition("\n\n")[0].replace("\n", " ").partition(". ")[0].rstrip(".")
