"""The answer cache: the same answers as without it, never an old one, never one of another's."""

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
from django.core.signals import request_finished
from django.db import close_old_connections, connection
from django.db.utils import ConnectionHandler
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.authtoken.models import Token
from rest_framework.settings import api_settings
from structlog.testing import capture_logs

from agencies.models import Agency
from flights.models import Launch
from spacedb.caching import response_cache, stores
from spacedb.caching.conditional import ENVIRON_KEY, Validators
from spacedb.caching.response_cache import ResponseCache
from spacedb.caching.stores import CachedResponse, MemoryStore
from spacedb.revision.current import CurrentRevision
from tests.caching.wsgi import MIB, Server
from tests.database_gone import database_gone
from tests.endpoints import endpoints

LIST = "/2.3.0/agencies/"
DETAIL = "/2.3.0/agencies/1/"

pytestmark = pytest.mark.usefixtures("kept_connection")


@pytest.fixture
def server(db: None) -> Server:
    Agency.objects.create(pk=1, name="One")
    return Server()


def test_kept(server: Server) -> None:
    for path in (*sorted(endpoints()), DETAIL, LIST + "?search=one&limit=3"):
        for headers in ({}, {"accept": "text/html"}, {"accept_encoding": "gzip"}, {"origin": "https://a.example"}):
            assert not server.is_kept(path, **headers), path
            assert server.is_kept(path, **headers), path


def test_one_query(server: Server) -> None:
    etag = server.ask(LIST).headers["etag"]
    for condition in ({}, {"if_none_match": etag}):
        with CaptureQueriesContext(connection) as queries:
            server.ask(LIST, **condition)
        assert not queries.captured_queries  # but the one that goes past Django
    assert server.made == 1


