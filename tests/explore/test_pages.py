"""What holds for all pages: their size, their queries, their links, conditional requests, and errors."""

import datetime as dt
import itertools
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from flights.models import (
    Astronaut,
    AstronautFlight,
    DockingEvent,
    Expedition,
    LandingLocation,
    Launch,
    LaunchStatus,
    Location,
    Pad,
    SpacecraftFlight,
    SpaceStation,
)
from spacecraft.models import Spacecraft, SpacecraftConfigFamily
from tests.database_gone import database_gone
from tests.explore.reading import HTML, nodes, request_page, text_of, urls_in
from tests.flights.histories import START, create_spacecraft, flown
from tests.page_checks import PageParser, unsafe_link

PAGES = ("/", "/search/", "/search/?q=a", "/explore/")
MAX_QUERIES = {"/": 13, "/search/?q=a": 8, "/explore/": 8, "station": 12}
"""The number of queries of a page, with that of the revision, whatever is stored."""

YEARS = range(1950, 2025)

pytestmark = pytest.mark.django_db


def pages() -> list[str]:
    """All pages; those of stations for the first and the last station."""
    ids = sorted(SpaceStation.objects.filter(pk__gte=0).values_list("pk", flat=True))
    return [*PAGES, *(f"/explore/stations/{pk}/" for pk in {*ids[:1], *ids[-1:]})]


@cache
def status_of(url: str) -> int:
    """Return the status of a page or of JSON. It is cached: many pages have the same links."""
    return Client().get(url).status_code


def check_pages() -> None:
    """Check the size, the policy and the number of queries of each page."""
    for url in pages():
        with CaptureQueriesContext(connection) as queries:
            page = request_page(url)
        name = "station" if "stations" in url else url
        if name in MAX_QUERIES:
            assert len(queries) <= MAX_QUERIES[name], (url, [query["sql"] for query in queries])
        assert len(page.encode()) < 1_000_000
        assert nodes(page) < 20_000
        parsed = PageParser(page)
        assert (parsed.inline_scripts, parsed.styles) == ([], [])
        assert [link for link in parsed.links if unsafe_link(link)] == []
        for source in parsed.sources:
            assert source.startswith("https://") or finders.find(source.removeprefix("/static/")), source
        assert page.count("<h1") == 1
        ids = re.findall(r'\bid="([^"]*)"', page)
        assert len(ids) == len(set(ids))


@pytest.mark.dataset("synthetic")
@pytest.mark.usefixtures("no_n_plus_one")
def test_pages_of_a_synthetic_catalogue() -> None:
    check_pages()


@pytest.mark.dataset("catalogue")
@pytest.mark.usefixtures("no_n_plus_one")
def test_pages_of_complete_and_of_odd_objects() -> None:
    check_pages()


@pytest.mark.dataset("sparse")
@pytest.mark.usefixtures("no_n_plus_one")
def test_pages_of_objects_without_values() -> None:
    check_pages()


@pytest.mark.usefixtures("no_n_plus_one")
def test_pages_of_an_empty_database_say_how_to_load_data() -> None:
    check_pages()
    for url in ("/", "/explore/"):
        page = request_page(url)
        assert "starter catalogue" in text_of(page)
        assert "/docs/how-to/mirror/" in urls_in(page)
    assert "no space stations yet" in text_of(request_page("/explore/"))


