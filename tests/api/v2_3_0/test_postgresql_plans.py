"""How PostgreSQL finds pages and counts at 60,000 spacecraft and 90,000 flights: by indexes."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from flights.models import SpacecraftFlight
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
"""How far the ids of a copy are from those that it is a copy of."""


def multiply(model: type[Model], *, empty: str = "", moved: str = "") -> None:
    """Copy every row often, by one statement; a column may be left empty, another refers to the copy's own."""
    columns = [str(field.column) for field in model._meta.fields]
    values = [
        "NULL" if name == empty else f"{name} + n * {STEP}" if name in ("id", moved) else name for name in columns
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
            f"SELECT {', '.join(values)} FROM {model._meta.db_table} CROSS JOIN generate_series(1, {TIMES - 1}) AS n"
        )
        cursor.execute(f"ANALYZE {model._meta.db_table}")


@pytest.fixture(scope="module")
def large(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        generate(spacecraft=BASE[0], flights=BASE[1], seed=1)
        multiply(Spacecraft)
        multiply(SpacecraftFlight, empty="landing_id", moved="spacecraft_id")
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def nothing_kept(large: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "STORE", LRU(0))


def plans(client: Client, path: str, **query: Any) -> dict[str, str]:
    """How the count and the ids of a page are found."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path, {"limit": 10} | query)
    assert response.json()["results"]
    found = {}
    for told in captured.captured_queries:
        kind = "count" if "COUNT(*)" in told["sql"] else "ids" if " LIMIT 10" in told["sql"] else ""
        if kind:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {told['sql']}")
                found[kind] = "\n".join(row[0] for row in cursor.fetchall())
    return found


def test_size() -> None:
    assert (Spacecraft.objects.count(), SpacecraftFlight.objects.count()) == (60_000, 90_000)


@pytest.mark.parametrize("offset", [0, 59_990])
@pytest.mark.parametrize("name", [f"{sign}{name}" for name in SpacecraftViewSet.ordering_fields for sign in ("", "-")])
def test_every_order_is_that_of_an_index(client: Client, name: str, offset: int) -> None:
    """The first page and the last are read off an index: nothing is sorted but what is equal."""
    plan = plans(client, "/2.3.0/spacecraft/", ordering=name, offset=offset)["ids"]
    assert "Index" in plan
    assert "Seq Scan" not in plan
    assert "  Sort  " not in plan


FILTERS = ("name", "status", "in_space", "is_placeholder", "spacecraft_config")


def test_no_filter_is_forgotten() -> None:
    assert set(FILTERS) == set(SpacecraftViewSet.filter_names())


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_is_served_by_an_index(client: Client, name: str) -> None:
    """By the index of what it selects by, where it selects few; else by that of the order."""
    few = Spacecraft.objects.filter(status__name="Synthetic Lost").first()
    assert few
    value = {"in_space": True, "is_placeholder": True, "name": few.name}.get(name) or getattr(few, f"{name}_id")
    found = plans(client, "/2.3.0/spacecraft/", **{name: value})
    assert found.keys() == {"count", "ids"}
    for plan in found.values():
        assert "Index" in plan
        assert "Seq Scan on spacecraft_spacecraft" not in plan


def test_flights_of_a_spacecraft(client: Client) -> None:
    flown = SpacecraftFlight.objects.filter(pk__gte=FIRST + 50 * STEP).first()
    assert flown
    found = plans(client, "/2.3.0/spacecraft_flights/", spacecraft=flown.spacecraft_id)
    assert found.keys() == {"count", "ids"}
    for plan in found.values():
        assert "Index" in plan
        assert "Seq Scan" not in plan
    for offset in (0, 89_990):
        assert "Seq Scan" not in plans(client, "/2.3.0/spacecraft_flights/", offset=offset)["ids"]


@pytest.mark.parametrize(("path", "index"), [("launches/", "launch_net"), ("launches/previous/", "launch_net_latest")])
def test_the_middle_of_the_launches_is_not_sorted(client: Client, path: str, index: str) -> None:
    """Their order is by a moment, which is equal for many, and then by id: one index has both."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # there are few here
    plan = plans(client, f"/2.3.0/{path}", offset=BASE[1] // 2)["ids"]
    assert f"using {index} on flights_launch" in plan
    assert "Sort" not in plan
