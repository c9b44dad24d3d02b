"""The indexes for searches in docs/how-to/deploy.md: they contain the expressions that the statements compare."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from flights.models import Launch, Mission, SpacecraftFlight
from spacecraft.models import Spacecraft
from spacedb.caching import fragments
from spacedb.caching.lru import LRU
from tests.conftest import ROOT
from tests.flights.histories import day

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="indexes of PostgreSQL"),
]

LAUNCHES = "/2.3.0/launches/"
EXTENSION, *INDEXES = re.findall(
    r"^CREATE (?:EXTENSION|INDEX) .*;$", (ROOT / "docs" / "how-to" / "deploy.md").read_text(), re.MULTILINE
)
INDEX = re.compile(r'CREATE INDEX (\w+) ON (\w+) USING gin \(UPPER\((\w+) COLLATE "C"\) gin_trgm_ops\);')


@pytest.fixture(autouse=True)
def no_fragment_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "STORE", LRU(0))


def statement(client: Client, text: str) -> str:
    """Return the SQL that counts the launches that contain the text."""
    with CaptureQueriesContext(connection) as queries:
        client.get(LAUNCHES, {"search": text})
    return next(query["sql"] for query in queries if "COUNT(*)" in query["sql"])


def test_indexes_contain_the_expressions_of_searches(client: Client) -> None:
    search = statement(client, "soyuz")
    assert len(INDEXES) == 2
    for each in INDEXES:
        match = INDEX.fullmatch(each)
        assert match, each
        _, table, column = match.groups()
        assert re.search(rf'FROM "{table}" (\w+) WHERE UPPER\(\1\."{column}" COLLATE "C"\)::text LIKE', search), each


def test_indexes_are_used(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if not cursor.fetchone():
            pytest.skip("needs the extension pg_trgm: set TEST_DATABASE_URL")
    launch = Launch.objects.create(net=day(0), mission=Mission.objects.create(name="Étoile 7"))
    SpacecraftFlight.objects.create(launch=launch, spacecraft=Spacecraft.objects.create(name="Dragon"))
    texts = ("toil", "DRAG", "7 dragon", "agon étoile", "g", "É", "zebra", "%")
    before = [client.get(LAUNCHES, {"search": text}).json()["count"] for text in texts]
    connection.check_constraints()  # now: none may be pending when an index is created
    with connection.cursor() as cursor:
        for each in (EXTENSION, *INDEXES):
            cursor.execute(each)
        cursor.execute("SET LOCAL enable_seqscan = off")  # the tables are small
    named = Mission.objects.filter(name__icontains="zebra"), Spacecraft.objects.filter(name__icontains="zebra")
    for queryset, each in zip(named, INDEXES, strict=True):
        plan = queryset.order_by().explain()
        assert f"Bitmap Index Scan on {each.split()[2]} " in plan
    assert [client.get(LAUNCHES, {"search": text}).json()["count"] for text in texts] == before
    assert before == [1, 1, 1, 1, 1, 1, 0, 0]
