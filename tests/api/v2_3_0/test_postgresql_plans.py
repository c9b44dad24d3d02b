"""Query plans of PostgreSQL for large tables, such as 60,000 spacecraft and 90,000 flights: they use indexes."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from flights.models import Event, SpacecraftFlight, Update
from flights.synthetic import generate
from spacecraft.models import Spacecraft
from spacedb.api.v2_3_0.views.spacecraft import SpacecraftViewSet
from spacedb.caching import fragments
from spacedb.caching.lru import LRU
from spacedb.catalogue.models import LOCAL_IDS_FROM as FIRST

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL's EXPLAIN"),
]

BASE, TIMES = (600, 900), 100
STEP = 1_000_000
"""The difference between the ids of a row and of its next copy."""


def multiply(model: type[Model], *, null_column: str = "", shifted_column: str = "", times: int = TIMES) -> None:
    """Copy every row `times - 1` times in one statement.

    In the copies, `null_column` is null, and `shifted_column` refers to the copy of the related row.
    """
    columns = [str(field.column) for field in model._meta.fields]
    values = [
        "NULL" if name == null_column else f"{name} + n * {STEP}" if name in ("id", shifted_column) else name
        for name in columns
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
            f"SELECT {', '.join(values)} FROM {model._meta.db_table} CROSS JOIN generate_series(1, {times - 1}) AS n"
        )
        cursor.execute(f"ANALYZE {model._meta.db_table}")


@pytest.fixture(scope="module")
def large(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        generate(spacecraft=BASE[0], flights=BASE[1], seed=1)
        multiply(Spacecraft)
        multiply(SpacecraftFlight, null_column="landing_id", shifted_column="spacecraft_id")
        multiply(Event, times=20)
        multiply(Update, times=20)
        connection.check_constraints()  # now, instead of at the end of every test
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def no_fragment_cache(large: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "STORE", LRU(0))


def plans(client: Client, path: str, **query: Any) -> dict[str, str]:
    """Return the plans of the queries for the count and for the ids of a page."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path, {"limit": 10} | query)
    assert response.json()["results"]
    result = {}
    for query_ in captured.captured_queries:
        sql = query_["sql"]
        kind = "count" if "COUNT(*)" in sql else "ids" if re.match(r'SELECT "\w+"\."id" AS "pk" FROM', sql) else ""
        if kind:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}")
                result[kind] = "\n".join(row[0] for row in cursor.fetchall())
    return result


def test_size() -> None:
    assert (Spacecraft.objects.count(), SpacecraftFlight.objects.count()) == (60_000, 90_000)


@pytest.mark.parametrize("offset", [0, 59_990])
@pytest.mark.parametrize("name", [f"{sign}{name}" for name in SpacecraftViewSet.ordering_fields for sign in ("", "-")])
def test_every_ordering_uses_an_index(client: Client, name: str, offset: int) -> None:
    """The first and the last page are read from an index. Only rows with equal values are sorted."""
    plan = plans(client, "/2.3.0/spacecraft/", ordering=name, offset=offset)["ids"]
    assert "Index" in plan
    assert "Seq Scan" not in plan
    assert "  Sort  " not in plan


FILTERS = ("name", "status", "in_space", "is_placeholder", "spacecraft_config")


def test_filters_are_complete() -> None:
    assert set(FILTERS) == set(SpacecraftViewSet.filter_names())


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_uses_an_index(client: Client, name: str) -> None:
    """A filter that selects few rows uses an index of its column, any other filter the index of the ordering."""
    rare = Spacecraft.objects.filter(status__name="Synthetic Lost").first()
    assert rare
    value = {"in_space": True, "is_placeholder": True, "name": rare.name}.get(name) or getattr(rare, f"{name}_id")
    query_plans = plans(client, "/2.3.0/spacecraft/", **{name: value})
    assert query_plans.keys() == {"count", "ids"}
    for plan in query_plans.values():
        assert "Index" in plan
        assert "Seq Scan on spacecraft_spacecraft" not in plan


def test_flights_of_a_spacecraft(client: Client) -> None:
    flown = SpacecraftFlight.objects.filter(pk__gte=FIRST + 50 * STEP).first()
    assert flown
    query_plans = plans(client, "/2.3.0/spacecraft_flights/", spacecraft=flown.spacecraft_id)
    assert query_plans.keys() == {"count", "ids"}
    for plan in query_plans.values():
        assert "Index" in plan
        assert "Seq Scan" not in plan
    for offset in (0, 89_990):
        assert "Seq Scan" not in plans(client, "/2.3.0/spacecraft_flights/", offset=offset)["ids"]


@pytest.mark.parametrize(("path", "index"), [("launches/", "launch_net"), ("launches/previous/", "launch_net_latest")])
def test_the_middle_of_the_launches_is_not_sorted(client: Client, path: str, index: str) -> None:
    """Launches are ordered by NET, which many have in common, and then by id. One index contains both columns."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # the table is small
    plan = plans(client, f"/2.3.0/{path}", offset=BASE[1] // 2)["ids"]
    assert f"using {index} on flights_launch" in plan
    assert "Sort" not in plan


@pytest.mark.parametrize(
    ("path", "ordering", "index"),
    [
        ("events", "date", "event_date"),
        ("events", "-date", "event_date_latest"),
        ("events", "-last_updated", "flights_event_last_updated"),
        ("events/upcoming", "date", "event_date"),
        ("events/previous", "-date", "event_date(_latest)?"),
        ("updates", "", "flights_update_created_on"),
        ("updates", "created_on", "flights_update_created_on"),
    ],
)
def test_pages_of_events_and_updates_are_read_in_the_order_of_an_index(
    client: Client, path: str, ordering: str, index: str
) -> None:
    plan = plans(client, f"/2.3.0/{path}/", **{"ordering": ordering} if ordering else {})["ids"]
    assert re.search(rf"using {index}(?!_latest)", plan)
    assert "  Sort  " not in plan


def test_filters_of_events_and_updates_use_indexes(client: Client) -> None:
    event = Event.objects.filter(expeditions__isnull=False, program__isnull=False).earliest("date")
    rare_type = Event.objects.filter(type__name="Synthetic Press Event").values_list("type", flat=True)[0]
    update = Update.objects.filter(launch__isnull=False).earliest("created_on")
    for path, name, value in (
        ("events", "type__ids", rare_type),
        ("events", "agency__ids", event.agencies.all()[0].pk),
        ("events", "program", event.program.all()[0].pk),
        ("events", "launch__ids", event.launches.all()[0].pk),
        ("events", "year", event.date and event.date.year),
        ("events", "date__lte", f"{event.date:%Y-%m-%dT%H:%M:%SZ}"),
        ("updates", "launch", update.launch_id),
    ):
        query_plans = plans(client, f"/2.3.0/{path}/", **{name: value})
        assert query_plans.keys() == {"count", "ids"}
        table = {"events": "flights_event", "updates": "flights_update"}[path]
        for plan in query_plans.values():
            assert "Index" in plan, name
            assert f"Seq Scan on {table} " not in plan, name
