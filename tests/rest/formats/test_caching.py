"""All formats are cached, revalidated and compressed as JSON is. Large responses are sent from files."""

import gzip
import tempfile
from collections.abc import Iterator
from typing import Any

import brotli
import pytest
from django.test import Client

from agencies.models import Agency
from flights.models import Event, Pad
from spacedb.caching import spooling
from tests.caching.wsgi import Server
from tests.datasets import EXAMPLE_COUNT

AGENCIES = "/2.3.0/agencies/?format=csv&limit=all"
URLS = [
    AGENCIES,
    "/2.3.0/agencies/?format=csv&limit=3",
    "/2.3.0/events/?format=ics",
    "/2.3.0/events/1/?format=ics",
    "/2.3.0/pads/?format=geojson",
    "/2.3.0/pads/1/?format=geojson",
]
NUM_AGENCIES = 20 * EXAMPLE_COUNT


@pytest.fixture(autouse=True)
def rows(persistent_connection: None, db: None) -> None:
    Agency.objects.bulk_create(Agency(pk=n + 1, name=f"Agency {n}") for n in range(NUM_AGENCIES))
    Pad.objects.create(pk=1, name="Pad", latitude=1, longitude=2)
    Event.objects.create(pk=1, name="Event", date="2026-01-01T00:00:00Z")


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.mark.parametrize("url", URLS)
def test_cached_and_revalidated(server: Server, url: str) -> None:
    for headers in ({}, {"accept_encoding": "gzip"}, {"accept_encoding": "br"}):
        assert not server.is_cached(url, **headers)
        assert server.is_cached(url, **headers)
    first = server.get(url)
    assert first.headers["vary"] == "Accept, Accept-Encoding"
    assert first.headers["content-length"] == str(len(first.body))
    for application in (None, server.django):
        assert server.get(url, application, if_none_match=first.headers["etag"]).status == 304
        assert server.get(url, application, if_match='"other"').status == 412
    encoded = {encoding: server.get(url, accept_encoding=encoding).body for encoding in ("gzip", "br")}
    assert gzip.decompress(encoded["gzip"]) == brotli.decompress(encoded["br"]) == first.body
    Agency.objects.filter(pk=1).update(name="Other")
    assert server.get(url, if_none_match=first.headers["etag"]).status == 200


@pytest.mark.parametrize("url", URLS)
def test_head(server: Server, url: str) -> None:
    get, head = server.get(url), server.request("HEAD", url)
    assert head == get._replace(body=b"")


def test_formats_have_different_etags(client: Client) -> None:
    accepted = ("application/json", "text/html", "text/csv", "application/geo+json")
    etags = {client.get("/2.3.0/pads/", headers={"accept": accept})["ETag"] for accept in accepted}
    assert len(etags) == len(accepted)


def test_accept_is_cached_for_its_format(server: Server) -> None:
    path = "/2.3.0/pads/"
    for accept in ("application/json", "text/csv", "application/geo+json"):
        assert not server.is_cached(path, accept=accept)
        assert server.is_cached(path, accept=accept)
        assert server.get(path, accept=accept).headers["content-type"].startswith(accept)


# --- Large responses --------------------------------------------------------------------------------------------------


@pytest.fixture
def small_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Let responses of more than 1 KB be sent from files. Yields these files."""
    files: list[Any] = []
    original = tempfile.TemporaryFile

    def create() -> Any:
        files.append(original())
        return files[-1]

    monkeypatch.setattr(spooling, "MAX_IN_MEMORY", 1000)
    monkeypatch.setattr(tempfile, "TemporaryFile", create)
    yield files
    assert all(file.closed for file in files)


def test_large_responses_are_files(server: Server, small_memory: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """They have the same headers and bodies, and are not in the response cache."""
    for headers in ({}, {"accept_encoding": "gzip"}, {"accept_encoding": "br"}):
        with monkeypatch.context() as patch:
            patch.setattr(spooling, "MAX_IN_MEMORY", 10**6)
            small = Server().get(AGENCIES, **headers)
        num_files = len(small_memory)
        for _ in range(2):
            assert not server.is_cached(AGENCIES, **headers)
            assert server.get(AGENCIES, **headers) == small
        assert len(small_memory) > num_files
    assert not len(server.memory)
    etag = server.get(AGENCIES).headers["etag"]
    num_files = len(small_memory)
    assert server.get(AGENCIES, if_none_match=etag).status == 304
    assert len(small_memory) == num_files


def test_head_of_a_large_response(server: Server, small_memory: list[Any]) -> None:
    get, head = server.get(AGENCIES), server.request("HEAD", AGENCIES)
    assert head == get._replace(body=b"")
    assert len(small_memory) == 2


def test_without_a_revision(small_memory: list[Any], client: Client) -> None:
    """While migrations run there is no ETag. The response is complete."""
    from spacedb.revision.models import Revision

    Revision.objects.all().delete()
    response = client.get(AGENCIES)
    assert "ETag" not in response
    assert response.getvalue().count(b"\r\n") == NUM_AGENCIES + 1


def test_no_space(monkeypatch: pytest.MonkeyPatch, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spooling, "MAX_IN_MEMORY", 1000)
    monkeypatch.setattr(tempfile, "TemporaryFile", fail)
    response = client.get(AGENCIES)
    assert (response.status_code, response["Content-Type"]) == (503, "application/json")
    assert response.json() == {"detail": "The server has no space for large responses. Use a smaller limit."}
    assert "No space left on device" in caplog.text


def test_an_error_in_the_middle_is_an_error(
    monkeypatch: pytest.MonkeyPatch, client: Client, small_memory: list[Any]
) -> None:
    """Not a table that ends early."""
    from spacedb.databases.deadline import TimeLimitError
    from spacedb.rest.formats import csv

    calls = iter(range(100))

    def check() -> None:
        if next(calls) == 2:
            raise TimeLimitError("the time limit of the request is exceeded")

    monkeypatch.setattr(csv, "BATCH", 50)
    monkeypatch.setattr(csv, "check_time_limit", check)
    response = client.get(AGENCIES)
    assert (response.status_code, response["Content-Type"]) == (503, "application/json")
    assert len(small_memory) == 1
