"""A single document is served identically after it is ingested into an empty database, without other documents."""

import copy

import pytest
from django.test import Client

from spacedb.ingest.ingest import ingest
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.describe import FieldSpec, NestedListSpec, describe
from tests.endpoints import endpoints, indented, modes_of_each_serializer
from tests.examples import examples

CIRCLE = 3

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_neutral, pytest.mark.usefixtures("time_before_examples")]


def read_only_keys(serializer: SerializerClass) -> list[str]:
    """Return the read-only keys, with values of related objects that the serializer does not identify."""
    return [
        spec.key
        for spec in describe(serializer)
        if (isinstance(spec, FieldSpec) and len(spec.path) > 1 and spec.field.read_only)
        or (isinstance(spec, NestedListSpec) and spec.reduction is not None and spec.reduction.read_only)
    ]


@pytest.mark.parametrize(("path", "mode"), modes_of_each_serializer())
def test_a_single_document_is_served_identically(client: Client, path: str, mode: str) -> None:
    view = endpoints()[path]
    ingested = copy.deepcopy(examples(view.modes[mode], CIRCLE))
    ingest([(path, {"request": path, "body": ingested})])
    served = client.get(f"{path}?mode={mode}&ordering=id").json()["results"]
    by_id = sorted(served, key=lambda row: row["id"])
    for row in (*by_id, *ingested):
        for name in read_only_keys(view.modes[mode]):
            row.pop(name)
    assert indented(by_id) == indented(ingested)
