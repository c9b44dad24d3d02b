"""The fragment cache: rendered objects per revision, separate for each host, bounded in bytes."""

from collections import defaultdict
from collections.abc import Callable, Collection, Set
from threading import Thread
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency
from flights.models import Event, SpacecraftFlight
from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftStatus
from spacedb.caching import fragments
from spacedb.caching.fragments import FragmentCache
from spacedb.caching.lru import ENTRY_OVERHEAD, LRU
from spacedb.catalogue.models import LOCAL_IDS_FROM as FIRST
from spacedb.rendering.loading import load, load_by_id
from spacedb.revision.current import current_revision
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.context import RenderContext
from tests.endpoints import (
    distinct_endpoints,
    endpoints,
    modes_of_each_serializer,
    modes_of_each_serializer_and_version,
)

FLIGHTS = "/2.3.0/spacecraft_flights/"
SPACECRAFT = "/2.3.0/spacecraft/"
HOST = RenderContext("http://testserver")


pytestmark = pytest.mark.dataset("synthetic")


@pytest.fixture(autouse=True)
def empty_store(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "STORE", LRU(32 * 2**20))


def current_fragment_cache() -> FragmentCache:
    revision = current_revision()
    assert revision
    return FragmentCache(revision.uuid)


def queries(client: Client, url: str) -> list[str]:
    """Return the SQL queries of a request, except that for the revision, which every request needs."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured.captured_queries if "revision_revision" not in query["sql"]]


# --- Contents ---------------------------------------------------------------------------------------------------------


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(("path", "mode"), modes_of_each_serializer())
def test_cached_page_queries_only_its_ids(client: Client, path: str, mode: str) -> None:
    """It equals the page that was rendered first, and what REST framework would render."""
    url = f"{path}?mode={mode}&limit=2"
    first = client.get(url).content
    # Counts of upcoming and previous objects depend on the time, so they are not cached.
    assert len(queries(client, url)) <= (2 if path.endswith(("upcoming/", "previous/")) else 1)
    assert client.get(url).content == first
    view, page = endpoints()[path], orjson.loads(first)
    ids = [str(result["id"]) for result in page["results"]]
    rows = {str(row.pk): row for row in load(view.queryset.filter(pk__in=ids), view.modes[mode])}
    expected = view.modes[mode]([rows[pk] for pk in ids], many=True, context={"render_context": HOST}).data
    assert first == orjson.dumps(page | {"results": list(expected)}, default=str)


@pytest.mark.vendor_neutral
@pytest.mark.parametrize("path", distinct_endpoints())
def test_cached_object_queries_only_its_id(client: Client, path: str) -> None:
    for result in client.get(path, {"limit": 1}).json()["results"]:
        detail = f"{path}{result['id']}/"
        before = client.get(detail).content
        assert len(queries(client, detail)) <= 1
        assert client.get(detail).content == before


def test_pages_share_cached_objects(client: Client) -> None:
    """The order and the filters of the other page do not matter."""
    client.get(f"{SPACECRAFT}?limit=100")
    assert len(queries(client, f"{SPACECRAFT}?limit=10&offset=37")) == 1
    assert len(queries(client, f"{SPACECRAFT}?limit=10&offset=60&ordering=-id")) == 1
    assert (
        len(queries(client, f"{SPACECRAFT}?limit=10&is_placeholder=false&in_space=false")) == 2
    )  # the other is the count


@pytest.mark.vendor_neutral
def test_versions_do_not_share_cached_objects(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Serializers of derived versions have equal names, but other keys."""
    urls = [f"{path}?mode={mode}&limit=1" for path, mode in modes_of_each_serializer_and_version()]
    responses = [client.get(url).content for url in urls]
    monkeypatch.setattr(fragments, "STORE", LRU(0))
    assert [client.get(url).content for url in urls] == responses


