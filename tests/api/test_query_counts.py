"""The exact number of SQL queries of every response: `tests/query_counts.json`, for every version, endpoint and mode.

The numbers hold while all caches are empty, on every database, and for any number of objects on a page. Run
`pytest --update-query-counts tests/api/test_query_counts.py` to write the file again, and explain in the commit why a
number rises. `tests/caching/test_fragments.py` checks how few queries a cached response needs.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from spacedb.revision.triggers import change_revision
from tests.conftest import ROOT
from tests.endpoints import endpoints, resource_endpoints, single_objects

FILE = ROOT / "tests" / "query_counts.json"
LIMITS = (1, 5)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.dataset("examples"),
    pytest.mark.vendor_neutral,
    pytest.mark.usefixtures("time_before_examples"),
]


@pytest.fixture(scope="module")
def query_counts(request: pytest.FixtureRequest) -> Iterator[dict[str, dict[str, int]]]:
    counts: dict[str, dict[str, int]] = json.loads(FILE.read_text())
    if not request.config.getoption("update_query_counts"):
        yield counts
        return
    updated: dict[str, dict[str, int]] = {}
    yield updated
    merged = {path: updated.get(path, counts.get(path, {})) for path in sorted(resource_endpoints())}
    FILE.write_text(json.dumps(merged, indent=2) + "\n")


def count_queries(client: Client, url: str) -> tuple[int, Any]:
    change_revision()  # nothing is cached
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200, response.content
    return len(queries), response.json()


@pytest.mark.parametrize("path", endpoints())
def test_query_counts(client: Client, request: pytest.FixtureRequest, query_counts: Any, path: str) -> None:
    counts: dict[str, int] = {}
    pk = None
    for mode in sorted(endpoints()[path].modes):
        for limit in LIMITS:
            count, page = count_queries(client, f"{path}?mode={mode}&limit={limit}")
            assert len(page["results"]) == limit
            assert counts.setdefault(mode, count) == count, f"{mode}: the number grows with the objects"
            pk = page["results"][0]["id"]
    counts["detail_page"], _ = count_queries(client, f"{path}{pk}/")
    if request.config.getoption("update_query_counts"):
        query_counts[path] = counts
    assert query_counts.get(path) == counts


@pytest.mark.dataset("dashboard")
@pytest.mark.parametrize("path", single_objects())
def test_query_counts_of_single_objects(
    client: Client, request: pytest.FixtureRequest, query_counts: Any, path: str
) -> None:
    modes = sorted(single_objects()[path].modes)
    counts = {mode: count_queries(client, f"{path}?mode={mode}")[0] for mode in modes}
    if request.config.getoption("update_query_counts"):
        query_counts[path] = counts
    assert query_counts.get(path) == counts


def test_no_count_is_left_over() -> None:
    assert json.loads(FILE.read_text()).keys() == resource_endpoints().keys()
