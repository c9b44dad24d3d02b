"""The response cache that several servers share in Redis or Valkey."""

import datetime as dt
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import redis
from django.test import RequestFactory
from django.utils import timezone

from agencies.models import Agency
from flights.models import Launch
from spacedb.caching import response_cache
from spacedb.caching.conditional import ENVIRON_KEY, Validators
from spacedb.caching.response_cache import ResponseCache
from spacedb.caching.stores import MemoryStore, RedisStore
from spacedb.revision.circuit_breaker import CircuitBreaker
from spacedb.revision.current import CurrentRevision
from tests.caching.wsgi import MIB, Server

LIST = "/2.3.0/agencies/"

pytestmark = pytest.mark.usefixtures("persistent_connection")


@contextmanager
def redis_server(directory: Path, port: int) -> Iterator[str]:
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        pytest.skip("needs redis-server or valkey-server on PATH")
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(directory)]
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        while not accepts_connections(port):
            assert process.poll() is None, "the server did not start"
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


def accepts_connections(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(autouse=True)
def long_timeouts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the timeouts so long that a slow machine does not reach them."""
    monkeypatch.setattr(RedisStore, "SOCKET_TIMEOUT", 600)
    monkeypatch.setattr(RedisStore, "GENERATE_TIMEOUT", 600)
    monkeypatch.setattr(CircuitBreaker, "COOLDOWN", 600)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_servers_share_responses(db: None, tmp_path: Path, port: int) -> None:
    agency = Agency.objects.create(pk=1, name="One")
    Launch.objects.create(name="soon", net=timezone.now() + dt.timedelta(hours=1))
    with redis_server(tmp_path, port) as url:
        first, second = Server(shared=RedisStore(url)), Server(shared=RedisStore(url))
        for path in (LIST, "/2.3.0/launches/upcoming/"):
            for headers in ({}, {"accept_encoding": "br"}, {"accept": "text/html"}):
                response = first.get(path, **headers)
                assert second.get(path, **headers) == response
        assert (first.generated, second.generated) == (6, 0)
        agency.name = "Two"
        agency.save()
        assert b"Two" in second.get(LIST).body
        assert b"Two" in first.get(LIST).body
        assert (first.generated, second.generated) == (6, 1)


def test_concurrent_servers_generate_a_response_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, port: int
) -> None:
    monkeypatch.setattr(response_cache, "read_revision", lambda: "t")
    generated = []
    barrier = threading.Barrier(6)

    def application(environ: dict[str, Any], start: Any) -> list[bytes]:
        generated.append(environ["PATH_INFO"])
        environ[ENVIRON_KEY] = Validators(CurrentRevision("t", timezone.now()), '"e"', None)
        start("200 OK", [("Content-Type", "application/json")])
        return [b"{}"]

    with redis_server(tmp_path, port) as url:
        caches, bodies = [ResponseCache(application, MemoryStore(MIB), RedisStore(url)) for _ in range(6)], []

        def get(cache: ResponseCache) -> None:
            environ = RequestFactory(headers={"host": "testserver"}).get(LIST).environ
            barrier.wait()
            bodies.append(b"".join(cache(environ, lambda *args: None)))

        threads = [threading.Thread(target=get, args=(cache,)) for cache in caches]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(generated) == 1
    assert bodies == [b"{}"] * 6


@pytest.mark.parametrize(
    "invalid", [b"", b"garbage", b"\xff\n{}", b"1\n{}", b"[]\n{}", b'"abcde"\n{}', b'["t","e",null,[]]\n{}']
)
def test_invalid_entry_is_replaced(
    db: None, tmp_path: Path, port: int, invalid: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    Agency.objects.create(pk=1, name="One")
    with redis_server(tmp_path, port) as url, redis.Redis.from_url(url) as client:
        expected = Server(shared=RedisStore(url)).get(LIST)
        [key] = client.keys()
        valid = client.get(key)
        client.set(key, invalid)
        server = Server(shared=RedisStore(url))
        assert server.get(LIST) == expected
        assert server.generated == 1
        assert client.get(key) == valid
    assert caplog.text.count("invalid cache entry") == 1


def test_unreachable_store_is_logged_once(
    db: None, tmp_path: Path, port: int, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each server then uses its own memory. It tries to connect once until the cooldown is over."""
    Agency.objects.create(pk=1, name="One")
    with redis_server(tmp_path, port) as url:
        server = Server(shared=RedisStore(url))
        assert server.get(LIST).status == 200
    connect = Mock(side_effect=redis.ConnectionError)
    monkeypatch.setattr(redis.Connection, "connect", connect)
    for path in (LIST + "1/", LIST + "?limit=1", LIST + "?limit=2"):
        assert server.get(path).status == 200
        assert server.is_cached(path)
    assert connect.call_count == 1
    assert caplog.text.count("cache unavailable") == 1
