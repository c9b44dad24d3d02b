"""A document does not change objects that the source has updated since, unless `overwrite` is requested."""

import json
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import Client

from agencies.models import Agency
from flights.models import Launch, Update
from spacedb.ingest.ingest import ingest

pytestmark = pytest.mark.django_db

PK = "00000000-0000-4000-8000-000000000001"
URL = f"https://ll.thespacedevs.com/2.3.0/launches/{PK}/"


def launch(day: int | None, name: str, *, updates: tuple[int, ...] = (), **more: Any) -> dict[str, Any]:
    time = {} if day is None else {"last_updated": f"2024-10-{day:02}T12:00:00Z"}
    rows = [{"id": pk, "comment": name, "created_on": "2024-10-01T00:00:00Z"} for pk in updates]
    links = [{"url": f"https://example.com/{name}"}]
    return {"id": PK, "url": URL, "name": name, "updates": rows, "info_urls": links} | time | more


def served(client: Client) -> Any:
    return client.get(f"/2.3.0/launches/{PK}/").json()


def test_an_older_document_changes_nothing_of_its_object(client: Client) -> None:
    ingest([("newer", launch(9, "New", updates=(2,)))])
    before = served(client)
    summary = ingest([("older", launch(8, "Old", updates=(1, 2), probability=50))])
    assert served(client) == before
    assert list(Update.objects.values_list("pk", "comment")) == [(2, "New")]
    assert summary.older == {"Launches": 1}
    assert summary.models["Launches"] == (0, 0, 1)


def test_a_document_of_the_same_time_or_a_later_one_applies() -> None:
    ingest([("before", launch(8, "Before"))])
    for day, name in ((8, "Same time"), (9, "Later")):
        assert ingest([(name, launch(day, name))]).older == {}
        assert Launch.objects.get().name == name


@pytest.mark.parametrize(("stored", "received"), [(None, 8), (8, None), (None, None)])
def test_without_both_times_the_last_document_applies(stored: int | None, received: int | None) -> None:
    ingest([("before", launch(stored, "Before"))])
    assert ingest([("after", launch(received, "After"))]).older == {}
    assert Launch.objects.get().name == "After"


def test_overwrite_rolls_back() -> None:
    ingest([("newer", launch(9, "New", updates=(2,)))])
    summary = ingest([("older", launch(8, "Old", updates=(1,)))], overwrite=True)
    assert Launch.objects.get().name == "Old"
    assert list(Update.objects.values_list("pk", flat=True)) == [1]
    assert summary.older == {}
    assert summary.models["Launches"] == (0, 1, 0)


def test_the_order_within_one_ingest_does_not_matter() -> None:
    documents = [launch(8, "Old"), launch(9, "New")]
    for order in (1, -1):
        ingest((document["name"], document) for document in documents[::order])
        assert Launch.objects.get().name == "New"
        Launch.objects.all().delete()
        assert ingest([("list", documents[::order])]).warnings == []
        assert Launch.objects.get().name == "New"


def agency(name: str) -> dict[str, Any]:
    return {"id": 1, "name": name, "url": "https://ll.thespacedevs.com/2.3.0/agencies/1/"}


def rocket(flights: int) -> dict[str, Any]:
    launcher = {"id": 4, "serial_number": "B1", "flights": flights}
    landing = {"id": 3, "success": flights > 22, "attempt": True}
    return {"id": 1, "launcher_stage": [{"id": 2, "reused": True, "launcher": launcher, "landing": landing}]}


def test_new_objects_of_an_older_launch_are_written() -> None:
    ingest([("newer", launch(9, "New"))])
    ingest([("older", launch(8, "Old", launch_service_provider=agency("Agency")))])
    assert Agency.objects.get().name == "Agency"
    assert Launch.objects.get().launch_service_provider is None


def test_stored_objects_of_an_older_launch_do_not_change(client: Client) -> None:
    more: dict[str, Any] = {
        "mission": {"id": 5, "name": "New"},
        "launch_service_provider": agency("New"),
        "rocket": rocket(23),
    }
    ingest([("newer", launch(9, "New", **more))])
    before = served(client)
    more = {"mission": {"id": 5, "name": "Old"}, "launch_service_provider": agency("Old"), "rocket": rocket(22)}
    ingest([("older", launch(8, "Old", **more))])
    assert served(client) == before


def test_objects_that_others_contain_too_are_written() -> None:
    ingest([("newer", launch(9, "New", launch_service_provider=agency("New")))])
    other = str(UUID(int=7))
    page = [
        launch(8, "Old", launch_service_provider=agency("Later")),
        launch(8, "Other", launch_service_provider=agency("Later")) | {"id": other, "url": URL.replace(PK, other)},
    ]
    ingest([("page", {"count": 2, "next": None, "previous": None, "results": page})])
    assert Agency.objects.get().name == "Later"
    assert Launch.objects.get(pk=PK).name == "New"


def test_command(tmp_path: Path) -> None:
    def run(*options: str) -> str:
        out = StringIO()
        call_command("ingest", str(tmp_path / "older.json"), *options, stdout=out)
        return out.getvalue()

    ingest([("newer", launch(9, "New"))])
    (tmp_path / "older.json").write_text(json.dumps(launch(8, "Old")))
    assert "Older than the stored objects and left alone: 1 Launches. --overwrite writes them." in run()
    assert "Older" not in run("--overwrite")
    assert Launch.objects.get().name == "Old"
