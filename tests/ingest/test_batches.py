"""Documents that are written together: the result is that of writing them one by one."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency
from flights.models import Landing, Launch, SpacecraftFlight
from spacedb.ingest.ingest import IngestError, ingest

pytestmark = pytest.mark.django_db

URL = "https://ll.thespacedevs.com/2.3.0"
LAUNCH = "11111111-1111-4111-8111-111111111111"


def agencies(*pks: int, **more: Any) -> dict[str, Any]:
    rows = [{"id": pk, "url": f"{URL}/agencies/{pk}/", "name": f"Agency {pk}"} | more for pk in pks]
    return {"count": len(rows), "next": None, "previous": None, "results": rows}


def flight(pk: int, landing: int | None) -> dict[str, Any]:
    url = f"{URL}/spacecraft_flights/{pk}/"
    return {"id": pk, "url": url, "landing": landing and {"id": landing}, "mission_end": None}


def launch(day: int, **more: Any) -> dict[str, Any]:
    url = f"{URL}/launches/{LAUNCH}/"
    return {"id": LAUNCH, "url": url, "name": "A", "last_updated": f"2026-01-{day:02}T00:00:00Z"} | more


def test_pages_that_agree_need_the_queries_of_one() -> None:
    with CaptureQueriesContext(
        connection,
    ) as one:
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


def test_pages_with_an_older_object_are_written_one_by_one() -> None:
    """The agency is written, although an older launch on another page contains it."""
    provider = agencies(1)["results"][0] | {"response_mode": "list", "abbrev": "new"}
    ingest([("stored", launch(2, launch_service_provider=provider | {"abbrev": "old"}))])
    summary = ingest([("older", launch(1, name="B")), ("agency", agencies(1, abbrev="new"))])
    assert (Launch.objects.get().name, Agency.objects.get().abbrev) == ("A", "new")
    assert summary.older == {"Launches": 1}


def test_a_document_that_the_database_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spacedb.ingest.context.ReadContext.claim", lambda *args: None)  # which finds such errors
    page = {"results": [flight(1, 5), flight(2, 5)], "count": 2, "next": f"{URL}/spacecraft_flights/", "previous": None}
    with pytest.raises(IngestError) as caught:
        ingest([("good", agencies(1)), ("bad", page), ("good too", agencies(2))], strict=True)
    assert [name for name, _ in caught.value.refused] == ["bad"]
    assert Agency.objects.count() == 0
