"""Query plans of SQLite for the lists of events and updates: they use indexes.

`test_postgresql_plans.py` contains those of PostgreSQL, which chooses other plans for small tables.
"""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from flights.models import Event, Update
from flights.synthetic import REFERENCE_TIME
from spacedb.caching import fragments
from spacedb.caching.lru import LRU

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.dataset("generated"),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="needs SQLite's EXPLAIN QUERY PLAN"),
]


@pytest.fixture(autouse=True)
def no_fragment_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "STORE", LRU(0))


def plans(client: Client, path: str, **query: Any) -> dict[str, str]:
    """Return the plans of the queries for the count and for the ids of a page."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"/2.3.0/{path}/", {"limit": 3} | query)
    assert response.json()["results"], response.json()
    result = {}
    for query_ in captured.captured_queries:
        sql = query_["sql"]
        kind = "count" if "COUNT(*)" in sql else "ids" if re.match(r'SELECT "\w+"\."id" AS "pk" FROM', sql) else ""
        if kind:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                result[kind] = "\n".join(str(row[-1]) for row in cursor.fetchall())
    return result


@pytest.mark.parametrize(
    ("path", "ordering", "index"),
    [
        ("events", "date", "event_date"),
        ("events", "-date", "event_date_latest"),
        ("events", "last_updated", "flights_event_last_updated"),
        ("events/upcoming", "", "event_date"),
        ("events/previous", "", "event_date_latest"),
        ("updates", "", "flights_update_created_on"),
        ("updates", "created_on", "flights_update_created_on"),
    ],
)
@pytest.mark.parametrize("offset", [0, 2])
def test_pages_are_read_in_the_order_of_an_index(
    client: Client, path: str, ordering: str, index: str, offset: int
) -> None:
    plan = plans(client, path, offset=offset, **{"ordering": ordering} if ordering else {})["ids"]
    assert re.search(rf"INDEX {index}(?!_latest)", plan)
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("type__ids", "flights_event_type_id"),
        ("agency__ids", "flights_event_agencies_"),
        ("program", "flights_event_program_"),
        ("program__ids", "flights_event_program_"),
        ("launch__ids", "flights_event_launches_"),
        ("expedition__ids", "flights_event_expeditions_"),
        ("spacestation__ids", "flights_event_spacestations_"),
        ("video_url", "flights_vidurl_url"),
        ("slug", "flights_event_slug"),
        ("year", "event_date"),
        ("date__gte", "event_date"),
        ("last_updated__lte", "flights_event_last_updated"),
    ],
)
def test_filters_of_events_use_indexes(client: Client, name: str, index: str) -> None:
    event = Event.objects.filter(expeditions__isnull=False, program__isnull=False).earliest("date")
    values = {
        "type__ids": event.type_id,
        "slug": event.slug,
        "year": event.date and event.date.year,
        "date__gte": f"{REFERENCE_TIME:%Y-%m-%d}",
        "last_updated__lte": f"{event.last_updated:%Y-%m-%dT%H:%M:%SZ}",
        "video_url": event.vid_urls.all()[0].url,
        "agency__ids": event.agencies.all()[0].pk,
        "launch__ids": event.launches.all()[0].pk,
        "expedition__ids": event.expeditions.all()[0].pk,
        "spacestation__ids": event.spacestations.all()[0].pk,
    }
    plan = plans(client, "events", **{name: values.get(name) or event.program.all()[0].pk})["count"]
    assert re.search(rf"INDEX {index}(?!latest)", plan)


@pytest.mark.parametrize(
    ("name", "index"),
    [("launch", "flights_update_launch_id"), ("program", "flights_update_program_id")],
)
def test_filters_of_updates_use_indexes(client: Client, name: str, index: str) -> None:
    update = Update.objects.filter(**{f"{name}__isnull": False}).first()
    query_plans = plans(client, "updates", **{name: getattr(update, f"{name}_id")})
    assert query_plans.keys() == {"count", "ids"}
    for plan in query_plans.values():
        assert index in plan
