"""The timeline of flights by family and year."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from flights.models import Launch, LaunchStatus, SpacecraftFlight
from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftConfigFamily
from spacedb.explore import timeline as module
from spacedb.explore.timeline import MAX_YEARS, Cell, timeline
from tests.explore.reading import request_page, section, text_of, url_of, urls_in

pytestmark = pytest.mark.django_db


def add_flights(config: SpacecraftConfig | None, *years: int, status: int = 3) -> None:
    craft = Spacecraft.objects.create(name="Nyx", spacecraft_config=config)
    LaunchStatus.objects.get_or_create(pk=status, defaults={"name": f"Status {status}"})
    for year in years:
        launch = Launch.objects.create(name="Rocket", status_id=status, net=dt.datetime(year, 6, 1, tzinfo=dt.UTC))
        SpacecraftFlight.objects.create(spacecraft=craft, launch=launch)


def add_config(name: str, *families: SpacecraftConfigFamily) -> SpacecraftConfig:
    config = SpacecraftConfig.objects.create(name=name)
    config.family.set(families)
    return config


def counts() -> dict[str, dict[int, int]]:
    """The number of flights by the name of the row and year."""
    return {row.name: {cell.year: cell.count for cell in row.cells} for row in timeline().rows}


def test_flights_are_counted_by_widest_family_and_year() -> None:
    wide = SpacecraftConfigFamily.objects.create(name="Wide")
    narrow = SpacecraftConfigFamily.objects.create(name="Narrow", parent=wide)
    add_flights(add_config("First", narrow, wide), 1990, 1990, 1992)
    add_flights(add_config("Second", wide), 1990)
    add_flights(add_config("Alone"), 1989)
    add_flights(None, 1995)
    add_flights(add_config("Planned"), 1991, status=1)
    assert counts() == {
        "Alone": {1989: 1},
        "Wide": {1990: 3, 1992: 1},
        "Configuration unknown": {1995: 1},
    }
    chart = timeline()
    assert (chart.years, chart.total) == (range(1989, 1996), 6)


def test_numbers_lead_to_the_launches(client: Client) -> None:
    config = add_config("Alone")
    other = add_config("Other", SpacecraftConfigFamily.objects.create(name="Family"))
    add_flights(config, 1990, 1990, 1991)
    add_flights(other, 1990)
    page = section(request_page("/explore/"), "timeline")
    for label, count in (("1990: 2", 2), ("1991: 1", 1), ("1990: 1", 1)):
        assert client.get(url_of(page, label)).json()["count"] == count
    assert "Alone 3 1990: 2 , 1991: 1" in text_of(page)
    assert "Alone, 1990: 2 flights" in text_of(page)
    # The grid has the same links as the table, but the keyboard stops in the table only.
    assert page.count('tabindex="-1"') == 3
    assert len(urls_in(page)) == 3 + 3 + 2


def test_many_families_share_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ROWS", 2)
    for number in range(5):
        add_flights(add_config(f"Config {number}"), *range(1990 + number, 2000))
    assert [(row.name, row.total) for row in timeline().rows] == [
        ("Config 0", 10),
        ("Config 1", 9),
        ("3 other families", 8 + 7 + 6),
    ]
    assert request_page("/explore/")


def test_many_years() -> None:
    add_flights(add_config("Odd"), 1000, 2000, 2001)
    chart = timeline()
    assert chart.years == range(2002 - MAX_YEARS, 2002)
    assert counts() == {"Odd": {2000: 1, 2001: 1}}
    assert request_page("/explore/")


def test_years_at_the_limits_of_dates() -> None:
    add_flights(None, 1, 9999)
    assert timeline().years.stop == 10000
    assert request_page("/explore/")


@pytest.mark.parametrize(("count", "level"), [(1, 1), (2, 1), (3, 2), (7, 2), (8, 3), (1000, 3)])
def test_shades(count: int, level: int) -> None:
    assert Cell(2000, count, "", 0, 0).level == level


@pytest.mark.parametrize(("count", "text"), [(7, "7"), (999, "999"), (1000, "1k"), (25_999, "25k"), (10**9, "99k")])
def test_large_numbers_fit_into_their_cells(count: int, text: str) -> None:
    assert Cell(2000, count, "", 0, 0).text == text


@pytest.mark.dataset("synthetic")
def test_all_flown_flights_are_counted() -> None:
    flown: Any = SpacecraftFlight.objects.filter(launch__status__in=(3, 4, 6, 7, 9), launch__net__isnull=False)
    assert timeline().total == flown.count() > 100
