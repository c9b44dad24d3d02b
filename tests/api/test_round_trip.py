"""What is told in any form comes back identical, from every endpoint in every mode; in queries that do not grow."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from spacedb.caching import fragments
from spacedb.caching.lru import LRU
from spacedb.ingest.ingest import ingest
from spacedb.rendering.loading import load
from spacedb.rendering.render import renderer
from spacedb.serializers.context import RenderContext
from tests.endpoints import endpoints, modes
from tests.examples import HOST, examples

MANY = 100
OWN_QUERIES = 3
"""The revision, how many objects there are, and the ids of those on the page."""
MOST_QUERIES = 24
"""For the objects, and all that is nested in them."""
MORE_QUERIES = {
    # A launch with its agency's and vehicle's whole record, all that flew, and the dockings of all that flew.
    ("/2.3.0/launches/", "detailed"): 41,
    ("/2.3.0/launches/previous/", "detailed"): 41,
    ("/2.3.0/launches/upcoming/", "detailed"): 41,
    # An astronaut's launches, flights and spacewalks, each with what it has in its own list.
    ("/2.3.0/astronauts/", "detailed"): 28,
    # Three kinds of things that land, each with its launch; crews and dockings of two of them.
    ("/2.3.0/landings/", "detailed"): 29,
    # The flight in its detailed form, the station, the expedition, the event, and two crews.
    ("/2.3.0/spacewalks/", "detailed"): 34,
    ("/2.2.0/spacewalks/", "detailed"): 25,
}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


def page(results: list[Any], path: str) -> dict[str, Any]:
    return {"count": len(results), "next": f"{HOST}{path}?limit=1", "previous": None, "results": results}


def documents() -> list[tuple[str, Any]]:
    """Each endpoint's objects in each of its forms."""
    return [
        (f"{path} {mode}", page(examples(view.modes[mode], MANY), path))
        for path, view in endpoints().items()
        for mode in view.modes
    ]


@contextmanager
def catalogue(blocker: Any) -> Iterator[None]:
    """A hundred objects of every model, each with everything."""
    with blocker.unblock():
        ingest(documents())
        yield
        call_command("flush", "--no-input", verbosity=0)


@pytest.fixture(scope="module", autouse=True)
def full(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with catalogue(django_db_blocker):
        yield


@pytest.mark.parametrize(("path", "mode"), modes())
def test_told_and_served_are_identical(client: Client, path: str, mode: str) -> None:
    served = client.get(f"{path}?mode={mode}&limit={MANY}").json()
    view = endpoints()[path]
    told = examples(view.modes[mode], MANY)
    if any(name.startswith("-") for name in view.ordering):
        told.reverse()
    assert served["count"] == MANY
    assert json.dumps(served["results"], indent=1) == json.dumps(told, indent=1)


@pytest.mark.parametrize("path", endpoints())
def test_detail_is_detailed(client: Client, path: str) -> None:
    view = endpoints()[path]
    for told in examples(view.serializer_for(view.detail_mode), MANY)[:3]:
        assert client.get(f"{path}{told['id']}/").json() == told


@pytest.fixture
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "STORE", LRU(0))


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize(("path", "mode"), modes())
def test_queries_do_not_grow(client: Client, path: str, mode: str) -> None:
    """As many for one object as for a hundred, and no more than allowed, where nothing is kept.

    How few there are where something is kept, `test_kept.py` tells.
    """
    client.get(f"{path}?mode={mode}&limit=1")  # how long an answer about the present holds is looked up once
    counted = []
    for limit in (1, 2, MANY):
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(f"{path}?mode={mode}&limit={limit}").json()["results"]) == limit
        counted.append(len(queries))
    assert len(set(counted)) == 1, counted
    assert counted[0] <= OWN_QUERIES + MORE_QUERIES.get((path, mode), MOST_QUERIES)


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("path", endpoints())
def test_queries_of_a_detail(client: Client, path: str) -> None:
    one = client.get(path, {"limit": 1}).json()["results"][0]["id"]
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"{path}{one}/").status_code == 200
    assert len(queries) <= OWN_QUERIES + MORE_QUERIES.get((path, endpoints()[path].detail_mode), MOST_QUERIES)


@pytest.mark.parametrize(("path", "mode"), modes())
def test_compiled_equals_rest_framework(path: str, mode: str) -> None:
    """The compiled function gives what DRF's own serializer gives, and needs no further query."""
    view = endpoints()[path]
    form = view.modes[mode]
    objects = load(view.queryset.order_by("pk")[:5], form)  # type: ignore[union-attr]
    answer = RenderContext(HOST)
    with CaptureQueriesContext(connection) as queries:
        compiled = [renderer(form)(one, answer) for one in objects]
        slow = form(objects, many=True, context={"render_context": RenderContext(HOST)}).data
    assert json.dumps(compiled, default=str) == json.dumps(slow, default=str)
    assert len(queries) == 0


def test_everything_twice_changes_nothing() -> None:
    summary = ingest(documents())
    assert [(name, counts) for name, counts in summary.models.items() if counts[:2] != (0, 0)] == []
