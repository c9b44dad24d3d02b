"""Documents that are written together: the result is that of writing them one by one."""

import datetime as dt
import gc
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency
from flights.models import DockingEvent, Landing, Launch, SpacecraftFlight
from spacedb.ingest.documents import ParsedObject
from spacedb.ingest.ingest import IngestError, ingest
from spacedb.ingest.reading import DocumentReader
from spacedb.ingest.records import Record

pytestmark = pytest.mark.django_db

URL = "https://ll.thespacedevs.com/2.3.0"
LAUNCH = "11111111-1111-4111-8111-111111111111"


def page(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"count": len(rows), "next": None, "previous": None, "results": [*rows]}


def agency(pk: int, **more: Any) -> dict[str, Any]:
    return {"id": pk, "url": f"{URL}/agencies/{pk}/", "name": f"Agency {pk}"} | more


def agencies(*pks: int, **more: Any) -> dict[str, Any]:
    return page(*(agency(pk, **more) for pk in pks))


def flight(pk: int, landing: int | None) -> dict[str, Any]:
    url = f"{URL}/spacecraft_flights/{pk}/"
    return {"id": pk, "url": url, "landing": landing and {"id": landing}, "mission_end": None}


def launch(day: int, **more: Any) -> dict[str, Any]:
    url = f"{URL}/launches/{LAUNCH}/"
    return {"id": LAUNCH, "url": url, "name": "A", "last_updated": f"2026-01-{day:02}T00:00:00Z"} | more


def test_pages_that_agree_need_the_queries_of_one() -> None:
    with CaptureQueriesContext(connection) as one:
        ingest([("one", agencies(1, 2))])
    with CaptureQueriesContext(connection) as three:
        summary = ingest([("two", agencies(3, 4)), ("three", agencies(4, 5)), ("four", agencies(5, 6))])
    assert len(three) == len(one)
    assert summary.models["Agencies"] == (4, 0, 0)


def test_of_pages_that_differ_the_last_one_counts() -> None:
    pages = [agencies(1, 2), agencies(2, 3, abbrev="B"), agencies(1, abbrev="C"), agencies(2, abbrev="D")]
    summary = ingest([(str(number), page) for number, page in enumerate(pages)])
    assert list(Agency.objects.order_by("pk").values_list("pk", "abbrev")) == [(1, "C"), (2, "D"), (3, "B")]
    assert summary.models["Agencies"] == (3, 0, 0)
    assert summary.warnings == []


def test_a_landing_moves_to_the_flight_of_the_last_page() -> None:
    ingest([("first", flight(1, 5)), ("second", flight(2, 5))])
    assert list(SpacecraftFlight.objects.order_by("pk").values_list("landing", flat=True)) == [None, 5]
    assert Landing.objects.count() == 1


def test_of_an_object_with_and_without_an_id_the_last_page_counts() -> None:
    """Docking events have no id where version 2.2.0 nests them in a flight."""
    docking = {"docking": "2026-01-01T00:00:00Z", "departure": None}
    event = docking | {"id": 5, "url": f"{URL}/docking_events/5/", "flight_vehicle_chaser": {"id": 1}}
    departed = docking | {"departure": "2026-02-01T00:00:00Z"}
    later = {"id": 1, "url": "https://ll.thespacedevs.com/2.2.0/spacecraft/flight/1/", "docking_events": [departed]}
    ingest([("event", event), ("flight", later)])
    assert [(event.pk, event.departure) for event in DockingEvent.objects.all()] == [
        (5, dt.datetime(2026, 2, 1, tzinfo=dt.UTC))
    ]


def test_a_name_is_that_of_the_agency_on_an_earlier_page() -> None:
    first = page(agency(3, name="A"), agency(4, parent="A"))
    ingest([("first", first), ("second", agencies(1, name="A"))])
    assert Agency.objects.get(pk=4).parent == Agency.objects.get(pk=3)


def test_a_complete_list_replaces_an_incomplete_one_of_an_earlier_page() -> None:
    """A list with an unreadable object removes nothing, and is written after complete ones."""
    us, russia, france = ({"id": pk, "name": name} for pk, name in enumerate(("US", "Russia", "France"), start=1))
    first = page(agency(1, country=[us]), agency(2, country=[russia, "unreadable"]))
    ingest([("first", first), ("second", page(agency(2, country=[france])))])
    assert list(Agency.objects.get(pk=2).country.values_list("pk", flat=True)) == [3]


def test_pages_with_an_older_object_are_written_one_by_one() -> None:
    """The agency is written, although an older launch on another page contains it."""
    provider = agencies(1)["results"][0] | {"response_mode": "list", "abbrev": "new"}
    ingest([("stored", launch(2, launch_service_provider=provider | {"abbrev": "old"}))])
    summary = ingest([("older", launch(1, name="B")), ("agency", agencies(1, abbrev="new"))])
    assert (Launch.objects.get().name, Agency.objects.get().abbrev) == ("A", "new")
    assert summary.older == {"Launches": 1}


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("strict", [False, True])
def test_the_objects_of_earlier_pages_are_freed(strict: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Although the garbage collector is paused."""
    monkeypatch.setattr("spacedb.ingest.batches.MAX_BATCH", 1)
    alive: list[int] = []
    read = DocumentReader.read

    def record_count(reader: DocumentReader, parsed: ParsedObject) -> None:
        if parsed.path.endswith("[0]"):
            alive.append(sum(type(each) is Record for each in gc.get_objects()))
        read(reader, parsed)

    monkeypatch.setattr(DocumentReader, "read", record_count)
    rows = [*agencies(*range(10))["results"], agency(11, id="unreadable")]
    pages = [(str(number), page(*rows)) for number in range(10)]
    with suppress(IngestError):
        ingest(pages, strict=strict)
    assert len(alive) == len(pages)
    assert max(alive) - alive[0] <= 2 * len(rows)


def test_a_document_that_the_database_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spacedb.ingest.context.ReadContext.claim", lambda *args: None)  # which finds such errors
    bad = page(flight(1, 5), flight(2, 5)) | {"next": f"{URL}/spacecraft_flights/"}
    with pytest.raises(IngestError) as caught:
        ingest([("good", agencies(1)), ("bad", bad), ("good too", agencies(2))], strict=True)
    assert [name for name, _ in caught.value.refused] == ["bad"]
    assert Agency.objects.count() == 0