def test_only_missing_objects_are_loaded(client: Client) -> None:
    client.get(f"{SPACECRAFT}?limit=50")
    statements = queries(client, f"{SPACECRAFT}?limit=50&offset=1")
    [select] = [statement for statement in statements if '"serial_number"' in statement]
    assert str(FIRST + 50) in select
    assert str(FIRST + 49) not in select


QUERIES = (
    "",
    "in_space=false",
    "search=synthetic+1",
    "ordering=-time_in_space",
    "ordering=flights_count",
    "ordering=-mission_ends_count,flights_count",
)


@pytest.mark.parametrize("query", QUERIES)
def test_pages_partition_the_list(client: Client, query: str) -> None:
    """Pages in the second half are queried in reverse order. No object is missing or repeated."""
    all_ids: list[Any] = []
    while page := client.get(f"{SPACECRAFT}?{query}&limit=11&offset={len(all_ids)}").json()["results"]:
        all_ids += [result["id"] for result in page]
    assert len(set(all_ids)) == client.get(f"{SPACECRAFT}?{query}").json()["count"] > 50
    for limit in (1, 7, 100):
        for offset in (0, 1, 15, 40, 55, 60, 65, 90, 118, 119, 120, 121, 500):
            page = client.get(f"{SPACECRAFT}?{query}&limit={limit}&offset={offset}").json()["results"]
            assert [result["id"] for result in page] == all_ids[offset : offset + limit]


# --- Writes -----------------------------------------------------------------------------------------------------------


def by_save(spacecraft: Spacecraft) -> None:
    spacecraft.name = "new"
    spacecraft.save()


def by_update(spacecraft: Spacecraft) -> None:
    Spacecraft.objects.filter(pk=spacecraft.pk).update(name="new")


def by_bulk_update(spacecraft: Spacecraft) -> None:
    spacecraft.name = "new"
    Spacecraft.objects.bulk_update([spacecraft], ["name"])


def by_raw_sql(spacecraft: Spacecraft) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE spacecraft_spacecraft SET name = 'new' WHERE id = %s", [spacecraft.pk])


URLS = (SPACECRAFT, f"{SPACECRAFT}{FIRST}/", f"{FLIGHTS}?spacecraft={FIRST}&mode=detailed")


@pytest.mark.parametrize("write", [by_save, by_update, by_bulk_update, by_raw_sql])
@pytest.mark.parametrize("url", URLS)
def test_every_kind_of_write_changes_the_response(
    client: Client, url: str, write: Callable[[Spacecraft], None]
) -> None:
    flight = SpacecraftFlight.objects.create(spacecraft_id=FIRST)
    assert b'"name":"new"' not in client.get(url).content
    write(Spacecraft.objects.get(pk=FIRST))
    assert b'"name":"new"' in client.get(url).content
    flight.delete()
    assert f'"id":{flight.pk},'.encode() not in client.get(url).content


def test_writes_to_nested_objects_change_the_response(client: Client) -> None:
    client.get(SPACECRAFT)
    SpacecraftConfig.objects.update(name="other configuration")
    assert client.get(SPACECRAFT).content.count(b"other configuration") == 10
    SpacecraftStatus.objects.update(name="other status")
    assert client.get(SPACECRAFT).content.count(b"other status") == 10


def test_writes_change_counts(client: Client) -> None:
    url = f"{FLIGHTS}?spacecraft={FIRST + 3}"
    before = client.get(url).json()["count"]
    assert client.get(FLIGHTS).json()["count"] == 180
    SpacecraftFlight.objects.create(spacecraft_id=FIRST + 3)
    assert client.get(url).json()["count"] == before + 1
    assert client.get(FLIGHTS).json()["count"] == 181
    SpacecraftFlight.objects.all().delete()
    assert client.get(url).json()["count"] == 0


