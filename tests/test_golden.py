"""One spacecraft, one flight, one launch and one agency of the starter catalogue, as each version shows them.

The answers are in `tests/golden/`. Where one is meant to change, remove its file: the test writes it anew, and fails
once, so that nobody overlooks it.
"""

import json

import pytest
from django.test import Client

from spacedb.ingest.ingest import ingest_files
from tests.conftest import ROOT

GOLDEN = ROOT / "tests" / "golden"
LAUNCH = "0d0acc45-bcf8-4d06-8093-be999f9233ba"
ANSWERS = {
    "spacecraft-2.3.0": "/2.3.0/spacecraft/231/",
    "spacecraft-2.2.0": "/2.2.0/spacecraft/231/",
    "spacecraft-2.0.0": "/2.0.0/spacecraft/231/",
    "flight-2.3.0": "/2.3.0/spacecraft_flights/358/",
    "flight-2.2.0": "/2.2.0/spacecraft/flight/358/",
    "flight-2.0.0": "/2.0.0/spacecraft/flight/358/",
    "launch-2.3.0": f"/2.3.0/launches/{LAUNCH}/",
    "launch-2.2.0": f"/2.2.0/launch/{LAUNCH}/",
    "launch-2.0.0": f"/2.0.0/launch/{LAUNCH}/",
    "agency-2.3.0": "/2.3.0/agencies/121/",
    "agency-2.2.0": "/2.2.0/agencies/121/",
    "agency-2.0.0": "/2.0.0/agencies/121/",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ANSWERS)
def test_answer(client: Client, name: str) -> None:
    ingest_files(sorted((ROOT / "fixtures").glob("*.json")))
    answer = json.dumps(client.get(ANSWERS[name]).json(), indent=1, ensure_ascii=False) + "\n"
    file = GOLDEN / f"{name}.json"
    if not file.exists():
        file.write_text(answer)
        pytest.fail(f"{file} was not there; now it is")
    assert answer == file.read_text()


def test_nothing_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.glob("*.json")} == ANSWERS.keys()
