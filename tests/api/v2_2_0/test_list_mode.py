"""Launches in `mode=list`, which contains the names of related objects, and keys that only early documents contain."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from agencies.models import Agency
from flights.models import FirstStage, Landing, Launch, Launcher, Location, Mission, Orbit, Pad
from spacedb.ingest.ingest import ingest
from tests.examples import FIRST_MOMENT

pytestmark = pytest.mark.django_db

NAMES = {
    "lsp_name": "Agency",
    "mission": "Unknown Payload",
    "mission_type": "Unknown",
    "pad": "Pad",
    "location": "Somewhere",
}


def get_json(client: Client, path: str, **query: Any) -> Any:
    response = client.get(path, query)
    assert response.status_code == 200, response.content
    return response.json()


def listed(client: Client, version: str = "2.2.0") -> Any:
    return get_json(client, f"/{version}/launch/", mode="list")


def test_names_in_mode_list_are_stored(client: Client) -> None:
    """Several launches may have missions of the same name, so a name does not identify a mission."""
    for n in (1, 2):
        Launch.objects.create(pk=UUID(int=n), name=f"Launch {n}", net=FIRST_MOMENT)
    document = listed(client)
    first, second = document["results"]
    document["results"] = [first | NAMES, second | NAMES | {"mission_type": None}]
    ingest([("list", document)])
    assert listed(client) == document
    assert listed(client, "2.0.0")["results"][0].items() > (NAMES.items() - {("lsp_name", "Agency")})
    detail = get_json(client, f"/2.2.0/launch/{UUID(int=1)}/")
    assert (detail["launch_service_provider"]["name"], detail["mission"], detail["pad"]) == ("Agency", None, None)
    assert Agency.objects.get().pk < 0


def test_objects_replace_names(client: Client) -> None:
    mission = Mission.objects.create(pk=1, name="Mission")
    place = Location.objects.create(pk=2, name="Place")
    pad = Pad.objects.create(pk=3, name="Pad of the place", location=place)
    agency = Agency.objects.create(pk=4, name="Agency")
    Launch.objects.create(name="Launch", net=FIRST_MOMENT, mission=mission, pad=pad, launch_service_provider=agency)
    before = listed(client)
    [row] = before["results"]
    assert row["mission_type"] is None
    assert {key: row[key] for key in NAMES if key != "mission_type"} == {
        "lsp_name": "Agency",
        "mission": "Mission",
        "pad": "Pad of the place",
        "location": "Place",
    }
    ingest([("list", before | {"results": [row | NAMES]})])
    assert listed(client) == before
    assert Launch.objects.get().launch_service_provider == agency


def test_upstream_represents_stages_and_orbits_by_null(client: Client) -> None:
    orbit = Orbit.objects.create(pk=8, name="Low Earth Orbit", abbrev="LEO")
    mission = Mission.objects.create(pk=1, name="Mission", orbit=orbit)
    row = Launch.objects.create(name="Launch", net=FIRST_MOMENT, mission=mission)
    launcher = Launcher.objects.create(pk=1, serial_number="B1")
    landing = Landing.objects.create(pk=1, success=True)
    FirstStage.objects.create(pk=1, launch=row, launcher=launcher, landing=landing)
    keys = ("landing", "landing_success", "launcher", "orbit")
    assert [listed(client)["results"][0][key] for key in keys] == [None] * 4
    for version in ("2.1.0", "2.0.0"):
        assert [listed(client, version)["results"][0][key] for key in keys] == [None, 1, "B1", "LEO"]


def test_keys_of_early_documents_are_read(client: Client) -> None:
    config = {
        "id": 93,
        "launch_library_id": 136,
        "url": "http://testserver/2.2.0/config/launcher/93/",
        "name": "Saturn V",
        "family": "Saturn",
    }
    summary = ingest([("early", config)])
    assert summary.warnings == []
    assert "launch_library_id" not in get_json(client, "/2.2.0/config/launcher/93/")
    for version in ("2.1.0", "2.0.0"):
        assert get_json(client, f"/{version}/config/launcher/93/")["launch_library_id"] == 136
