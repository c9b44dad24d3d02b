"""The size of pages is limited, whatever the result is."""

from typing import Any

import orjson
import pytest
from django.template import loader
from django.test import Client

from spacedb.pages.detail import build_section
from spacedb.pages.json import highlight
from spacedb.pages.links import VIEWS, Links
from spacedb.pages.tables import build_table
from tests.endpoints import distinct_endpoints, single_objects
from tests.page_checks import check_page, check_size

HTML = {"accept": "text/html"}
LINKS = Links("https://host", "/2.3.0/things/1/", {})

pytestmark = pytest.mark.vendor_neutral


@pytest.mark.django_db
@pytest.mark.dataset("generated")
@pytest.mark.parametrize("path", [path for path in distinct_endpoints() if path.startswith("/2.3.0/")])
def test_size_of_lists_and_details(client: Client, path: str) -> None:
    """The other versions represent the same objects with fewer values."""
    ids = [row["id"] for row in client.get(path, {"limit": 1}).json()["results"]]
    for url in (f"{path}?limit=100&mode=detailed", *(f"{path}{pk}/?" for pk in ids)):
        for view in VIEWS:
            response = client.get(f"{url}&view={view}", headers=HTML)
            assert response.status_code == 200
            check_size(response.text)
            check_page(response)


@pytest.mark.django_db
@pytest.mark.dataset("dashboard")
@pytest.mark.parametrize("path", single_objects())
def test_size_of_single_objects(client: Client, path: str) -> None:
    for view in VIEWS:
        response = client.get(f"{path}?mode=detailed&view={view}", headers=HTML)
        check_size(response.text)
        check_page(response)


def nested(depth: int) -> Any:
    return {f"key_{n}": nested(depth - 1) if depth and n % 3 == 0 else "text " * 50 for n in range(20)}


HUGE: list[Any] = [
    ["<&" * 20] * 50_000,
    {f"key_{n}": n for n in range(20_000)},
    {"text": "<" * 2_000_000, "url": "https://host/" + "a" * 2_000_000},
    {"urls": "https://example.com/a " * 100_000},
    [{"id": n, "name": "<" * 300, "url": f"https://host/{n}/", "a": nested(0)} for n in range(5_000)],
    {f"list_{n}": [{"name": str(m), "value": m} for m in range(100)] for n in range(100)},
    nested(4),
    [[[[]] * 300] * 300],
]


@pytest.mark.parametrize("data", HUGE, ids=range(len(HUGE)))
def test_size_of_anything(data: Any) -> None:
    data = orjson.loads(orjson.dumps(data))
    check_size(highlight(data, LINKS))
    if isinstance(data, dict):
        page = loader.render_to_string("pages/section.html", {"section": build_section("Facts", data, LINKS)})
    else:
        page = loader.render_to_string("pages/table.html", {"table": build_table("Things", data, LINKS, limit=500)})
    check_size(page)
