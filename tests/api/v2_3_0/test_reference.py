"""Recorded responses of Launch Library are served identically after they are ingested into an empty database."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from spacedb.ingest.ingest import ingest
from tests.endpoints import data_of

DOCUMENTS = (
    "v2.3.0_spacecraft_flights_358.json",
    "v2.3.0_spacecraft_ordering-flights_count_offset-410.json",
    "v2.3.0_spacecraft_ordering-minus-time_docked_offset-500.json",
    "v2.3.0_spacecraft_ordering-time_in_space_offset-580.json",
)
FLIGHTS = "v2.3.0_spacecraft_flights_limit-100.json"

pytestmark = pytest.mark.django_db


def get_data(client: Client, url: str) -> Any:
    """Return the data of the response to an absolute URL."""
    parts = urlsplit(url)
    response = client.get(f"{parts.path}?{parts.query}", secure=True, headers={"host": parts.netloc})
    assert response.status_code == 200, response.content
    return data_of(response)


def identical(ours: Any, theirs: Any) -> bool:
    """Return whether the values are equal, with keys in the same order and numbers of the same type."""
    return json.dumps(ours) == json.dumps(theirs)


@pytest.fixture(autouse=True)
def upstream_hosts(settings: Any) -> None:
    settings.ALLOWED_HOSTS = [".thespacedevs.com"]


def body_of(path: Path) -> Any:
    document = json.loads(path.read_text())
    return document.get("body", document)


def objects_of(body: Any) -> list[Any]:
    return list(body.get("results", [body]))


def every_object(client: Client, listing: str) -> dict[int, Any]:
    """Return all objects of a list by id, from all pages."""
    by_id: dict[int, Any] = {}
    url = listing
    while url:
        page = get_data(client, url)
        by_id |= {row["id"]: row for row in page["results"]}
        url = page["next"]
    return by_id


@pytest.mark.parametrize("name", [f"documents/{name}" for name in DOCUMENTS] + [f"captures/{FLIGHTS}"])
def test_every_object_is_served_identically(client: Client, reference: Path, name: str) -> None:
    body = body_of(reference / name)
    ingest([(name, body)])
    theirs = objects_of(body)
    parts = urlsplit(theirs[0]["url"])
    endpoint = "/".join(parts.path.split("/")[:3])
    query = f"mode={theirs[0]['response_mode']}" + (f"&{parts.query}" if parts.query else "")
    if "results" in body:
        ours = every_object(client, f"https://{parts.netloc}{endpoint}/?{query}")
    else:
        ours = {row["id"]: get_data(client, row["url"]) for row in theirs}
        page = get_data(client, f"https://{parts.netloc}{endpoint}/?{query}")
        assert [row for row in page["results"] if row["id"] == theirs[0]["id"]] == theirs
    for row in theirs:
        assert ours[row["id"]] == row
        assert identical(ours[row["id"]], row)
