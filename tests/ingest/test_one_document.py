"""One document alone, in an empty database, comes back as it was told: nothing of it stands on what others tell."""

import copy
import json

import pytest
from django.test import Client

from spacedb.ingest.ingest import ingest
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.describe import FieldSpec, NestedListSpec, describe
from tests.endpoints import endpoints, modes
from tests.examples import examples

CIRCLE = 3

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("time_before_examples")]


def derived(form: SerializerClass) -> list[str]:
    """Keys that are made from objects of which the form does not say which they are: a mission's name alone."""
    return [
        part.key
        for part in describe(form)
        if (isinstance(part, FieldSpec) and len(part.path) > 1 and part.field.read_only)
        or (isinstance(part, NestedListSpec) and part.reduction is not None and part.reduction.read_only)
    ]


@pytest.mark.parametrize(("path", "mode"), modes())
def test_one_document_is_served_again(client: Client, path: str, mode: str) -> None:
    view = endpoints()[path]
    told = copy.deepcopy(examples(view.modes[mode], CIRCLE))
    ingest([(path, {"request": path, "body": told})])
    served = client.get(f"{path}?mode={mode}&ordering=id").json()["results"]
    by_id = sorted(served, key=lambda one: one["id"])
    for one in (*by_id, *told):
        for name in derived(view.modes[mode]):
            one.pop(name)
    assert json.dumps(by_id, indent=1) == json.dumps(told, indent=1)
