"""The pages of space stations."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.http import Http404
from django.test import Client

from flights.models import (
    Astronaut,
    AstronautFlight,
    AstronautRole,
    DockingEvent,
    DockingLocation,
    Expedition,
    Payload,
    PayloadFlight,
    SpaceStation,
)
from spacedb.common.models import Image, ImageLicense
from spacedb.explore import stations as module
from spacedb.explore.listings import newest_version
from spacedb.explore.stations import StationPage, station_page
from tests.explore.reading import request_page, section, text_of, url_of
from tests.flights.histories import NOW, create_spacecraft, day, flown
from tests.page_checks import PageParser

NUMBER = newest_version().number

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(set_time: Callable[[dt.datetime], None]) -> SpaceStation:
    """A station with two ports, at the time `NOW`."""
    set_time(NOW)
    station = SpaceStation.objects.create(pk=4, name="Laika Station", founded=day(1).date(), docked_vehicles=1)
    for name in ("Fore", "Aft"):
        DockingLocation.objects.create(name=name, spacestation=station)
    return station


def dock(station: SpaceStation | None, port: str | None, *times: float | None, **values: Any) -> DockingEvent:
    docking, departure = [*map(as_time, times), None][:2]
    if "flight_vehicle_chaser" not in values and not any("chaser" in name for name in values):
        values["flight_vehicle_chaser"] = create_spacecraft(flown(1, None), name="Ship").flights.get()
    location = DockingLocation.objects.get(name=port) if port else None
    return DockingEvent.objects.create(
        space_station_target=station, docking_location=location, docking=docking, departure=departure, **values
    )


def as_time(time: float | None) -> dt.datetime | None:
    return None if time is None else day(time)


def page_of(station: SpaceStation) -> StationPage:
    return station_page(station.pk, NOW)


def docked(station: SpaceStation) -> dict[str, list[str]]:
    """The names of the docked vehicles by port."""
    return {port.name: [one.vehicle.name for one in port.dockings] for port in page_of(station).ports}


def test_facts_and_image(station: SpaceStation) -> None:
    license_ = ImageLicense.objects.create(name="CC BY 4.0", link="https://example.com/license")
    station.image = Image.objects.create(image_url="https://example.com/a.jpg", credit="A. Author", license=license_)
    station.mass = 419.7
    station.save()
    owner = station.owners.create(name="Agency")
    page = request_page("/explore/stations/4/")
    text = text_of(page)
    assert "Founded 2 Jan 2020 Owners Agency Mass 419.7 t" in text
    assert "Image: A. Author, CC BY 4.0" in text
    assert url_of(page, "CC BY 4.0") == "https://example.com/license"
    assert url_of(page, "Agency") == f"/{NUMBER}/agencies/{owner.pk}/"
    assert 'src="https://example.com/a.jpg" alt="Laika Station"' in page
    assert "<title>Laika Station · spacedb</title>" in page


def test_docked_vehicles_are_listed_by_port_with_their_crews(station: SpaceStation) -> None:
    event = dock(station, "Fore", 990)
    AstronautFlight.objects.create(
        flight=event.flight_vehicle_chaser,
        phase=AstronautFlight.Phase.LAUNCH,
        astronaut=Astronaut.objects.create(name="Belka"),
        role=AstronautRole.objects.create(role="Commander"),
    )
    dock(station, None, 995)
    assert docked(station) == {"Fore": ["Ship"], "Aft": [], "": ["Ship"]}
    text = text_of(section(request_page("/explore/stations/4/"), "docked"))
    assert "2 docked vehicles are stored; the total of the station is 1." in text
    assert "Fore Ship 17 Sep 2022 10 days ago Belka Commander" in text
    assert "Unknown port Ship 22 Sep 2022 5 days ago No crew" in text
    assert "Ports without a docked vehicle: Aft." in text


def test_a_docking_ends_with_the_departure_or_with_the_flight(station: SpaceStation) -> None:
    dock(station, "Fore", 900, 950)
    dock(station, "Fore", 900, flight_vehicle_chaser=create_spacecraft(flown(1, 960)).flights.get())
    dock(station, "Aft", 990, 1100)  # a planned departure
    dock(station, "Aft", 1001)  # a planned docking
    dock(station, "Aft", None)
    assert docked(station) == {"Fore": [], "Aft": ["Ship"]}
    past = page_of(station).past_dockings
    assert [(one.vehicle.name, one.days) for one in past] == [("Ship", 50), ("Nyx", None)]
    text = text_of(section(request_page("/explore/stations/4/"), "past"))
    assert "Ship Fore 19 Jun 2022 8 Aug 2022 50" in text
    assert "Nyx Fore 19 Jun 2022" in text


def test_documents_of_older_versions_name_the_station_only_with_the_port(station: SpaceStation) -> None:
    dock(None, "Fore", 990)
    host = create_spacecraft(flown(1, None)).flights.get()
    dock(None, "Aft", 990, flight_vehicle_target=host)  # the target is not the station
    other = SpaceStation.objects.create(name="Other")
    dock(other, None, 990)
    assert docked(station) == {"Fore": ["Ship"], "Aft": []}


def test_stations_and_payloads_dock_too(station: SpaceStation) -> None:
    module_ = SpaceStation.objects.create(name="Module")
    payload_flight = PayloadFlight.objects.create(payload=Payload.objects.create(name="Experiment"))
    dock(station, "Fore", 1, space_station_chaser=module_)
    dock(station, "Aft", 2, payload_flight_chaser=payload_flight)
    dock(station, "Aft", 3, payload_flight_chaser=PayloadFlight.objects.create())
    assert docked(station) == {"Fore": ["Module"], "Aft": ["Unknown payload", "Experiment"]}
    page = request_page("/explore/stations/4/")
    assert url_of(page, "Module") == f"/{NUMBER}/space_stations/{module_.pk}/"
    assert url_of(page, "Experiment") == f"/{NUMBER}/payload_flights/{payload_flight.pk}/"


def test_expeditions(station: SpaceStation, client: Client) -> None:
    for name, start, end in (("First", 1, 100), ("Second", 90, 200), ("Third", 900, None), ("Planned", 1001, None)):
        Expedition.objects.create(
            name=name, spacestation=station, start=day(start), end=None if end is None else day(end)
        )
    AstronautFlight.objects.create(
        expedition=Expedition.objects.get(name="First"), astronaut=Astronaut.objects.create(name="Strelka")
    )
    page = page_of(station)
    assert [(stay.row.name, stay.days) for stay in page.active_expeditions] == [("Third", 100)]
    assert [stay.row.name for stay in page.past_expeditions] == ["Second", "First"]
    html = section(request_page("/explore/stations/4/"), "expeditions")
    assert "First 2 Jan 2020 10 Apr 2020 Strelka" in text_of(html)
    assert client.get(url_of(html, "All expeditions of this station")).json()["count"] == 4


def test_long_tables_end(station: SpaceStation, monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.setattr(module, "MAX_PAST", 3)
    flight = create_spacecraft(flown(1, None)).flights.get()
    for number in range(5):
        dock(station, "Fore", number, number + 0.5, flight_vehicle_chaser=flight)
        Expedition.objects.create(name=f"E{number}", spacestation=station, start=day(number), end=day(number + 1))
    page = page_of(station)
    assert [one.row.docking for one in page.past_dockings] == [day(4), day(3), day(2)]
    assert [stay.row.name for stay in page.past_expeditions] == ["E4", "E3", "E2"]
    html = request_page("/explore/stations/4/")
    assert "the table has the latest 3" in text_of(html)
    assert client.get(url_of(html, "All docking events with this station as the target")).json()["count"] == 5


def test_the_explorer_lists_the_stations(station: SpaceStation) -> None:
    SpaceStation.objects.create(name="New", founded=day(2).date())
    SpaceStation.objects.create(name="Undated")
    text = text_of(section(request_page("/explore/"), "stations"))
    assert text == "Space stations New founded 3 Jan 2020 Laika Station founded 2 Jan 2020 Undated"
    assert url_of(request_page("/explore/"), "Laika Station") == "/explore/stations/4/"


def test_the_explorer_shows_only_images_by_https(station: SpaceStation) -> None:
    station.image = Image.objects.create(image_url="https://example.com/a.jpg")
    station.save()
    image = Image.objects.create(thumbnail_url="http://example.com/b.jpg")
    SpaceStation.objects.create(name="Other", image=image)
    assert PageParser(request_page("/explore/")).images == ["https://example.com/a.jpg"]


def test_a_placeholder_has_no_page() -> None:
    placeholder = SpaceStation.objects.create(pk=-1, name="Placeholder")
    with pytest.raises(Http404):
        station_page(placeholder.pk, NOW)
