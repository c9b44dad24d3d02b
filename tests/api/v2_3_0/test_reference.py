"""The real answers of Launch Library: ingested into an empty database, they come back identical."""

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


def ask(client: Client, url: str) -> Any:
    """The data of the answer to this url, host and all."""
    parts = urlsplit(url)
    response = client.get(f"{parts.path}?{parts.query}", secure=True, headers={"host": parts.netloc})
    assert response.status_code == 200, response.content
    return data_of(response)


def identical(ours: Any, theirs: Any) -> bool:
    """Equal, with the same keys in the same order, numbers of the same type."""
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
    """All objects of a list, page by page, by their id."""
    found: dict[int, Any] = {}
    url = listing
    while url:
        page = ask(client, url)
        found |= {one["id"]: one for one in page["results"]}
        url = page["next"]
    return found


@pytest.mark.parametrize("name", [f"documents/{name}" for name in DOCUMENTS] + [f"captures/{FLIGHTS}"])
def test_every_object_comes_back_identical(client: Client, reference: Path, name: str) -> None:
    body = body_of(reference / name)
    ingest([(name, body)])
    told = objects_of(body)
    address = urlsplit(told[0]["url"])
    endpoint = "/".join(address.path.split("/")[:3])
    query = f"mode={told[0]['response_mode']}" + (f"&{address.query}" if address.query else "")
    if "results" in body:
        ours = every_object(client, f"https://{address.netloc}{endpoint}/?{query}")
    else:
        ours = {one["id"]: ask(client, one["url"]) for one in told}
        page = ask(client, f"https://{address.netloc}{endpoint}/?{query}")
        assert [one for one in page["results"] if one["id"] == told[0]["id"]] == told
    for one in told:
        assert ours[one["id"]] == one
        assert identical(ours[one["id"]], one)
