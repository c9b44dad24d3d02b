"""The response cache: the same responses as without it, never outdated, never for another host or user."""

import datetime as dt
import gzip
import logging
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.utils import ConnectionHandler
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.settings import api_settings
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from agencies.models import Agency
from flights.models import Launch
from spacedb.caching import response_cache, stores
from spacedb.caching.conditional import ENVIRON_KEY, Validators
from spacedb.caching.response_cache import ResponseCache
from spacedb.caching.stores import CachedResponse, MemoryStore
from spacedb.revision.current import CurrentRevision
from spacedb.throttling.models import Token
from tests.caching.wsgi import MIB, Server
from tests.database_gone import database_gone
from tests.endpoints import endpoints

LIST = "/2.3.0/agencies/"
DETAIL = "/2.3.0/agencies/1/"

pytestmark = pytest.mark.usefixtures("persistent_connection")


@pytest.fixture
def server(db: None) -> Server:
    Agency.objects.create(pk=1, name="One")
    return Server()


@pytest.mark.vendor_neutral
def test_second_request_is_served_from_the_cache(server: Server) -> None:
    for path in (*sorted(endpoints()), DETAIL, LIST + "?search=one&limit=3"):
        of_agencies = ({"accept": "text/html"}, {"accept_encoding": "gzip"}) if path.startswith(LIST) else ()
        for headers in ({}, *of_agencies):
            assert not server.is_cached(path, **headers), path
            assert server.is_cached(path, **headers), path


def test_cached_response_needs_no_query_of_django(server: Server) -> None:
    etag = server.get(LIST).headers["etag"]
    for condition in ({}, {"if_none_match": etag}):
        with CaptureQueriesContext(connection) as queries:
            server.get(LIST, **condition)
        assert not queries.captured_queries  # the revision is read without Django's cursor
    assert server.generated == 1


