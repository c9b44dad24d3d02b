"""Real answers of the older versions: ingested into an empty database, they come back identical."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from spacedb.api.ingest import ingest

FLIGHTS = "documents/v2.0.0_spacecraft_flight_offset-890.json"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def upstream_hosts(settings: Any) -> None:
    settings.ALLOWED_HOSTS = [".thespacedevs.com"]


def ask(client: Client, path: str) -> Any:
    response = client.get(path, secure=True, headers={"host": "ll.thespacedevs.com"})
    assert response.status_code == 200, response.content
    return json.loads(json.dumps(response.data, default=str))  # type: ignore[attr-defined]


def test_flights_of_2_0_0(client: Client, reference: Path) -> None:
    document = json.loads((reference / FLIGHTS).read_text())
    ingest([(FLIGHTS, document)])
    page = ask(client, "/2.0.0/spacecraft/flight/?format=api")
    told = {one["id"]: one for one in document["body"]["results"]}
    assert len(told) == page["count"] == 7
    for one in page["results"]:
        assert one == told[one["id"]]
        assert json.dumps(one) == json.dumps(told[one["id"]])
