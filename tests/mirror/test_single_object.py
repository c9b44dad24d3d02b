"""Endpoints with a single object are mirrored too: the dashboard, with its notices and road closures."""

from typing import Any

import pytest
from django.test import Client

from spacedb.mirror.collections import collections
from spacedb.mirror.errors import MirrorError
from spacedb.mirror.models import MirroredCollection
from spacedb.revision import current
from tests.endpoints import single_objects
from tests.examples import dashboard
from tests.mirror.conftest import Mirror
from tests.mirror.fake_source import FakeSource

NAME = "dashboard/starship"
PATH = f"/2.3.0/{NAME}/"
DETAILED = single_objects()[PATH].modes["detailed"]
KEYS = ("updates", "live_streams", "road_closures", "notices", "vehicles", "orbiters")

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_request_has_no_limit() -> None:
    [collection] = [collection for collection in collections() if collection.is_single]
    assert collection.request_path(0) == f"{NAME}/?mode=detailed"


def test_a_dashboard_is_mirrored(source: FakeSource, mirror: Mirror, client: Client) -> None:
    document = source.single_objects[NAME] = dashboard(DETAILED, upcoming=1, previous=1)
    outcome = mirror(NAME)
    assert outcome.warnings == {}
    body = client.get(PATH).json()
    assert {key: body[key] for key in KEYS} == {key: document[key] for key in KEYS}
    row = MirroredCollection.objects.get()
    assert (row.name, row.objects_count, row.complete, row.missing) == (NAME, 1, True, [])
    revision = current.current_revision()
    assert mirror(NAME).summary is None
    assert current.current_revision() == revision
    source.single_objects[NAME] = document | {"notices": []}
    mirror(NAME)
    assert client.get(PATH).json()["notices"] == []


@pytest.mark.parametrize("document", [[], "soon", None, 7])
def test_another_document_is_refused(source: FakeSource, mirror: Mirror, document: Any) -> None:
    source.single_objects[NAME] = document
    with pytest.raises(MirrorError, match="Expected an object"):
        mirror(NAME)


def test_odd_values_are_reported_and_affect_no_others(source: FakeSource, mirror: Mirror, client: Client) -> None:
    document = dashboard(DETAILED, upcoming=1, previous=1)
    odd = {"mascot": "Snoopy", "notices": None, "live_streams": [7], "upcoming": "soon"}
    [closure] = document["road_closures"]
    closure["title"] = "ö" * 2000
    source.single_objects[NAME] = document | odd
    reported = {line.split(": ")[1] for line in mirror(NAME).warnings[NAME]}
    assert reported == {"mascot", "notices", "live_streams[0]", "upcoming", "road_closures[0].title"}
    body = client.get(PATH).json()
    assert [body[key] for key in ("notices", "live_streams")] == [[], []]
    kept = ("updates", "road_closures", "vehicles", "orbiters")
    assert [body[key] for key in kept] == [document[key] for key in kept]
