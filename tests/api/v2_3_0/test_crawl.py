"""Follow all links: each leads to a response that is valid according to the official OpenAPI document."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from pprint import pformat
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from tests.endpoints import MAIN_ENDPOINTS, resource_endpoints
from tests.examples import HOST
from tests.official import NULLS, Official, recorded_responses

NOT_INGESTED = {
    "LaunchDetailed.pad_turnaround": "nested launches of flights do not contain it",
    "Location*.celestial_body": "nested locations of landing locations do not contain it",
    "LandingEndpoint*.firststage": "only landings of spacecraft are ingested",
    "LandingEndpoint*.payloadflight": "only landings of spacecraft are ingested",
}
"""Not nullable in the document, but null here, as no recorded response contains a value."""

FREE_PORT = "DockingLocationSerializerForSpacestation.currently_docked"
"""Not nullable in the document, but ports can be free."""

API_URL = re.compile(r"https?://[^/]+(/api)?/\d+\.\d+\.\d+/")

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_neutral]


def links(body: Any) -> Iterator[str]:
    """Yield every `url`, `next` and `previous` in a response that is the URL of an object or a list, on any server."""
    for key, value in body.items() if isinstance(body, dict) else enumerate(body):
        if isinstance(value, dict | list):
            yield from links(value)
        elif key in ("url", "next", "previous") and API_URL.match(str(value)):
            yield value


def crawl(client: Client, official: Official, *lists: str, **query: Any) -> tuple[Counter[str], Counter[str]]:
    """Return the numbers of responses by documented path, and the numbers of errors by message.

    The crawl starts from `lists`, or from single objects. For an object, it also requests the list; for a list, all
    modes, with `query`, and every object, as not all objects have a `url`.
    """
    responses, errors = Counter[str](), Counter[str]()
    urls: list[str] = []
    seen: set[str] = set()

    def follow(url: str) -> None:
        if url not in seen:
            seen.add(url)
            urls.append(url)

    def follow_list(path: str) -> None:
        for mode in official.modes(path):
            follow(f"{HOST}{path}?{urlencode(query | {'mode': mode})}")
        follow(f"{HOST}{path}?{urlencode(query)}")

    for path in lists:
        follow_list(path)
    for url in urls:  # the loop appends to the list
        if not url.startswith(f"{HOST}/"):
            errors[f"{url} on another server"] += 1
            continue
        path = official.path(url)
        responses[path] += 1
        response = client.get(url)
        if response.status_code != 200:
            errors[f"{path} {response.status_code}"] += 1
            continue
        body = response.json()
        errors.update(f"{path} {re.sub('[0-9]+', '*', error)}" for error in official.errors(path, body))
        mode = parse_qs(urlsplit(url).query).get("mode")
        if mode and {row["response_mode"] for row in body.get("results", [body])} - {*mode}:
            errors[f"{path} in another mode than {mode}"] += 1
        follow_list(path.removesuffix("{id}/"))
        for link in (*links(body), *(f"{HOST}{path}{row['id']}/" for row in body.get("results", ()))):
            follow(link)
    return responses, errors


def test_recorded_responses_are_valid(reference: Path) -> None:
    """Exactly the exceptions in `NULLS` occur."""
    official = Official(reference, NULLS)
    for name, body in recorded_responses(reference):
        first = body.get("results", [body])[0]["url"]
        path = official.path(first)
        assert official.errors(path.removesuffix("{id}/") if "results" in body else path, body) == [], name
    assert official.nulls_seen == set(NULLS)


@pytest.mark.dataset("reference")
def test_crawl_of_recorded_responses(client: Client, reference: Path) -> None:
    official = Official(reference, NULLS | NOT_INGESTED)
    responses, errors = crawl(client, official, *MAIN_ENDPOINTS)
    assert not errors, pformat(errors)
    assert official.nulls_seen == NULLS.keys() | NOT_INGESTED.keys()
    assert {*MAIN_ENDPOINTS} < responses.keys()
    assert responses.total() > 400


@pytest.mark.dataset("small and dashboard")
@pytest.mark.usefixtures("time_between_examples")
def test_crawl_of_examples(client: Client, reference: Path) -> None:
    """Crawl every endpoint, in pages of two. The examples have no nulls, except where the document is wrong."""
    paths = [path for path in resource_endpoints() if path.startswith("/2.3.0/")]
    official = Official(reference, [FREE_PORT])
    responses, errors = crawl(client, official, *paths, limit=2)
    assert not errors, pformat(errors)
    assert official.nulls_seen == {FREE_PORT}
    assert {*paths} <= responses.keys()
    assert responses["/2.3.0/dashboard/starship/"] == 4  # in each mode, and without one
