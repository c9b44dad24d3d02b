"""No dead ends in the older versions: every `url` resolves, and leads to an answer of the same version."""

import re
from collections import Counter
from pprint import pformat
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.api.v2_3_0.test_crawl import links
from tests.endpoints import endpoints
from tests.examples import HOST

NOT_SERVED = {"2.2.0": {"/2.2.0/event/*/ 404"}, "2.0.0": set[str]()}
"""Spacewalks tell the addresses of events, which are not served."""

pytestmark = [pytest.mark.django_db, pytest.mark.dataset("small")]


@pytest.mark.parametrize("version", ["2.2.0", "2.0.0"])
def test_crawl(client: Client, version: str) -> None:
    """From every list in every mode, in pages of two, wherever urls lead."""
    ours = {path: view for path, view in endpoints().items() if path.startswith(f"/{version}/")}
    urls = {
        f"{HOST}{path}?{urlencode({'mode': mode, 'limit': 2})}": None
        for path, view in ours.items()
        for mode in view.modes
    }
    answers, wrong = Counter[str](), Counter[str]()
    queue = list(urls)
    for url in queue:  # it grows
        path = re.sub(r"\d+(?=/$)|[0-9a-f-]{36}", "*", url.removeprefix(HOST).partition("?")[0])
        response = client.get(url)
        if response.status_code != 200:
            wrong[f"{path} {response.status_code}"] += 1
            continue
        answers[path] += 1
        body = response.json()
        for link in (*links(body), *(f"{url.partition('?')[0]}{one['id']}/" for one in body.get("results", ()))):
            if not link.startswith(f"{HOST}/{version}/"):
                wrong[f"{path} leads to {link}"] += 1
            elif link not in urls:
                urls[link] = None
                queue.append(link)
    assert wrong.keys() == NOT_SERVED[version], pformat(wrong)
    assert ours.keys() <= answers.keys()
    assert answers.total() > len(ours) * 3
