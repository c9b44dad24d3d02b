"""axe-core finds no violation of its rules on any kind of page, in both color schemes.

Except for Swagger UI and ReDoc, whose pages are made by the scripts of these libraries.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from spacedb.rest.versions import versions
from tests.browser.conftest import NewPage

NEWEST = next(iter(versions()))

PATHS = [
    "/",
    "/explore/",
    "/explore/stations/4/",
    "/search/?q=soyuz",
    "/docs/reference/settings/",
    "/health/",
    "/admin/login/",
    "/nothing/",
    f"/{NEWEST}/",
    f"/{NEWEST}/spacecraft/",
    f"/{list(versions())[-1]}/spacecraft/",
    f"/{NEWEST}/spacecraft/?limit=nonsense&in_space=maybe",
    f"/{NEWEST}/spacecraft_flights/358/",
    f"/{NEWEST}/launches/?limit=100&mode=detailed",
    f"/{NEWEST}/launches/?view=json&limit=1",
    f"/{NEWEST}/agencies/121/",
    f"/{NEWEST}/spacecraft_flights/0/",
    f"/{NEWEST}/dashboard/starship/",
]

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_neutral]


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_accessible(new_page: NewPage, path: str) -> None:
    page = new_page(color_scheme="light")
    page.goto(path, wait_until="networkidle")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    page.emulate_media(color_scheme="dark")
    results = Axe().run(page, options={"runOnly": ["color-contrast"]})
    assert results.violations_count == 0, results.generate_report()