def test_counts_are_cached_for_each_filter(client: Client) -> None:
    for value in ("true", "false"):
        count = client.get(f"{SPACECRAFT}?in_space={value}").json()["count"]
        assert count == Spacecraft.objects.filter(in_space=value == "true").count() > 0
    assert client.get(f"{SPACECRAFT}?name=nobody").json()["count"] == 0
    assert client.get(f"{SPACECRAFT}?name=nobody&search=Synthetic").json()["count"] == 0


def test_rows_are_cached_for_each_query_and_revision() -> None:
    statuses = SpacecraftStatus.objects.order_by("pk").values_list("pk", "name")
    cache = current_fragment_cache()
    with CaptureQueriesContext(connection) as captured:
        for _ in range(2):
            assert cache.rows(statuses) == list(statuses.all())
            assert cache.rows(statuses[:1]) == list(statuses.all())[:1]
            assert cache.rows(statuses.filter(pk__in=[])) == []
            assert cache.count(SpacecraftStatus.objects.order_by("pk")) == len(cache.rows(statuses))
    assert len(captured) == 3 + 4  # those of the cache, and those that are compared
    new = SpacecraftStatus.objects.create(name="New")
    assert (new.pk, "New") in current_fragment_cache().rows(statuses)
    assert (new.pk, "New") not in cache.rows(statuses)
    assert (new.pk, "New") in FragmentCache(None).rows(statuses)


def test_fragments_are_cached_for_one_revision(client: Client) -> None:
    """Each revision returns its own fragments, even after a later write."""
    before, serializer = current_fragment_cache(), endpoints()[SPACECRAFT].modes["normal"]
    Spacecraft.objects.filter(pk=FIRST).update(name="new")
    after = current_fragment_cache()
    assert before.revision != after.revision
    assert orjson.loads(orjson.dumps(after.fragments(serializer, [FIRST], HOST)))[0]["name"] == "new"
    Spacecraft.objects.filter(pk=FIRST).update(name="newer")
    assert orjson.loads(orjson.dumps(after.fragments(serializer, [FIRST], HOST)))[0]["name"] == "new"
    assert client.get(SPACECRAFT).json()["results"][0]["name"] == "newer"


def test_fragments_outlive_writes_to_tables_that_they_do_not_read(client: Client) -> None:
    client.get(SPACECRAFT)
    Event.objects.create(name="new")
    SpacecraftFlight.objects.update(destination="new")
    statements = queries(client, SPACECRAFT)
    assert len(statements) == 3  # for the count, the ids and the revisions of the tables
    assert not [statement for statement in statements if '"serial_number"' in statement]
    Agency.objects.update(name="new agency")
    assert b"new agency" in client.get(SPACECRAFT).content