@pytest.mark.parametrize("seconds", [0, 600, None])
@pytest.mark.django_db(transaction=True)
def test_cached_responses_respect_conn_max_age(
    seconds: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Connections are closed according to `CONN_MAX_AGE` after cached responses too, which bypass Django."""
    database = {**connection.settings_dict, "CONN_MAX_AGE": seconds}
    if connection.vendor == "sqlite":  # Django never closes a connection to a database in memory
        database["NAME"] = str(tmp_path / "persistent.sqlite3")
        with closing(sqlite3.connect(database["NAME"])) as file:
            file.execute("CREATE TABLE revision_revision (uuid)")
            file.execute("INSERT INTO revision_revision VALUES ('t')")
            file.commit()
    connections: Any = ConnectionHandler({"default": database})
    monkeypatch.setattr(response_cache, "connections", connections)
    try:
        for _ in range(2):
            assert response_cache.read_revision()
            assert (connections["default"].connection is None) == (seconds == 0)
    finally:
        connections.close_all()


def test_every_write_invalidates_cached_responses(server: Server) -> None:
    def names() -> list[str]:
        return [text.split('"')[0] for text in server.get(LIST).body.decode().split('"name":"')[1:]]

    assert names() == ["One"]
    agency = Agency(pk=2, name="Two")
    agency.save()
    assert names() == ["One", "Two"]
    Agency.objects.filter(pk=2).update(name="2")
    assert names() == ["2", "One"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agencies_agency SET name = 'II' WHERE id = 2")
    assert names() == ["II", "One"]
    etag = server.get(LIST).headers["etag"]
    agency.delete()
    assert names() == ["One"]
    assert server.get(LIST, if_none_match=etag).status == 200
    assert server.get("/2.3.0/agencies/2/").status == 404


def test_304_for_matching_etag_is_that_of_django(server: Server) -> None:
    first = server.get(LIST, accept_encoding="gzip")
    for condition in (
        {"if_none_match": first.headers["etag"]},
        {"if_none_match": f'"x", W/{first.headers["etag"]}'},
        {"if_none_match": "*"},
    ):
        before = server.generated
        cached = server.get(LIST, accept_encoding="gzip", **condition)
        assert (cached.status, cached.body, server.generated) == (304, b"", before)
        generated = server.get(LIST, application=server.django, accept_encoding="gzip", **condition)
        assert generated.status == 304
        cors = ("access-control-allow-origin", "access-control-expose-headers")
        names = ("etag", "last-modified", "cache-control", "vary", *cors)
        assert cached.headers == {name: generated.headers[name] for name in names}
    assert server.get(LIST, accept_encoding="gzip", if_none_match='"x"').body == first.body
    date = first.headers["last-modified"]
    assert server.get(LIST, accept_encoding="gzip", if_modified_since=date).body == first.body
    assert server.get(LIST, accept_encoding="gzip", if_match='"x"').status == 412
    assert server.get(LIST, if_none_match=first.headers["etag"]).status == 200  # the ETag of the gzip response


def test_head_is_served_from_the_cached_get(server: Server) -> None:
    assert server.request("HEAD", LIST).status == 200
    assert server.generated == 1
    get = server.get(LIST)
    generated = server.generated
    head = server.request("HEAD", LIST)
    assert server.generated == generated
    assert (head.status, head.headers, head.body) == (200, get.headers, b"")
    assert server.request("HEAD", LIST, if_none_match=get.headers["etag"]).status == 304
    assert server.request("OPTIONS", LIST).status == 200
    assert server.request("POST", LIST).status == 405
    assert server.generated == generated + 2


@pytest.mark.parametrize(
    "path", [f"{LIST}?format=api", "/2.3.0/api-throttle/", "/2.3.0/", "/nowhere/", f"{LIST}?type=x"]
)
def test_head_has_the_status_and_headers_of_get(server: Server, path: str) -> None:
    head, get = server.request("HEAD", path), server.get(path)
    assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")


@pytest.mark.parametrize(
    ("query", "other_query"),
    [
        ("?limit=1&%6cimit=2", "?%6cimit=2&limit=1"),
        ("?limit=1&l%69mit=2&mode=list", "?l%69mit=2&limit=1&mode=list"),
        ("?limit=2&format=api", "?limit=2&format=api&format="),
        ("?limit=2&%66ormat=api", "?limit=2"),
    ],
)
def test_repeated_and_percent_encoded_parameters_are_cached_separately(
    server: Server, query: str, other_query: str
) -> None:
    """The last value of a repeated parameter counts, even if its name is percent-encoded."""
    for search in (query, other_query):
        for accept in ("*/*", "text/html,*/*;q=0.8", "application/json"):
            cached, generated = (s.get(LIST + search, accept=accept) for s in (server, Server()))
            assert (cached.status, cached.headers["content-type"]) == (
                generated.status,
                generated.headers["content-type"],
            )
            assert cached.body == generated.body


def test_hosts_are_cached_separately(server: Server, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    for host in ("testserver", "other.example", "other.example:8000"):
        for _ in range(2):
            response = server.get(LIST, host=host)
            assert f"http://{host}/2.3.0/agencies/1/".encode() in response.body
    assert server.generated == 3
    for _ in range(2):
        assert server.get(LIST, host="evil.example").status == 400


def test_secure_proxy_ssl_header(db: None, settings: Any) -> None:
    Agency.objects.create(pk=1, name="One")
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True
    server = Server()
    for _ in range(2):
        assert server.get(LIST, x_forwarded_proto="http").status == 301
        assert b"https://testserver/" in server.get(LIST, x_forwarded_proto="https").body
        assert server.get(LIST).status == 301


@pytest.mark.parametrize("authorization", ["Token of-launch-library", "Token", "Bearer x", "Token {key}"])
def test_json_is_the_same_with_any_token(server: Server, authorization: str) -> None:
    """Tokens share the responses without one, in both directions, and cost no query."""
    key = Token.issue(User.objects.create_user("reader"))
    token = {"authorization": authorization.format(key=key)}
    server.get(LIST)
    server.get(DETAIL, **token)
    for path, headers in ((LIST, token), (DETAIL, {}), (DETAIL, token)):
        with CaptureQueriesContext(connection) as queries:
            server.get(path, **headers)
        assert not queries.captured_queries
        assert server.is_cached(path, **headers)
    assert server.get(LIST, **token).headers["cache-control"] == "no-cache"


def test_unknown_tokens_are_rejected_although_the_response_is_cached(server: Server, settings: Any) -> None:
    settings.UNKNOWN_TOKENS = "reject"
    key = Token.issue(User.objects.create_user("reader"))
    server.get(LIST)
    assert server.get(LIST, authorization="Token wrong").status == 401
    for _ in range(2):
        assert not server.is_cached(LIST, authorization=f"Token {key}")
    assert server.is_cached(LIST)


def test_responses_for_users_are_not_cached(server: Server, client: Client) -> None:
    key = Token.issue(User.objects.create_user("reader"))
    page = {"accept": "text/html"}
    assert b"reader" in server.get(LIST, authorization=f"Token {key}", **page).body
    assert b"reader" not in server.get(LIST, **page).body
    assert b"reader" in server.get(LIST, authorization=f"Token {key}", **page).body
    client.force_login(User.objects.create_superuser("editor"))
    session = f"a=b; sessionid={client.cookies['sessionid'].value}"
    assert not server.is_cached(LIST, cookie=session)
    assert not server.is_cached(LIST, cookie=session)
    server.get(LIST)
    assert server.is_cached(LIST, cookie="theme=dark")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/docs/",
        "/health/",
        "/admin/login/",
        "/2.3.0/api-throttle/",
        "/2.3.0/",
        "/2.3.0/nothing/",
        LIST + "99/",
        LIST + "?type__id=x",
        LIST + "?format=xml",
        LIST[:-1],
    ],
)
def test_pages_and_errors_are_not_cached(server: Server, path: str) -> None:
    assert not server.is_cached(path)
    assert not server.is_cached(path)
    assert not len(server.memory)


def test_json_is_cached_for_any_order_of_parameters(server: Server) -> None:
    """HTML pages show the order, so they are cached separately."""
    assert not server.is_cached(LIST + "?limit=1&offset=0")
    assert server.is_cached(LIST + "?offset=0&limit=1")
    assert not server.is_cached(LIST + "?limit=1&offset=0", accept="text/html")
    assert not server.is_cached(LIST + "?offset=0&limit=1", accept="text/html")
    assert server.is_cached(LIST + "?limit=1&offset=0", accept="application/json, text/html;q=0.5")
    assert not server.is_cached(LIST + "?limit=1&offset=0&format=json")
    assert not server.is_cached(LIST + "?country_code=A&country_code=B")
    assert not server.is_cached(LIST + "?country_code=B&country_code=A")


def test_content_encodings_are_cached_separately(server: Server) -> None:
    plain = server.get(LIST)
    compressed = server.get(LIST, accept_encoding="br;q=0.1, gzip")
    assert compressed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(compressed.body) == plain.body
    assert server.is_cached(LIST, accept_encoding="gzip;q=0.7, *;q=0")
    assert server.get(LIST).body == plain.body
    assert compressed.headers["etag"] != plain.headers["etag"]
    assert "accept-encoding" in compressed.headers["vary"].lower()


def test_cors_headers_of_cached_responses(server: Server, settings: Any) -> None:
    """While all origins are allowed, responses do not depend on the origin."""
    for headers in ({}, {"origin": "https://a.example"}, {"origin": "https://b.example"}):
        sent = server.get(LIST, **headers).headers
        assert sent["access-control-allow-origin"] == "*"
        assert sent["access-control-expose-headers"] == "ETag, Link, RateLimit, RateLimit-Policy, Retry-After"
        assert sent["vary"] == "Accept, Accept-Encoding"
    assert server.generated == 1
    settings.CORS_ALLOW_ALL_ORIGINS = False
    settings.CORS_ALLOWED_ORIGINS = ["https://a.example"]
    for _ in range(2):
        allowed = server.get(DETAIL, origin="https://a.example").headers
        assert allowed["access-control-allow-origin"] == "https://a.example"
        assert "origin" in allowed["vary"]
        assert "access-control-allow-origin" not in server.get(DETAIL, origin="https://b.example").headers


def test_rate_limits_count_cached_responses(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.get(LIST)
    monkeypatch.setattr(api_settings, "DEFAULT_THROTTLE_RATES", {"anon": "2/hour", "user": ""})
    assert [server.get(LIST).status for _ in range(4)] == [200, 200, 429, 429]
    assert server.get(LIST, if_none_match="*").status == 429


def test_cached_response_expires_at_the_end_of_its_validity(
    server: Server, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    monkeypatch.setattr(stores, "time", SimpleNamespace(time=lambda: timezone.now().timestamp()))
    settings.CACHE_CONTROL = "max-age=60"
    path = "/2.3.0/launches/upcoming/?hide_recent_previous=true"
    Launch.objects.create(name="soon", net=now + dt.timedelta(seconds=2.5))
    first = server.get(path)
    assert b'"count":1' in first.body
    assert server.is_cached(path)
    assert server.get(path).headers["cache-control"] == "max-age=2"
    assert server.get(path, if_none_match=first.headers["etag"]).status == 304
    now += dt.timedelta(seconds=2.6)
    for condition in ({}, {"if_none_match": first.headers["etag"]}):
        after = server.get(path, **condition)
        assert (after.status, b'"count":0' in after.body) == (200, True)
    assert server.get(path).headers["cache-control"] == "max-age=60"


def test_unreadable_revision_bypasses_the_cache(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.get(LIST)

    def no_revision() -> str | None:
        return None

    monkeypatch.setattr(response_cache, "read_revision", no_revision)
    before = server.generated
    assert server.get(LIST).status == 200  # generated by Django
    assert server.generated == before + 1


@pytest.mark.parametrize("path", ["/health/", "/static/rest_framework/css/default.css", "/admin/login/", "/nowhere/"])
def test_uncacheable_paths_do_not_read_the_revision(server: Server, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []
    monkeypatch.setattr(response_cache, "read_revision", lambda: reads.append(path))
    server.get(path)
    assert not reads
    server.get(LIST)
    assert reads


@pytest.mark.django_db(transaction=True)
def test_503_while_the_database_is_unreachable(tmp_path: Path) -> None:
    server = Server()
    assert server.get(LIST).status == 200
    with database_gone(tmp_path):
        assert server.get(LIST).status == 503
        connection.connection = None
    assert server.get(LIST).status == 200


@pytest.mark.parametrize(("proxies", "ip"), [(0, "127.0.0.1"), (1, "8.8.8.8")])
def test_requests_are_logged_with_the_address(
    server: Server, caplog: pytest.LogCaptureFixture, settings: Any, proxies: int, ip: str
) -> None:
    """Of generated and of cached responses. `X-Forwarded-For` is believed only if TRUSTED_PROXIES says so."""
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": proxies}
    with caplog.at_level(logging.INFO), capture_logs(processors=[merge_contextvars]) as logs:
        for _ in range(2):
            server.get(LIST, x_forwarded_for="8.8.8.8")
    assert server.generated == 1
    assert [(log["event"], log["code"], log["ip"], log["request"]) for log in logs if log["log_level"] == "info"] == [
        ("request_finished", 200, ip, f"GET {LIST}")
    ] * 2


def stored(size: int, revision: str = "t") -> CachedResponse:
    """Return a cached response with a body of `size` bytes."""
    return CachedResponse(revision, '"e"', None, [], b"x" * size)


def test_memory_store_is_bounded_in_bytes() -> None:
    memory = MemoryStore(100_000)
    for n in range(100):
        memory.put((str(n),), stored(5_000))
        memory.get(("0",), "t")  # used often, so never evicted
        assert memory.size <= 100_000
    assert 15 <= len(memory) < 20
    assert memory.get(("0",), "t")
    assert memory.get(("99",), "t")
    assert not memory.get(("1",), "t")
    memory.put(("large",), stored(25_000))
    assert not memory.get(("large",), "t")
    for n in range(100):
        memory.put(("99",), stored(5_000, str(n)))
    assert memory.size <= 100_000
    assert not memory.get(("99",), "98")
    for n in range(10_000):
        memory.put((f"many {n}",), stored(0))
    assert len(memory) < 220


def test_concurrent_requests_generate_a_response_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_cache, "read_revision", lambda: "t")
    generated: list[str] = []
    barrier = threading.Barrier(16)

    def application(environ: dict[str, Any], start: Any) -> list[bytes]:
        generated.append(environ["PATH_INFO"])
        environ[ENVIRON_KEY] = Validators(CurrentRevision("t", timezone.now()), '"e"', None)
        start("200 OK", [("Content-Type", "application/json")])
        return [b"{}"]

    cache, bodies = ResponseCache(application, MemoryStore(MIB)), []

    def get(path: str) -> None:
        environ = RequestFactory(headers={"host": "testserver"}).get(path).environ
        barrier.wait()
        bodies.append(b"".join(cache(environ, lambda *args: None)))

    threads = [threading.Thread(target=get, args=(path,)) for path in [LIST] * 8 + [DETAIL] * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(generated) == [LIST, DETAIL]
    assert bodies == [b"{}"] * 16
    assert not cache._generating


def test_failed_request_does_not_block_later_requests(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:

    def broken(environ: dict[str, Any], start: Any) -> Any:
        raise RuntimeError

    cache = ResponseCache(broken, server.memory)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            server.get(LIST, application=cache)
    assert server.get(LIST).status == 200


def test_cache_size_setting(settings: Any) -> None:
    def application(environ: dict[str, Any], start: Any) -> Any:
        return []

    settings.CACHE_SIZE = 0
    assert response_cache.with_response_cache(application) is application
    settings.CACHE_SIZE = 1
    cache = response_cache.with_response_cache(application)
    assert isinstance(cache, ResponseCache)
    assert cache.memory.limit == MIB
    assert cache.shared is None
