"""What is kept per revision: never stale, never another host's, never more than it may be."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from flights.models import SpacecraftFlight
from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftStatus
from spacedb.caching import fragments
from spacedb.caching.fragments import FragmentCache
from spacedb.caching.lru import ENTRY_OVERHEAD, LRU
from spacedb.catalogue.models import LOCAL_IDS_FROM as FIRST
from spacedb.rendering.loading import load
from spacedb.revision.current import current_revision
from spacedb.serializers.context import RenderContext
from tests.endpoints import endpoints, modes

FLIGHTS = "/2.3.0/spacecraft_flights/"
SPACECRAFT = "/2.3.0/spacecraft/"
HOST = RenderContext("http://testserver")


pytestmark = pytest.mark.dataset("synthetic")


@pytest.fixture(autouse=True)
def empty(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "STORE", LRU(32 * 2**20))


def at_current_revision() -> FragmentCache:
    revision = current_revision()
    assert revision
    return FragmentCache(revision.uuid)


def queries(client: Client, url: str) -> list[str]:
    """The queries of an answer but for that of the revision, which every answer needs."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries if "revision_revision" not in query["sql"]]


# --- What is told -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "mode"), modes())
def test_bytes_are_those_of_rest_framework(client: Client, path: str, mode: str) -> None:
    """Both the first time, and when they are put together from what is kept."""
    view = endpoints()[path]
    form = view.modes[mode]
    for _ in range(2):
        body = client.get(f"{path}?mode={mode}&limit=20").content
        page = orjson.loads(body)
        ids = [str(one["id"]) for one in page["results"]]
        rows = {str(row.pk): row for row in load(view.queryset.filter(pk__in=ids), form)}  # type: ignore[union-attr]
        slow = form([rows[pk] for pk in ids], many=True, context={"render_context": HOST}).data
        assert body == orjson.dumps(page | {"results": list(slow)}, default=str)


@pytest.mark.parametrize(("path", "mode"), modes())
def test_a_page_that_is_kept_needs_its_ids_alone(client: Client, path: str, mode: str) -> None:
    url = f"{path}?mode={mode}&limit=100"
    first = client.get(url).content
    # What is to come, and what has been, is counted anew each time: that depends on the clock.
    assert len(queries(client, url)) <= (2 if path.endswith(("upcoming/", "previous/")) else 1)
    assert client.get(url).content == first
    if found := orjson.loads(first)["results"]:
        detail = f"{path}{found[0]['id']}/"
        before = client.get(detail).content
        assert len(queries(client, detail)) <= 1
        assert client.get(detail).content == before


def test_pages_share_what_is_kept(client: Client) -> None:
    """An object that was on another page is not loaded again, whatever the order or filter."""
    client.get(f"{SPACECRAFT}?limit=100")
    assert len(queries(client, f"{SPACECRAFT}?limit=10&offset=37")) == 1
    assert len(queries(client, f"{SPACECRAFT}?limit=10&offset=60&ordering=-id")) == 1
    assert len(queries(client, f"{SPACECRAFT}?limit=10&is_placeholder=false&in_space=false")) == 2  # its count


def test_only_what_is_missing_is_loaded(client: Client) -> None:
    client.get(f"{SPACECRAFT}?limit=50")
    told = queries(client, f"{SPACECRAFT}?limit=50&offset=1")
    [loaded] = [query for query in told if '"serial_number"' in query]
    assert str(FIRST + 50) in loaded
    assert str(FIRST + 49) not in loaded


QUERIES = (
    "",
    "in_space=false",
    "search=synthetic+1",
    "ordering=-time_in_space",
    "ordering=flights_count",
    "ordering=-mission_ends_count,flights_count",
)


@pytest.mark.parametrize("query", QUERIES)
def test_pages_from_both_ends(client: Client, query: str) -> None:
    """Wherever a page is, its objects are those that the whole list has there, none twice and none missing."""
    whole: list[Any] = []
    while page := client.get(f"{SPACECRAFT}?{query}&limit=11&offset={len(whole)}").json()["results"]:
        whole += [one["id"] for one in page]
    assert len(set(whole)) == client.get(f"{SPACECRAFT}?{query}").json()["count"] > 50
    for limit in (1, 7, 100):
        for offset in (*range(0, 130, 5), 118, 119, 120, 121, 500):
            page = client.get(f"{SPACECRAFT}?{query}&limit={limit}&offset={offset}").json()["results"]
            assert [one["id"] for one in page] == whole[offset : offset + limit]


# --- Never stale ------------------------------------------------------------------------------------------------------


def by_save(one: Spacecraft) -> None:
    one.name = "new"
    one.save()


def by_update(one: Spacecraft) -> None:
    Spacecraft.objects.filter(pk=one.pk).update(name="new")


def by_bulk_update(one: Spacecraft) -> None:
    one.name = "new"
    Spacecraft.objects.bulk_update([one], ["name"])


def by_hand(one: Spacecraft) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE spacecraft_spacecraft SET name = 'new' WHERE id = %s", [one.pk])


URLS = (SPACECRAFT, f"{SPACECRAFT}{FIRST}/", f"{FLIGHTS}?spacecraft={FIRST}&mode=detailed")


