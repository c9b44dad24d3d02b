"""Every serializer represents, in every version, the objects that were ingested from documents in the detail mode.

Lists that share a serializer, such as upcoming and previous launches, are compared in `test_golden.py`.
"""

import pytest
from django.test import Client

from spacedb.ingest.ingest import ingest
from tests.datasets import EXAMPLE_COUNT, SMALL_EXAMPLE_COUNT, example_documents
from tests.endpoints import endpoints, indented, modes_of_each_serializer, modes_of_each_serializer_and_version
from tests.examples import examples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("time_before_examples")]


@pytest.mark.dataset("examples")
@pytest.mark.parametrize(
    ("path", "mode"),
    [
        pytest.param(*each, marks=[] if each in modes_of_each_serializer() else pytest.mark.vendor_neutral)
        for each in modes_of_each_serializer_and_version()
    ],
)
def test_ingested_and_served_objects_are_identical(client: Client, path: str, mode: str) -> None:
    served = client.get(f"{path}?mode={mode}&limit={EXAMPLE_COUNT}").json()
    view = endpoints()[path]
    ingested = examples(view.modes[mode], EXAMPLE_COUNT)
    if any(name.startswith("-") for name in view.ordering):
        ingested.reverse()
    assert served["count"] == EXAMPLE_COUNT
    assert indented(served["results"]) == indented(ingested)


@pytest.mark.vendor_neutral
@pytest.mark.dataset("examples")
@pytest.mark.parametrize(
    "path", {view.serializer_for(view.detail_mode): path for path, view in endpoints().items()}.values()
)
def test_detail_is_detailed(client: Client, path: str) -> None:
    view = endpoints()[path]
    for ingested in examples(view.serializer_for(view.detail_mode), EXAMPLE_COUNT)[:3]:
        assert client.get(f"{path}{ingested['id']}/").json() == ingested


@pytest.mark.vendor_neutral
@pytest.mark.dataset("golden")
def test_ingesting_again_changes_nothing() -> None:
    summary = ingest(example_documents(SMALL_EXAMPLE_COUNT))
    assert [(name, counts) for name, counts in summary.models.items() if counts[:2] != (0, 0)] == []
