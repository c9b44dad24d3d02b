"""One document alone, in an empty database, comes back as it was told: nothing of it stands on what others tell."""

import json

import pytest
from django.test import Client

from spacedb.api.ingest import ingest
from tests.endpoints import endpoints, modes
from tests.examples import examples

CIRCLE = 3

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


@pytest.mark.parametrize(("path", "mode"), modes())
def test_one_document_is_served_again(client: Client, path: str, mode: str) -> None:
    view = endpoints()[path]
    told = examples(view.modes[mode], CIRCLE)
    ingest([(path, {"request": path, "body": told})])
    served = client.get(f"{path}?mode={mode}&ordering=id").json()["results"]
    by_id = sorted(served, key=lambda one: one["id"])
    assert json.dumps(by_id, indent=1) == json.dumps(told, indent=1)