@pytest.mark.parametrize("write", [by_save, by_update, by_bulk_update, by_hand])
@pytest.mark.parametrize("url", URLS)
def test_no_stale_object(client: Client, url: str, write: Callable[[Spacecraft], None]) -> None:
    flight = SpacecraftFlight.objects.create(spacecraft_id=FIRST)
    assert b'"name":"new"' not in client.get(url).content
    write(Spacecraft.objects.get(pk=FIRST))
    assert b'"name":"new"' in client.get(url).content
    flight.delete()
    assert f'"id":{flight.pk},'.encode() not in client.get(url).content


def test_no_stale_relation(client: Client) -> None:
    """What is nested in an object is part of it."""
    client.get(SPACECRAFT)
    SpacecraftConfig.objects.update(name="other configuration")
    assert client.get(SPACECRAFT).content.count(b"other configuration") == 10
    SpacecraftStatus.objects.update(name="other status")
    assert client.get(SPACECRAFT).content.count(b"other status") == 10


def test_no_stale_count(client: Client) -> None:
    url = f"{FLIGHTS}?spacecraft={FIRST + 3}"
    before = client.get(url).json()["count"]
    assert client.get(FLIGHTS).json()["count"] == 180
    SpacecraftFlight.objects.create(spacecraft_id=FIRST + 3)
    assert client.get(url).json()["count"] == before + 1
    assert client.get(FLIGHTS).json()["count"] == 181
    SpacecraftFlight.objects.all().delete()
    assert client.get(url).json()["count"] == 0


def test_each_filter_is_counted_for_itself(client: Client) -> None:
    for value in ("true", "false"):
        told = client.get(f"{SPACECRAFT}?in_space={value}").json()["count"]
        assert told == Spacecraft.objects.filter(in_space=value == "true").count() > 0
    assert client.get(f"{SPACECRAFT}?name=nobody").json()["count"] == 0
    assert client.get(f"{SPACECRAFT}?name=nobody&search=Synthetic").json()["count"] == 0


def test_what_was_read_before_a_write_is_not_told_after_it(client: Client) -> None:
    """What is made of an old state is kept under the old revision, whenever it is kept."""
    then, form = at_current_revision(), endpoints()[SPACECRAFT].modes["normal"]
    Spacecraft.objects.filter(pk=FIRST).update(name="new")
    now = at_current_revision()
    assert then.revision != now.revision
    assert orjson.loads(orjson.dumps(now.fragments(form, [FIRST], HOST)))[0]["name"] == "new"
    Spacecraft.objects.filter(pk=FIRST).update(name="newer")
    assert orjson.loads(orjson.dumps(now.fragments(form, [FIRST], HOST)))[0]["name"] == "new"
    assert client.get(SPACECRAFT).json()["results"][0]["name"] == "newer"


def test_nothing_is_kept_where_the_revision_is_unknown(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM revision_revision")
    first = client.get(SPACECRAFT).content
    assert len(queries(client, SPACECRAFT)) > 2
    assert client.get(SPACECRAFT).content == first
    assert fragments.STORE.size == 0


# --- Never another host's ---------------------------------------------------------------------------------------------


def test_hosts_are_not_mixed(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = hosts = ["one.example", "two.example", "testserver"]
    for _ in range(2):
        for host in hosts:
            for secure, scheme in ((False, "http"), (True, "https")):
                page = client.get(FLIGHTS, headers={"host": host}, secure=secure).text
                assert page.count(f'"url":"{scheme}://{host}/2.3.0/') == page.count("/2.3.0/") - 1 > 10
    plain, asked = (client.get(f"{FLIGHTS}{query}").text for query in ("", "?format=json"))
    assert plain.count('/"') == asked.count('/?format=json"') > 10
    assert "format=json" not in plain


# --- Never more than it may be ----------------------------------------------------------------------------------------


def test_bound(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more bytes than allowed; answers that do not fit are right all the same."""
    urls = [f"{FLIGHTS}?mode=detailed&limit=20&offset={offset}" for offset in range(0, 180, 20)]
    bodies = [client.get(url).content for url in urls]
    monkeypatch.setattr(fragments, "STORE", LRU(300_000))
    for url, body in [*zip(urls, bodies, strict=True)] * 2:
        assert len(body) > fragments.STORE.limit
        assert client.get(url).content == body
        assert fragments.STORE.limit // 2 < fragments.STORE.size <= fragments.STORE.limit


def test_nothing_is_kept_where_no_bytes_are_allowed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get(SPACECRAFT).content
    monkeypatch.setattr(fragments, "STORE", LRU(0))
    assert [client.get(SPACECRAFT).content for _ in range(2)] == [first, first]
    assert fragments.STORE.size == 0


def test_store() -> None:
    store = LRU(3 * (ENTRY_OVERHEAD + 10))
    store.add((key, key.upper(), 10) for key in "abc")
    assert store.get("cxa") == ["C", None, "A"]
    store.add([("d", "D", 10)])
    assert store.get("abcd") == ["A", None, "C", "D"]  # b was used longest ago
    store.add([("d", "DD", 8)])
    assert (store.get("d"), store.size) == (["DD"], store.limit - 2)
    store.add([("e", "E", 10_000)])
    assert (store.get("abcde"), store.size) == ([None] * 5, 0)


def test_store_in_threads() -> None:
    store = LRU(50 * ENTRY_OVERHEAD)

    def work(start: int) -> None:
        for number in range(2000):
            store.add([((start + number) % 100, number + 1, 7)])
            store.get(range(100))

    threads = [Thread(target=work, args=(start,)) for start in (0, 30, 60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = sum(found is not None for found in store.get(range(100)))
    assert 0 < store.size == held * (ENTRY_OVERHEAD + 7) <= store.limit