@pytest.mark.parametrize("seconds", [0, 600, None])
@pytest.mark.django_db(transaction=True)
def test_conn_max_age(seconds: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections are closed according to `CONN_MAX_AGE` after cached responses too, which bypass Django."""
    database = {**connection.settings_dict, "CONN_MAX_AGE": seconds}
    if connection.vendor == "sqlite":  # one in memory is never closed
        database["NAME"] = str(tmp_path / "persistent.sqlite3")
        with closing(sqlite3.connect(database["NAME"])) as file:
            file.execute("CREATE TABLE revision_revision (uuid)")
            file.execute("INSERT INTO revision_revision VALUES ('t')")
            file.commit()
    connections: Any = ConnectionHandler({"default": database})
    monkeypatch.setattr(response_cache, "connections", connections)
    monkeypatch.setattr("django.db.connections", connections)
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": LIST}
    request_finished.connect(close_old_connections)
    try:
        for _ in range(2):
            assert response_cache.read_revision(environ)
            response_cache._send_cached(stored(1), environ, lambda *args: None)
            assert (connections["default"].connection is None) == (seconds == 0)
    finally:
        request_finished.disconnect(close_old_connections)
        connections.close_all()


def test_never_old(server: Server) -> None:
    def names() -> list[str]:
        return [one.split('"')[0] for one in server.ask(LIST).body.decode().split('"name":"')[1:]]

    assert names() == ["One"]
    agency = Agency(pk=2, name="Two")
    agency.save()
    assert names() == ["One", "Two"]
    Agency.objects.filter(pk=2).update(name="2")
    assert names() == ["One", "2"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agencies_agency SET name = 'II' WHERE id = 2")
    assert names() == ["One", "II"]
    old = server.ask(LIST).headers
    agency.delete()
    assert names() == ["One"]
    assert server.ask(LIST, if_none_match=old["etag"]).status == 200
    assert server.ask("/2.3.0/agencies/2/").status == 404


def test_conditions(server: Server) -> None:
    first = server.ask(LIST, accept_encoding="gzip")
    for condition in (
        {"if_none_match": first.headers["etag"]},
        {"if_none_match": f'"x", W/{first.headers["etag"]}'},
        {"if_none_match": "*"},
    ):
        before = server.made
        kept = server.ask(LIST, accept_encoding="gzip", **condition)
        assert (kept.status, kept.body, server.made) == (304, b"", before)
        made = server.ask(LIST, application=server.django, accept_encoding="gzip", **condition)
        assert made.status == 304
        assert kept.headers == {name: made.headers[name] for name in ("etag", "last-modified", "cache-control", "vary")}
    assert server.ask(LIST, accept_encoding="gzip", if_none_match='"x"').body == first.body
    date = first.headers["last-modified"]
    assert server.ask(LIST, accept_encoding="gzip", if_modified_since=date).body == first.body
    assert server.ask(LIST, accept_encoding="gzip", if_match='"x"').status == 412
    assert server.ask(LIST, if_none_match=first.headers["etag"]).status == 200  # that of another coding


def test_head(server: Server) -> None:
    assert server.ask(LIST, "HEAD").status == 200
    assert server.made == 1
    got = server.ask(LIST)
    made = server.made
    told = server.ask(LIST, "HEAD")
    assert server.made == made
    assert (told.status, told.headers, told.body) == (200, got.headers, b"")
    assert server.ask(LIST, "HEAD", if_none_match=got.headers["etag"]).status == 304
    assert server.ask(LIST, "OPTIONS").status == 200
    assert server.ask(LIST, "POST").status == 405
    assert server.made == made + 2


@pytest.mark.parametrize(
    "path", [f"{LIST}?format=api", "/2.3.0/api-throttle/", "/2.3.0/", "/nowhere/", f"{LIST}?type=x"]
)
def test_head_tells_what_get_does(server: Server, path: str) -> None:
    told, got = server.ask(path, "HEAD"), server.ask(path)
    assert (told.status, told.headers, told.body) == (got.status, got.headers, b"")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("?limit=1&%6cimit=2", "?%6cimit=2&limit=1"),
        ("?limit=1&l%69mit=2&mode=list", "?l%69mit=2&limit=1&mode=list"),
        ("?limit=2&format=api", "?limit=2&format=api&format="),
        ("?limit=2&%66ormat=api", "?limit=2"),
    ],
)
def test_spellings_of_parameters_are_told_apart(server: Server, one: str, other: str) -> None:
    """Of a parameter that is given twice, the last holds, however its name is written."""
    for query in (one, other):
        for accept in ("*/*", "text/html,*/*;q=0.8", "application/json"):
            kept, made = (which.ask(LIST + query, accept=accept) for which in (server, Server()))
            assert (kept.status, kept.headers["content-type"]) == (made.status, made.headers["content-type"])
            assert kept.body == made.body


def test_hosts_are_told_apart(server: Server, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    for host in ("testserver", "other.example", "other.example:8000"):
        for _ in range(2):
            answer = server.ask(LIST, host=host)
            assert f"http://{host}/2.3.0/agencies/1/".encode() in answer.body
    assert server.made == 3
    for _ in range(2):
        assert server.ask(LIST, host="evil.example").status == 400


def test_proxy_is_believed_as_django_does(db: None, settings: Any) -> None:
    Agency.objects.create(pk=1, name="One")
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = True
    server = Server()
    for _ in range(2):
        assert server.ask(LIST, x_forwarded_proto="http").status == 301
        assert b"https://testserver/" in server.ask(LIST, x_forwarded_proto="https").body
        assert server.ask(LIST).status == 301


def test_users_are_told_apart(server: Server, client: Client) -> None:
    key = Token.objects.create(user=User.objects.create_user("reader")).key
    page = {"accept": "text/html"}
    assert b"reader" in server.ask(LIST, authorization=f"Token {key}", **page).body
    assert b"reader" not in server.ask(LIST, **page).body
    assert b"reader" in server.ask(LIST, authorization=f"Token {key}", **page).body
    assert server.ask(LIST, authorization="Token wrong").status == 401
    client.force_login(User.objects.create_superuser("editor"))
    session = f"a=b; sessionid={client.cookies['sessionid'].value}"
    assert not server.is_kept(LIST, cookie=session)
    assert not server.is_kept(LIST, cookie=session)
    server.ask(LIST)
    assert server.is_kept(LIST, cookie="theme=dark")


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
def test_not_kept(server: Server, path: str) -> None:
    assert not server.is_kept(path)
    assert not server.is_kept(path)
    assert not len(server.memory)


def test_same_answers(server: Server) -> None:
    """The order of parameters shows in a page alone."""
    assert not server.is_kept(LIST + "?limit=1&offset=0")
    assert server.is_kept(LIST + "?offset=0&limit=1")
    assert not server.is_kept(LIST + "?limit=1&offset=0", accept="text/html")
    assert not server.is_kept(LIST + "?offset=0&limit=1", accept="text/html")
    assert server.is_kept(LIST + "?limit=1&offset=0", accept="application/json, text/html;q=0.5")
    assert not server.is_kept(LIST + "?limit=1&offset=0&format=json")
    assert not server.is_kept(LIST + "?country_code=A&country_code=B")
    assert not server.is_kept(LIST + "?country_code=B&country_code=A")


def test_codings(server: Server) -> None:
    plain = server.ask(LIST)
    packed = server.ask(LIST, accept_encoding="br;q=0.1, gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert server.is_kept(LIST, accept_encoding="gzip;q=0.7, *;q=0")
    assert server.ask(LIST).body == plain.body
    assert packed.headers["etag"] != plain.headers["etag"]
    assert "accept-encoding" in packed.headers["vary"].lower()


def test_origins(server: Server, settings: Any) -> None:
    assert "access-control-allow-origin" not in server.ask(LIST).headers
    for origin in ("https://a.example", "https://b.example"):
        assert server.ask(LIST, origin=origin).headers["access-control-allow-origin"] == "*"
    assert server.made == 2
    settings.CORS_ALLOW_ALL_ORIGINS = False
    settings.CORS_ALLOWED_ORIGINS = ["https://a.example"]
    for _ in range(2):
        assert (
            server.ask(DETAIL, origin="https://a.example").headers["access-control-allow-origin"] == "https://a.example"
        )
        assert "access-control-allow-origin" not in server.ask(DETAIL, origin="https://b.example").headers


def test_limits_count_each_request(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.ask(LIST)
    monkeypatch.setattr(api_settings, "DEFAULT_THROTTLE_RATES", {"anon": "2/hour", "user": ""})
    assert [server.ask(LIST).status for _ in range(4)] == [200, 200, 429, 429]
    assert server.ask(LIST, if_none_match="*").status == 429


def test_time_goes_on(server: Server, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    monkeypatch.setattr(stores, "time", SimpleNamespace(time=lambda: timezone.now().timestamp()))
    settings.CACHE_CONTROL = "max-age=60"
    path = "/2.3.0/launches/upcoming/?hide_recent_previous=true"
    Launch.objects.create(name="soon", net=now + dt.timedelta(seconds=2.5))
    first = server.ask(path)
    assert b'"count":1' in first.body
    assert server.is_kept(path)
    assert server.ask(path).headers["cache-control"] == "max-age=2"
    assert server.ask(path, if_none_match=first.headers["etag"]).status == 304
    now += dt.timedelta(seconds=2.6)
    for condition in ({}, {"if_none_match": first.headers["etag"]}):
        after = server.ask(path, **condition)
        assert (after.status, b'"count":0' in after.body) == (200, True)
    assert server.ask(path).headers["cache-control"] == "max-age=60"


def test_database_gone(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.ask(LIST)

    def gone(environ: Any) -> str | None:
        return None

    monkeypatch.setattr(response_cache, "read_revision", gone)
    before = server.made
    assert server.ask(LIST).status == 200  # Django's own answer
    assert server.made == before + 1


@pytest.mark.parametrize("path", ["/health/", "/static/rest_framework/css/default.css", "/admin/login/", "/nowhere/"])
def test_others_do_not_wait_for_the_revision(server: Server, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(response_cache, "read_revision", lambda environ: asked.append(path))
    server.ask(path)
    assert not asked
    server.ask(LIST)
    assert asked


@pytest.mark.django_db(transaction=True)
def test_database_gone_for_all(tmp_path: Path) -> None:
    server = Server()
    assert server.ask(LIST).status == 200
    with database_gone(tmp_path):
        assert server.ask(LIST).status == 503
        connection.connection = None
    assert server.ask(LIST).status == 200


def test_logged(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """A repeated response is logged like any other."""
    server.ask(LIST)
    made = server.made
    with caplog.at_level(logging.INFO, response_cache.LOGGER_NAME), capture_logs() as logs:
        server.ask(LIST, x_forwarded_for="8.8.8.8")
    assert server.made == made
    assert logs == [
        {
            "event": "request_finished",
            "log_level": "info",
            "code": 200,
            "ip": "8.8.8.8",
            "request": f"GET {LIST}",
        }
    ]


def stored(size: int, token: str = "t") -> CachedResponse:
    return CachedResponse(token, '"e"', None, [], b"x" * size)


def test_bounded_in_bytes() -> None:
    memory = MemoryStore(100_000)
    for n in range(100):
        memory.put((str(n),), stored(5_000))
        memory.get(("0",), "t")  # asked for again and again
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


def test_one_fill(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many ask at once for what nobody has yet: it is made once."""
    monkeypatch.setattr(response_cache, "read_revision", lambda environ: "t")
    made: list[str] = []
    begun = threading.Barrier(16)

    def slow(environ: dict[str, Any], start: Any) -> list[bytes]:
        made.append(environ["PATH_INFO"])
        environ[ENVIRON_KEY] = Validators(CurrentRevision("t", timezone.now()), '"e"', None)
        start("200 OK", [("Content-Type", "application/json")])
        return [b"{}"]

    cache, answers = ResponseCache(slow, MemoryStore(MIB)), []

    def ask(path: str) -> None:
        environ = RequestFactory(headers={"host": "testserver"}).get(path).environ
        begun.wait()
        answers.append(b"".join(cache(environ, lambda *told: None)))

    threads = [threading.Thread(target=ask, args=(path,)) for path in [LIST] * 8 + [DETAIL] * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [LIST, DETAIL]
    assert answers == [b"{}"] * 16
    assert not cache._generating


def test_failed_fill(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """One who fails to make an answer keeps nobody else from it."""

    def broken(environ: dict[str, Any], start: Any) -> Any:
        raise RuntimeError

    cache = ResponseCache(broken, server.memory)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            server.ask(LIST, application=cache)
    assert server.ask(LIST).status == 200


def test_settings(settings: Any) -> None:
    def application(environ: dict[str, Any], start: Any) -> Any:
        return []

    settings.CACHE_SIZE = 0
    assert response_cache.with_response_cache(application) is application
    settings.CACHE_SIZE = 1
    found = response_cache.with_response_cache(application)
    assert isinstance(found, ResponseCache)
    assert found.memory.limit == MIB
    assert found.shared is None