@pytest.mark.vendor_neutral
def test_pages_of_large_catalogues() -> None:
    """More of everything than the pages show: flights of many families in every year, pads, stations, crews."""
    status = LaunchStatus.objects.create(pk=3, name="Success")
    launches = [Launch(name="Launch", status=status, net=dt.datetime(year, 1, 1, tzinfo=dt.UTC)) for year in YEARS]
    Launch.objects.bulk_create(launches)
    name = " with a name of some length"
    families = [SpacecraftConfigFamily.objects.create(name=f"Family {number}{name}") for number in range(30)]
    configs = [family.spacecraft.create(name=f"Configuration of {family}") for family in families for _ in range(3)]
    craft = Spacecraft.objects.bulk_create(
        Spacecraft(pk=number, name=f"Craft {number}{name}", spacecraft_config=config, in_space=True)
        for number, config in enumerate(configs)
    )
    flights = SpacecraftFlight.objects.bulk_create(
        SpacecraftFlight(pk=number, spacecraft=one, launch=launch)
        for number, (one, launch) in enumerate(itertools.product(craft, launches))
    )
    stations = SpaceStation.objects.bulk_create(
        SpaceStation(pk=number, name=f"Station {number}{name}") for number in range(100)
    )
    expeditions = Expedition.objects.bulk_create(
        Expedition(pk=number, name=f"Expedition {number}", spacestation=stations[0], start=START, end=end)
        for number, end in enumerate([None, START] * 100)
    )
    astronaut = Astronaut.objects.create(name="Valentina Tereshkova")
    crews = [{"flight": flight, "phase": AstronautFlight.Phase.LAUNCH} for flight in flights[-300:]]
    crews += [{"expedition": expedition} for expedition in expeditions]
    AstronautFlight.objects.bulk_create(
        AstronautFlight(**crew, number=number, astronaut=astronaut) for crew in crews for number in range(10)
    )
    DockingEvent.objects.bulk_create(
        DockingEvent(pk=number, flight_vehicle_chaser=flight, space_station_target=stations[0], docking=START)
        for number, flight in enumerate(flights[-300:])
    )
    Location.objects.bulk_create(
        Location(pk=number, name=f"Location {number}{name}", latitude=number % 90, longitude=number % 180)
        for number in range(300)
    )
    Pad.objects.bulk_create(Pad(pk=number, name=f"Pad{name}", location_id=number % 300) for number in range(1500))
    LandingLocation.objects.bulk_create(
        LandingLocation(pk=number, name=f"Sea{name}", location_id=number) for number in range(300)
    )
    check_pages()


@pytest.mark.vendor_neutral
@pytest.mark.dataset("small")
def test_links_work() -> None:
    """Without the OpenAPI documents, which take seconds, and without the example requests: test_home.py sends them."""
    for url in pages():
        for link in urls_in(request_page(url)):
            if not link.startswith(("https:", "#", "http://testserver")) and "/schema/" not in link:
                assert status_of(urljoin(url, link).partition("#")[0]) in {200, 302}, link


@pytest.mark.dataset("small")
def test_conditional_requests() -> None:
    client = Client(headers=HTML)
    for url in pages():
        response = client.get(url)
        assert response["Cache-Control"] == "no-cache"
        assert "Accept-Encoding" in response["Vary"]
        etag = response["ETag"]
        assert client.get(url, headers={"if-none-match": etag}).status_code == 304
        assert client.get(url, headers={"if-none-match": '"other"'}).status_code == 200
        head = client.head(url)
        assert (head.status_code, head["ETag"], head.content) == (200, etag, b"")
        compressed = client.get(url, headers={"accept-encoding": "br"})
        assert compressed["Content-Encoding"] == "br"
        assert compressed["ETag"] != etag
        assert len(compressed.content) < len(response.content)


@pytest.mark.dataset("small")
def test_pages_change_with_the_data_and_with_time(set_time: Callable[[dt.datetime], None]) -> None:
    client = Client(headers=HTML)

    def is_current(url: str, etag: str) -> bool:
        return client.get(url, headers={"if-none-match": etag}).status_code == 304

    day, now = dt.timedelta(days=1), dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    set_time(now)
    create_spacecraft(flown(1, None), in_space=True)
    etags = {url: client.get(url)["ETag"] for url in ("/", "/explore/")}
    assert all(is_current(url, etag) for url, etag in etags.items())
    set_time(now + day)
    assert not is_current("/", etags["/"])  # days in space
    assert is_current("/explore/", etags["/explore/"])
    SpaceStation.objects.filter(pk__gte=0).update(name="New name")
    assert not is_current("/explore/", etags["/explore/"])


def test_other_methods_and_unknown_pages() -> None:
    for url in PAGES:
        assert Client(enforce_csrf_checks=True).post(url).status_code == 405
    for url in ("/explore/stations/5/", "/explore/stations/-1/", "/explore/stations/99999999999999999999/"):
        assert Client(headers=HTML).get(url).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_without_a_database(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for url in (*PAGES[:1], *PAGES[2:], "/explore/stations/4/"):
        with database_gone(tmp_path):
            caplog.clear()
            response = Client(headers=HTML).get(url)
            assert (response.status_code, response["Retry-After"]) == (503, "5")
            assert response["Cache-Control"] == "no-store"
            assert "The database cannot be reached. Try again in a moment." in text_of(response.text)
            assert sum("database unavailable" in record.getMessage() for record in caplog.records) == 1
    assert request_page("/")
    with database_gone(tmp_path):
        assert Client().get("/").status_code == 200  # JSON needs no database