@pytest.mark.vendor_neutral
@pytest.mark.parametrize(("path", "mode"), modes_of_each_serializer())
def test_cached_nested_objects_do_not_change_the_json(path: str, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the same if those of one serializer are cached, which others represent differently, or those of all."""
    view, cache = endpoints()[path], current_fragment_cache()
    serializer, ids = view.modes[mode], list(view.queryset.order_by("pk").values_list("pk", flat=True)[:2])
    referenced: dict[SerializerClass, set[Any]] = defaultdict(set)

    def find_cached(nested: SerializerClass, pks: Set[Any]) -> Collection[Any]:
        referenced[nested] |= pks
        return ()

    load_by_id(ids, serializer, find_cached)
    expected = orjson.dumps(cache.fragments(serializer, ids, RenderContext(HOST.origin)))
    for cached in [{nested: pks} for nested, pks in referenced.items()] + [referenced]:
        monkeypatch.setattr(fragments, "STORE", LRU(32 * 2**20))
        for nested, pks in cached.items():
            cache.fragments(nested, list(pks), RenderContext(HOST.origin))
        context = RenderContext(HOST.origin)
        assert orjson.dumps(cache.fragments(serializer, ids, context)) == expected
        assert all(context.fragments[nested].keys() == pks for nested, pks in cached.items()), "they are used"


def test_nested_objects_outlive_writes_to_the_enclosing_objects(client: Client) -> None:
    client.get(SPACECRAFT)
    Spacecraft.objects.update(name="new")
    statements = queries(client, SPACECRAFT)
    assert [statement for statement in statements if '"serial_number"' in statement]
    assert not [statement for statement in statements if '"agencies_agency"' in statement]
    Agency.objects.update(name="new agency")
    for result in client.get(SPACECRAFT).json()["results"]:
        assert (result["name"], result["spacecraft_config"]["agency"]["name"]) == ("new", "new agency")


def test_fragments_are_not_cached_without_the_revision_of_a_table(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM revision_tablerevision WHERE name = 'spacecraft_spacecraftconfig'")
    first = client.get(SPACECRAFT).content
    assert [statement for statement in queries(client, SPACECRAFT) if '"serial_number"' in statement]
    assert client.get(SPACECRAFT).content == first
    SpacecraftConfig.objects.update(name="other configuration")
    assert client.get(SPACECRAFT).content.count(b"other configuration") == 10


def test_nothing_is_cached_without_a_revision(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM revision_revision")
    first = client.get(SPACECRAFT).content
    assert len(queries(client, SPACECRAFT)) > 2
    assert client.get(SPACECRAFT).content == first
    assert fragments.STORE.size == 0


# --- Hosts ------------------------------------------------------------------------------------------------------------


def test_urls_have_the_host_of_the_request(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = hosts = ["one.example", "two.example", "testserver"]
    for _ in range(2):
        for host in hosts:
            for secure, scheme in ((False, "http"), (True, "https")):
                page = client.get(FLIGHTS, headers={"host": host}, secure=secure).text
                assert page.count(f'"url":"{scheme}://{host}/2.3.0/') == page.count("/2.3.0/") - 1 > 10
    plain, with_format = (client.get(f"{FLIGHTS}{query}").text for query in ("", "?format=json"))
    assert plain.count('/"') == with_format.count('/?format=json"') > 10
    assert "format=json" not in plain


# --- Size -------------------------------------------------------------------------------------------------------------


@pytest.mark.vendor_neutral
def test_store_stays_within_its_limit(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Responses larger than the limit are correct too."""
    urls = [f"{FLIGHTS}?mode=detailed&limit=20&offset={offset}" for offset in range(0, 180, 20)]
    bodies = [client.get(url).content for url in urls]
    monkeypatch.setattr(fragments, "STORE", LRU(300_000))
    for url, body in [*zip(urls, bodies, strict=True)] * 2:
        assert len(body) > fragments.STORE.limit
        assert client.get(url).content == body
        assert fragments.STORE.limit // 2 < fragments.STORE.size <= fragments.STORE.limit


def test_limit_of_0_disables_the_store(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get(SPACECRAFT).content
    monkeypatch.setattr(fragments, "STORE", LRU(0))
    assert [client.get(SPACECRAFT).content for _ in range(2)] == [first, first]
    assert fragments.STORE.size == 0


def test_least_recently_used_entries_are_evicted() -> None:
    store = LRU(3 * (ENTRY_OVERHEAD + 10))
    store.add((key, key.upper(), 10) for key in "abc")
    assert store.get("cxa") == ["C", None, "A"]
    store.add([("d", "D", 10)])
    assert store.get("abcd") == ["A", None, "C", "D"]  # b is the least recently used
    store.add([("d", "DD", 8)])
    assert (store.get("d"), store.size) == (["DD"], store.limit - 2)
    store.add([("e", "E", 10_000)])
    assert (store.get("abcde"), store.size) == ([None] * 5, 0)


def test_store_is_thread_safe() -> None:
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
    entries = sum(value is not None for value in store.get(range(100)))
    assert 0 < store.size == entries * (ENTRY_OVERHEAD + 7) <= store.limit
