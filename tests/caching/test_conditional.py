"""Validators of answers, and requests on condition: what a client has is not sent again, and never when it is old."""

import datetime as dt
import gzip
import time
from hashlib import blake2b
from typing import Any

import brotli
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import http_date, parse_http_date
from rest_framework.authtoken.models import Token

from agencies.models import Agency
from flights.models import Launch
from spacedb.caching.encoding import negotiate_encoding
from spacedb.caching.release import Release
from spacedb.revision.current import current_revision
from tests.dates import written_long_ago
from tests.endpoints import endpoints

LIST = "/2.3.0/agencies/"
DETAIL = "/2.3.0/agencies/1/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def agency(db: None) -> Agency:
    agency = Agency.objects.create(pk=1, name="One")
    written_long_ago()
    return agency


def etag(client: Client, path: str = LIST, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response["etag"]


def status(client: Client, path: str = LIST, **headers: str) -> int:
    return client.get(path, headers={name.replace("_", "-"): told for name, told in headers.items()}).status_code


def test_validators(client: Client) -> None:
    for path in (*endpoints(), DETAIL):
        response = client.get(path)
        assert response["etag"].startswith('"'), path
        assert response["etag"].endswith('"'), path
        assert parse_http_date(response["last-modified"]), path
        assert response["cache-control"] == "no-cache"
        assert {"accept", "accept-encoding", "origin"} <= set(response["vary"].lower().split(", "))


@pytest.mark.parametrize("path", [LIST, DETAIL, LIST + "?search=one&limit=3", LIST + "?format=json"])
@pytest.mark.parametrize("accept", ["*/*", "text/html,*/*;q=0.8"])
def test_not_modified(client: Client, path: str, accept: str) -> None:
    first = client.get(path, headers={"accept": accept})
    for condition in (
        {"if-none-match": first["etag"]},
        {"if-none-match": f'"other", W/{first["etag"]}'},
        {"if-none-match": "*"},
        {"if-modified-since": first["last-modified"]},
    ):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(path, headers={"accept": accept, **condition})
        assert (response.status_code, response.content) == (304, b""), condition
        assert [query["sql"] for query in queries] == ["SELECT token, last_modified FROM api_revision"], condition
        for name in ("etag", "last-modified", "cache-control", "vary"):
            assert response[name] == first[name]
        assert "content-type" not in response
        assert client.head(path, headers={"accept": accept, **condition}).status_code == 304
    for seconds in (-60, 60):  # before, it was another; after, it may be again, where a backup is restored
        since = http_date(parse_http_date(first["last-modified"]) + seconds)
        assert client.get(path, headers={"accept": accept, "if-modified-since": since}).status_code == 200


def test_modified(client: Client, agency: Agency) -> None:
    """Also within the second in which the client got what it has."""
    for n in range(5):
        written_long_ago()
        first = client.get(LIST)
        agency.name = f"name {n}"
        agency.save()
        for condition in ("if-none-match", "if-modified-since"):
            told = first["etag" if condition == "if-none-match" else "last-modified"]
            response = client.get(LIST, headers={condition: told})
            assert response.status_code == 200, condition
            assert response.json()["results"][0]["name"] == f"name {n}"
            assert response["etag"] != first["etag"]
            assert parse_http_date(response["last-modified"]) > parse_http_date(first["last-modified"])


def test_many_writes_in_a_second(client: Client, agency: Agency) -> None:
    """No answer says that it was changed later than it was given; and each still has an ETag of its own."""
    seen = set()
    for n in range(5):
        agency.name = f"name {n}"
        agency.save()
        response = client.get(LIST)
        assert parse_http_date(response.get("last-modified", http_date(0))) <= time.time()
        assert client.get(LIST, headers={"if-none-match": response["etag"]}).status_code == 304
        seen.add(response["etag"])
    assert len(seen) == 5


def test_another_release(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may tell the same data in another way, also if its files are older than the data."""
    label = current_revision()
    assert label
    one, other = Release(f"{3600 * 7 + 5:x}"), Release(f"{3600 * 9 + 4:x}")
    running = one
    monkeypatch.setattr("spacedb.caching.conditional.release", lambda: running)
    for before, after in ((one, other), (other, one)):
        running = before
        first = client.get(LIST)
        assert 0 <= label.last_modified - parse_http_date(first["last-modified"]) < 3600
        conditions = {"if-none-match": first["etag"]}, {"if-modified-since": first["last-modified"]}
        assert [client.get(LIST, headers=condition).status_code for condition in conditions] == [304, 304]
        running = after
        assert [client.get(LIST, headers=condition).status_code for condition in conditions] == [200, 200]


def test_offset_of_a_release() -> None:
    """Below an hour, and spread over it."""
    found = {Release(blake2b(str(n).encode(), digest_size=16).hexdigest()).offset for n in range(1000)}
    assert min(found) >= 0
    assert max(found) < 3600
    assert len(found) > 800


def test_conditions_of_writers(client: Client) -> None:
    """Those that others use before they write hold for reading too."""
    first = client.get(LIST)
    earlier = http_date(parse_http_date(first["last-modified"]) - 60)
    assert status(client, if_match=first["etag"]) == 200
    assert status(client, if_match='"other"') == 412
    assert status(client, if_unmodified_since=first["last-modified"]) == 200
    assert status(client, if_unmodified_since=earlier) == 412
    assert status(client, if_match=first["etag"], if_none_match=first["etag"]) == 304
    assert status(client, if_none_match='"other"', if_modified_since=first["last-modified"]) == 200
    assert status(client, if_modified_since=earlier) == 200
    assert status(client, if_modified_since="nonsense") == 200
    assert status(client, if_none_match="nonsense", if_modified_since=first["last-modified"]) == 200
    later = http_date(time.time() + 86_400)
    upcoming = "/2.3.0/launches/upcoming/"
    for path in (LIST, upcoming):
        assert status(client, path, if_unmodified_since=later) == 200
        assert status(client, path, if_unmodified_since=later, if_none_match="*") == 304
        assert status(client, path, if_unmodified_since=earlier, if_none_match="*") == 412
    assert status(client, upcoming, if_match='"other"', if_none_match="*") == 412


@pytest.mark.parametrize("path", [LIST + "999/", LIST + "?type__id=x", "/2.3.0/nothing/"])
def test_errors_are_not_kept(client: Client, path: str) -> None:
    first = client.get(LIST)
    for condition in ({}, {"if-none-match": "*"}, {"if-modified-since": first["last-modified"]}):
        response = client.get(path, headers=condition)
        assert response.status_code in (400, 404)
        assert "etag" not in response
        assert "last-modified" not in response
        assert response["cache-control"] == "no-store"


def test_one_etag_for_each_representation(client: Client) -> None:
    asked: list[tuple[str, dict[str, str]]] = [
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
    found = [etag(client, path, **headers) for path, headers in asked]
    assert len(set(found)) == len(asked)
    assert found == [etag(client, path, **headers) for path, headers in asked]
    # What is the same to the byte has the same.
    assert etag(client, LIST + "?limit=1&offset=0") == etag(client, LIST + "?offset=0&limit=1")
    assert etag(client, LIST, **{"accept-encoding": "identity"}) == found[0]
    assert client.head(LIST)["etag"] == found[0]
    response = client.get(LIST, headers={"accept-encoding": "gzip", "if-none-match": found[0]})
    assert response.status_code == 200


def test_users_are_told_apart(client: Client) -> None:
    """A page names the user of the token."""
    token = Token.objects.create(user=User.objects.create_user("reader"))
    response = client.get(LIST, headers={"authorization": f"Token {token.key}"})
    assert response["cache-control"] == "private, no-cache"
    assert response["etag"] != etag(client)
    assert status(client, authorization="Token wrong", if_none_match=etag(client)) == 401


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
def test_coding(client: Client, accepted: str, expected: str) -> None:
    assert negotiate_encoding(accepted) == expected
    response = client.get(LIST, headers={"accept-encoding": accepted})
    assert response.get("content-encoding", "identity") == expected
    decode = {"identity": bytes, "gzip": gzip.decompress, "br": brotli.decompress}[expected]
    assert decode(response.content) == client.get(LIST).content
    assert int(response["content-length"]) == len(response.content)
    assert "Accept-Encoding" in response["vary"]


def test_cache_control(client: Client, settings: Any) -> None:
    settings.CACHE_CONTROL = "public, max-age=60, s-maxage=600"
    assert client.get(LIST)["cache-control"] == "public, max-age=60, s-maxage=600"
    assert client.get(LIST + "?limit=x")["cache-control"] == "public, max-age=60, s-maxage=600"
    # Nobody keeps what ends earlier.
    Launch.objects.create(name="soon", net=timezone.now() + dt.timedelta(seconds=30))
    for path in ("/2.3.0/launches/upcoming/", "/2.3.0/launches/previous/"):
        told = client.get(path)["cache-control"]
        assert told in [f"public, max-age={left}, s-maxage={left}" for left in (28, 29, 30)]
    assert client.get("/2.3.0/launches/")["cache-control"] == "public, max-age=60, s-maxage=600"
    assert client.get("/2.3.0/api-throttle/")["cache-control"] == "no-store"


def test_time_goes_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written, and yet a launch is due, and a day later it is over."""
    begin = timezone.now()
    Launch.objects.create(name="soon", net=begin + dt.timedelta(hours=1))
    written_long_ago()
    upcoming, hidden = "/2.3.0/launches/upcoming/", "/2.3.0/launches/upcoming/?hide_recent_previous=true"
    previous = "/2.3.0/launches/previous/"

    def counts(**after: int) -> list[int]:
        moment = begin + dt.timedelta(**after)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        found = []
        for path in (upcoming, hidden, previous):
            response = client.get(path)
            known = seen.setdefault(path, [])
            for before, count, date in known:
                if count != response.json()["count"]:
                    assert status(client, path, if_none_match=before) == 200
                    assert status(client, path, if_modified_since=date) == 200
            known.append((response["etag"], response.json()["count"], response["last-modified"]))
            assert status(client, path, if_none_match=response["etag"]) == 304
            found.append(response.json()["count"])
        return found

    seen: dict[str, list[Any]] = {}
    assert counts(minutes=0) == [1, 1, 0]
    assert counts(minutes=59) == [1, 1, 0]
    assert counts(minutes=61) == [1, 0, 1]
    assert counts(hours=24) == [1, 0, 1]
    assert counts(hours=25, minutes=1) == [0, 0, 1]
    assert counts(days=100) == [0, 0, 1]
    assert seen[upcoming][0][0] == seen[upcoming][1][0]


def test_other_origins_may_read_the_etag(client: Client) -> None:
    response = client.get(LIST, headers={"origin": "https://app.example"})
    assert response["access-control-expose-headers"] == "ETag"
    preflight = client.options(
        LIST,
        headers={
            "origin": "https://app.example",
            "access-control-request-method": "GET",
            "access-control-request-headers": "if-none-match",
        },
    )
    assert "if-none-match" in preflight["access-control-allow-headers"]
