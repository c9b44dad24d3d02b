"""The answer cache of several servers, in Redis or Valkey."""

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

pytestmark = pytest.mark.usefixtures("kept_connection")


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
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No timeout is reached on a slow machine."""
    monkeypatch.setattr(RedisStore, "SOCKET_TIMEOUT", 600)
    monkeypatch.setattr(RedisStore, "GENERATE_TIMEOUT", 600)
    monkeypatch.setattr(CircuitBreaker, "COOLDOWN", 600)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_shared(db: None, tmp_path: Path, port: int) -> None:
    agency = Agency.objects.create(pk=1, name="One")
    Launch.objects.create(name="soon", net=timezone.now() + dt.timedelta(hours=1))
    with redis_server(tmp_path, port) as url:
        one, two = Server(shared=RedisStore(url)), Server(shared=RedisStore(url))
        for path in (LIST, "/2.3.0/launches/upcoming/"):
            for headers in ({}, {"accept_encoding": "br"}, {"accept": "text/html"}):
                made = one.ask(path, **headers)
                assert two.ask(path, **headers) == made
        assert (one.made, two.made) == (6, 0)
        agency.name = "Two"
        agency.save()
        assert b"Two" in two.ask(LIST).body
        assert b"Two" in one.ask(LIST).body
        assert (one.made, two.made) == (6, 1)


def test_shared_one_fill(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, port: int) -> None:
    monkeypatch.setattr(response_cache, "read_revision", lambda environ: "t")
    made = []
    begun = threading.Barrier(6)

    def slow(environ: dict[str, Any], start: Any) -> list[bytes]:
        made.append(1)
        environ[ENVIRON_KEY] = Validators(CurrentRevision("t", timezone.now()), '"e"', None)
        start("200 OK", [("Content-Type", "application/json")])
        return [b"{}"]

    with redis_server(tmp_path, port) as url:
        caches, answers = [ResponseCache(slow, MemoryStore(MIB), RedisStore(url)) for _ in range(6)], []

        def ask(cache: ResponseCache) -> None:
            environ = RequestFactory(headers={"host": "testserver"}).get(LIST).environ
            begun.wait()
            answers.append(b"".join(cache(environ, lambda *told: None)))

        threads = [threading.Thread(target=ask, args=(cache,)) for cache in caches]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(made) == 1
    assert answers == [b"{}"] * 6


@pytest.mark.parametrize(
    "damaged", [b"", b"garbage", b"\xff\n{}", b"1\n{}", b"[]\n{}", b'"abcde"\n{}', b'["t","e",null,[]]\n{}']
)
def test_shared_damaged(db: None, tmp_path: Path, port: int, damaged: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """What somebody else put there is nothing, and makes room for the answer."""
    Agency.objects.create(pk=1, name="One")
    with redis_server(tmp_path, port) as url, redis.Redis.from_url(url) as client:
        expected = Server(shared=RedisStore(url)).ask(LIST)
        [name] = client.keys()
        good = client.get(name)
        client.set(name, damaged)
        server = Server(shared=RedisStore(url))
        assert server.ask(LIST) == expected
        assert server.made == 1
        assert client.get(name) == good
    assert caplog.text.count("invalid cache entry") == 1


def test_shared_is_gone(
    db: None, tmp_path: Path, port: int, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each makes its own answers then, and says so. It tries to connect once."""
    Agency.objects.create(pk=1, name="One")
    with redis_server(tmp_path, port) as url:
        server = Server(shared=RedisStore(url))
        assert server.ask(LIST).status == 200
    connect = Mock(side_effect=redis.ConnectionError)
    monkeypatch.setattr(redis.Connection, "connect", connect)
    for path in (LIST + "1/", LIST + "?limit=1", LIST + "?limit=2"):
        assert server.ask(path).status == 200
        assert server.is_kept(path)
    assert connect.call_count == 1
    assert caplog.text.count("cache unavailable") == 1
