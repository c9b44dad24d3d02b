"""Helpers of the tests of the starter catalogue."""

import json
from pathlib import Path
from typing import Any

from django.test import Client

from tests.datasets import FIXTURES
from tests.endpoints import endpoints

UPSTREAM = "https://ll.thespacedevs.com"
EXCERPTS = [path for path in FIXTURES if path.parent.name == "excerpts"]
"""Documents of objects with some of their keys. Other documents contain more of what is nested in them."""
VOCABULARIES = [path for path in FIXTURES if path not in EXCERPTS and "request" in json.loads(path.read_text())]
"""Documents that are complete lists, of objects with some of their keys."""
CATALOGUE = [path for path in FIXTURES if path not in EXCERPTS and path not in VOCABULARIES]
"""Documents of objects with all of their keys."""


def objects_of(path: Path) -> list[Any]:
    document = json.loads(path.read_text())
    return list(document.get("results", [document.get("body", document)]))


def get_json(client: Client, url: str) -> Any:
    """Return the JSON at a URL of Launch Library, with its host in all URLs."""
    response = client.get(url.removeprefix(UPSTREAM))
    assert response.status_code == 200, url
    return json.loads(response.content.replace(b"http://testserver", UPSTREAM.encode()))


def objects(client: Client, url: str) -> list[Any]:
    """Return the objects of all pages of a list."""
    found, page = [], get_json(client, url)
    while page["next"]:
        found += page["results"]
        page = get_json(client, page["next"])
    return found + list(page["results"])


def everything(client: Client) -> dict[str, Any]:
    """Return all objects of the newest version by endpoint, detailed."""
    return {
        path: objects(client, f"{path}?mode=detailed&limit=100")
        for path, view in sorted(endpoints().items())
        if path.startswith("/2.3.0/") and "detailed" in view.modes
    }
