"""The headers RateLimit and RateLimit-Policy, as in draft-ietf-httpapi-ratelimit-headers-10."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from tests.throttling.conftest import Clock
from tests.throttling.requests import LISTING, THROTTLE, get, token_of

pytestmark = pytest.mark.django_db


def rate_limit_headers(response: HttpResponseBase) -> tuple[str | None, str | None]:
    return response.headers.get("RateLimit-Policy"), response.headers.get("RateLimit")


def test_responses_have_rate_limit_headers(client: Client, clock: Clock, limit: Callable[..., None]) -> None:
    """`t` is the time until more requests are available."""
    limit(anon="5/hour", user="2/minute")
    policy = '"anon";q=5;w=3600'
    assert rate_limit_headers(get(client, THROTTLE)) == (policy, '"anon";r=5')
    first = get(client)
    assert rate_limit_headers(first) == (policy, '"anon";r=4;t=3600')
    clock.now += 600.5
    not_modified = get(client, if_none_match=first["ETag"])
    assert not_modified.status_code == 304
    assert rate_limit_headers(not_modified) == (policy, '"anon";r=3;t=3000')
    not_found = get(client, f"{LISTING}-1/")
    assert not_found.status_code == 404
    assert rate_limit_headers(not_found) == (policy, '"anon";r=2;t=3000')
    assert rate_limit_headers(get(client, f"{LISTING}?format=api")) == (policy, '"anon";r=1;t=3000')
    assert rate_limit_headers(client.post(LISTING, REMOTE_ADDR="192.0.2.1")) == (policy, '"anon";r=0;t=3000')
    clock.now += 1
    rejected = get(client)
    assert rejected["Retry-After"] == "2999"
    assert rate_limit_headers(rejected) == (policy, '"anon";r=0;t=2999')
    assert rate_limit_headers(get(client, THROTTLE)) == (policy, '"anon";r=0;t=2999')
    token = token_of("Gagarin")
    assert rate_limit_headers(get(client, token=token)) == ('"user";q=2;w=60', '"user";r=1;t=60')
    assert {"RateLimit", "RateLimit-Policy"} <= {*rejected["Access-Control-Expose-Headers"].split(", ")}


@pytest.mark.parametrize("scope", ["", "anon"])
def test_responses_without_a_limit_have_no_rate_limit_headers(
    client: Client, limit: Callable[..., None], scope: str
) -> None:
    limit(**({scope: "5/hour"} if scope else {}))
    token = token_of("Gagarin")
    assert rate_limit_headers(get(client, token=token)) == (None, None)
    assert rate_limit_headers(get(client, THROTTLE, token=token)) == (None, None)
    assert rate_limit_headers(get(client, "/health/?format=json")) == (None, None)


def test_responses_in_shared_caches_have_no_rate_limit_headers(
    client: Client, limit: Callable[..., None], settings: Any
) -> None:
    """The setting lets caches send a response to other clients. Errors are not cached."""
    settings.CACHE_CONTROL = "public, max-age=60"
    limit(anon="1/hour", user="1/hour")
    token = token_of("Gagarin")
    assert rate_limit_headers(get(client)) == (None, None)
    assert rate_limit_headers(get(client)) == ('"anon";q=1;w=3600', '"anon";r=0;t=3600')
    assert rate_limit_headers(get(client, token=token)) == ('"user";q=1;w=3600', '"user";r=0;t=3600')
