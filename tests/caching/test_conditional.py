"""Conditional requests: 304 if and only if the client has the current response."""

import datetime as dt
import gzip
from collections.abc import Callable
from typing import Any

import brotli
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import http_date, parse_http_date

from agencies.models import Agency
from flights.models import Launch
from spacedb.caching.encoding import negotiate_encoding
from spacedb.revision.current import current_revision
from spacedb.revision.models import Revision
from spacedb.throttling.models import Token
from tests.endpoints import endpoints

LIST = "/2.3.0/agencies/"
DETAIL = "/2.3.0/agencies/1/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def agency(db: None) -> Agency:
    return Agency.objects.create(pk=1, name="One")


def etag(client: Client, path: str = LIST, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response["etag"]


def status(client: Client, path: str = LIST, **headers: str) -> int:
    return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()}).status_code


def modified() -> dt.datetime:
    revision = current_revision()
    assert revision
    return revision.modified


def test_responses_have_etag_and_last_modified(client: Client) -> None:
    for path in (*endpoints(), DETAIL):
        response = client.get(path)
        assert response["etag"].startswith('"'), path
        assert response["etag"].endswith('"'), path
        assert parse_http_date(response["last-modified"]) == int(modified().timestamp()), path
        assert response["cache-control"] == "no-cache"
        assert response["vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("path", [LIST, DETAIL, LIST + "?search=one&limit=3", LIST + "?format=json"])
@pytest.mark.parametrize("accept", ["*/*", "text/html,*/*;q=0.8"])
def test_304_for_matching_etag(client: Client, path: str, accept: str) -> None:
    first = client.get(path, headers={"accept": accept})
    for condition in ({"if-none-match": first["etag"]}, {"if-none-match": f'"other", W/{first["etag"]}'}):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path, headers={"accept": accept, **condition})
        assert (response.status_code, response.content) == (304, b""), condition
        assert len(queries) == 1
        assert Revision._meta.db_table in queries[0]["sql"], "only the revision is read"
        for name in ("etag", "last-modified", "cache-control", "vary"):
            assert response[name] == first[name]
        assert "content-type" not in response
        assert client.head(path, headers={"accept": accept, **condition}).status_code == 304
    assert client.get(path, headers={"accept": accept, "if-none-match": "*"}).status_code == 304


@pytest.mark.parametrize("path", [LIST, "/2.3.0/launches/upcoming/"])
def test_date_conditions_are_ignored(client: Client, path: str) -> None:
    """RFC 9110 allows this. Two revisions may fall in the same second, so only the ETag counts."""
    last_modified = client.get(path)["last-modified"]
    later = http_date(modified().timestamp() + 86_400)
    for date in (last_modified, later, "nonsense"):
        assert status(client, path, if_modified_since=date) == 200
        assert status(client, path, if_unmodified_since=date) == 200
    assert status(client, path, if_none_match='"other"', if_modified_since=last_modified) == 200


def test_every_write_changes_the_etag(client: Client, agency: Agency) -> None:
    """Even several writes within one second."""
    etags = set()
    for n in range(5):
        before = client.get(LIST)["etag"]
        agency.name = f"name {n}"
        agency.save()
        response = client.get(LIST, headers={"if-none-match": before})
        assert response.status_code == 200
        assert response.json()["results"][0]["name"] == f"name {n}"
        etags.add(response["etag"])
    assert len(etags) == 5


def test_last_modified_is_the_time_of_the_last_write(client: Client, agency: Agency) -> None:
    before = timezone.now()
    agency.save()
    assert parse_http_date(client.get(LIST)["last-modified"]) >= int(before.timestamp())
    assert before - dt.timedelta(milliseconds=1) <= modified() <= timezone.now()


