"""No dead ends: whoever follows the urls in answers meets answers, each as the official OpenAPI document says."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from pprint import pformat
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from tests.endpoints import MAIN_ENDPOINTS, endpoints
from tests.examples import HOST
from tests.official import NULLS, Official, recorded_responses

UNTOLD = {
    "LaunchDetailed.pad_turnaround": "flights tell launches in short",
    "Location*.celestial_body": "places of landing tell locations without the world that they are on",
    "LandingEndpoint*.firststage": "a spacecraft landed, and nothing else",
    "LandingEndpoint*.payloadflight": "a spacecraft landed, and nothing else",
}
"""What the document does not let be null, and is null here because no real answer in the reference tells it."""

FREE = "DockingLocationSerializerForSpacestation.currently_docked"
"""The document has something docked at every port of a station."""

NOT_SERVED = "/2.3.0/events/{id}/ 404"
"""Spacewalks tell the addresses of events, which are not served."""

OF_THE_API = re.compile(r"https?://[^/]+(/api)?/\d+\.\d+\.\d+/")

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_neutral]


def links(body: Any) -> Iterator[str]:
    """Every `url`, `next` and `previous` in an answer that leads to an object or a list, of whatever server."""
    for key, value in body.items() if isinstance(body, dict) else enumerate(body):
        if isinstance(value, dict | list):
            yield from links(value)
        elif key in ("url", "next", "previous") and OF_THE_API.match(str(value)):
            yield value


def crawl(client: Client, official: Official, *lists: str, **query: Any) -> tuple[Counter[str], Counter[str]]:
    """How many answers there were, by documented path; and what was wrong with them, how often.

    It begins with these lists. Where it meets an object, it asks for the list too; a list in all its modes, with this
    query; and for each object of a list, for not all of them have a `url`.
    """
    answers, wrong = Counter[str](), Counter[str]()
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
    for url in urls:  # it grows
        if not url.startswith(f"{HOST}/"):
            wrong[f"{url} on another server"] += 1
            continue
        path = official.path(url)
        answers[path] += 1
        response = client.get(url)
        if response.status_code != 200:
            wrong[f"{path} {response.status_code}"] += 1
            continue
        body = response.json()
        wrong.update(f"{path} {re.sub('[0-9]+', '*', error)}" for error in official.errors(path, body))
        mode = parse_qs(urlsplit(url).query).get("mode")
        if mode and {one["response_mode"] for one in body["results"]} - {*mode}:
            wrong[f"{path} in another mode than {mode}"] += 1
        follow_list(path.removesuffix("{id}/"))
        for link in (*links(body), *(f"{HOST}{path}{one['id']}/" for one in body.get("results", ()))):
            follow(link)
    return answers, wrong


def test_real_answers_keep_to_the_document(reference: Path) -> None:
    """With exactly those exceptions that are allowed everywhere."""
    official = Official(reference, NULLS)
    for name, body in recorded_responses(reference):
        first = body.get("results", [body])[0]["url"]
        path = official.path(first)
        assert official.errors(path.removesuffix("{id}/") if "results" in body else path, body) == [], name
    assert official.nulls_seen == set(NULLS)


@pytest.mark.dataset("reference")
def test_crawl_of_the_real_answers(client: Client, reference: Path) -> None:
    official = Official(reference, NULLS | UNTOLD)
    answers, wrong = crawl(client, official, *MAIN_ENDPOINTS)
    assert not wrong, pformat(wrong)
    assert official.nulls_seen == NULLS.keys() | UNTOLD.keys()
    assert {*MAIN_ENDPOINTS} < answers.keys()
    assert answers.total() > 400


@pytest.mark.dataset("small")
def test_crawl_of_examples(client: Client, reference: Path) -> None:
    """Of everything that we serve, in pages of two. Nothing is null there but where the document must be wrong."""
    ours = {path: view for path, view in endpoints().items() if path.startswith("/2.3.0/")}
    official = Official(reference, [FREE])
    answers, wrong = crawl(client, official, *ours, limit=2)
    assert wrong.keys() == {NOT_SERVED}, pformat(wrong)
    assert official.nulls_seen == {FREE}
    assert ours.keys() <= answers.keys()
