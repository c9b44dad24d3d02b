"""Follow all links of the older versions: every `url` resolves, to a response of the same version."""

import re
from collections import Counter
from pprint import pformat
from urllib.parse import urlencode

import pytest
from django.test import Client

from spacedb.rest.versions import versions
from tests.api.v2_3_0.test_crawl import links
from tests.endpoints import resource_endpoints
from tests.examples import HOST

OLDER = tuple(versions())[1:]

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.dataset("small and dashboard"),
    pytest.mark.vendor_neutral,
    pytest.mark.usefixtures("time_between_examples"),
]


@pytest.mark.parametrize("version", OLDER)
def test_crawl(client: Client, version: str) -> None:
    """Start from every list in every mode, in pages of two, and from the dashboard, and follow every link."""
    views = {path: view for path, view in resource_endpoints().items() if path.startswith(f"/{version}/")}
    urls = {
        f"{HOST}{path}?{urlencode({'mode': mode, 'limit': 2})}": None
        for path, view in views.items()
        for mode in view.modes
    }
    responses, errors = Counter[str](), Counter[str]()
    queue = list(urls)
    for url in queue:  # the loop appends to the list
        path = re.sub(r"\d+(?=/$)|[0-9a-f-]{36}", "*", url.removeprefix(HOST).partition("?")[0])
        response = client.get(url)
        if response.status_code != 200:
            errors[f"{path} {response.status_code}"] += 1
            continue
        responses[path] += 1
        body = response.json()
        for link in (*links(body), *(f"{url.partition('?')[0]}{row['id']}/" for row in body.get("results", ()))):
            if not link.startswith(f"{HOST}/{version}/"):
                errors[f"{path} leads to {link}"] += 1
            elif link not in urls:
                urls[link] = None
                queue.append(link)
    assert not errors, pformat(errors)
    assert views.keys() <= responses.keys()
    assert responses.total() > len(views) * 3