def test_another_release_changes_the_etag(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another release may represent the same data differently."""
    before = client.get(LIST)["etag"]
    monkeypatch.setattr("spacedb.caching.conditional.release", lambda: "another release")
    assert status(client, if_none_match=before) == 200
    assert client.get(LIST)["etag"] != before


def test_if_match_precedes_if_none_match(client: Client) -> None:
    first = client.get(LIST)
    upcoming = "/2.3.0/launches/upcoming/"
    assert status(client, if_match=first["etag"]) == 200
    assert status(client, if_match='"other"') == 412
    assert status(client, if_match=first["etag"], if_none_match=first["etag"]) == 304
    assert status(client, if_match='"other"', if_none_match=first["etag"]) == 412
    assert status(client, upcoming, if_match='"other"', if_none_match="*") == 412
    failed = client.get(LIST, headers={"if-match": '"other"'})
    assert failed.json().keys() == {"detail"}
    assert failed["Cache-Control"] == "no-store"
    assert status(client, if_none_match="nonsense") == 200


@pytest.mark.parametrize("path", [LIST + "999/", LIST + "?type__id=x", "/2.3.0/nothing/"])
def test_errors_are_not_cached(client: Client, path: str) -> None:
    for condition in ({}, {"if-none-match": "*"}, {"if-none-match": client.get(LIST)["etag"]}):
        response = client.get(path, headers=condition)
        assert response.status_code in (400, 404)
        assert "etag" not in response
        assert "last-modified" not in response
        assert response["cache-control"] == "no-store"


def test_each_representation_has_its_own_etag(client: Client) -> None:
    requests: list[tuple[str, dict[str, str]]] = [
        (LIST, {}),
        (DETAIL, {}),
        (LIST + "?limit=1", {}),
        (LIST + "?format=json", {}),
        (LIST, {"host": "localhost"}),
        (LIST, {"accept": "text/html"}),
        (LIST, {"accept": "application/json; indent=4"}),
        (LIST, {"accept-encoding": "gzip"}),
        (LIST, {"accept-encoding": "br"}),
    ]
    etags = [etag(client, path, **headers) for path, headers in requests]
    assert len(set(etags)) == len(requests)
    assert etags == [etag(client, path, **headers) for path, headers in requests]
    # Equal bytes have equal ETags.
    assert etag(client, LIST + "?limit=1&offset=0") == etag(client, LIST + "?offset=0&limit=1")
    assert etag(client, LIST, **{"accept-encoding": "identity"}) == etags[0]
    assert client.head(LIST)["etag"] == etags[0]
    response = client.get(LIST, headers={"accept-encoding": "gzip", "if-none-match": etags[0]})
    assert response.status_code == 200


def test_users_have_their_own_etags(client: Client) -> None:
    """The page for browsers contains the name of the user."""
    key = Token.issue(User.objects.create_user("reader"))
    page = {"accept": "text/html"}
    response = client.get(LIST, headers={"authorization": f"Token {key}", **page})
    assert response["cache-control"] == "private, no-cache"
    assert response["etag"] != etag(client, LIST, **page)
    assert etag(client, authorization=f"Token {key}") == etag(client)
    assert status(client, authorization="Token wrong", if_none_match=etag(client)) == 304


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0, gzip;q=0.001", "gzip"),
        ("gzip;q=0", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("*;q=0, gzip;q=1", "gzip"),
        ("br;q=0, *", "gzip"),
        ("gzip;q=0.5, identity", "identity"),
        ("gzip;q=0.5, identity;q=0.2", "gzip"),
        ("identity;q=0, deflate", "identity"),
        ("gzip;q=1.000 , br ; q = 0.9", "gzip"),
        ("gzip;q=2, br;q=x", "identity"),
        ("gzip;q=", "identity"),
        ("deflate, zstd", "identity"),
        (",, ,gzip", "gzip"),
    ],
)
def test_content_encoding(client: Client, accepted: str, expected: str) -> None:
    assert negotiate_encoding(accepted) == expected
    response = client.get(LIST, headers={"accept-encoding": accepted})
    assert response.get("content-encoding", "identity") == expected
    decode = {"identity": bytes, "gzip": gzip.decompress, "br": brotli.decompress}[expected]
    assert decode(response.content) == client.get(LIST).content
    assert int(response["content-length"]) == len(response.content)
    assert "Accept-Encoding" in response["vary"]


def test_cache_control_setting(client: Client, settings: Any, set_time: Callable[[dt.datetime], None]) -> None:
    set_time(timezone.now())
    settings.CACHE_CONTROL = "public, max-age=60, s-maxage=600"
    assert client.get(LIST)["cache-control"] == "public, max-age=60, s-maxage=600"
    assert client.get(LIST + "?limit=x")["cache-control"] == "public, max-age=60, s-maxage=600"
    # max-age is at most the validity of the response.
    Launch.objects.create(name="soon", net=timezone.now() + dt.timedelta(seconds=30))
    for path in ("/2.3.0/launches/upcoming/", "/2.3.0/launches/previous/"):
        assert client.get(path)["cache-control"] == "public, max-age=30, s-maxage=30"
    assert client.get("/2.3.0/launches/")["cache-control"] == "public, max-age=60, s-maxage=600"
    assert client.get("/2.3.0/api-throttle/")["cache-control"] == "no-store"


def test_etag_changes_when_a_launch_becomes_due(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """No write is needed. A day after its time, a launch is no longer upcoming."""
    begin = timezone.now()
    Launch.objects.create(name="soon", net=begin + dt.timedelta(hours=1))
    upcoming, hidden = "/2.3.0/launches/upcoming/", "/2.3.0/launches/upcoming/?hide_recent_previous=true"
    previous = "/2.3.0/launches/previous/"

    def counts(**after: int) -> list[int]:
        moment = begin + dt.timedelta(**after)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        current = []
        for path in (upcoming, hidden, previous):
            response = client.get(path)
            for etag_before, count_before in seen.setdefault(path, []):
                if count_before != response.json()["count"]:
                    assert status(client, path, if_none_match=etag_before) == 200
            seen[path].append((response["etag"], response.json()["count"]))
            assert status(client, path, if_none_match=response["etag"]) == 304
            current.append(response.json()["count"])
        return current

    seen: dict[str, list[Any]] = {}
    assert counts(minutes=0) == [1, 1, 0]
    assert counts(minutes=59) == [1, 1, 0]
    assert counts(minutes=61) == [1, 0, 1]
    assert counts(hours=24) == [1, 0, 1]
    assert counts(hours=25, minutes=1) == [0, 0, 1]
    assert counts(days=100) == [0, 0, 1]
    assert seen[upcoming][0][0] == seen[upcoming][1][0]
