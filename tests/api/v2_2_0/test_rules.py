"""Rules of the older versions: they hide what they do not support, and their documents do not erase other data."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client

from agencies.models import Agency
from flights.models import (
    Astronaut,
    CelestialBody,
    DockingEvent,
    DockingLocation,
    FirstStage,
    Landing,
    Launch,
    LaunchStatus,
    Location,
    NetPrecision,
    Pad,
    SpacecraftFlight,
    SpaceStation,
    Spacewalk,
)
from spacecraft.models import Spacecraft
from spacedb.catalogue.models import Resource
from spacedb.common.models import Country, Image, SocialMedia, SocialMediaLink
from spacedb.ingest.ingest import IngestError, ingest
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db

LAUNCH = UUID(int=1)
WHEN = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def launch(n: int = 1, **values: Any) -> Launch:
    return Launch.objects.create(pk=UUID(int=n), name=f"Launch {n}", net=WHEN, **values)


def get_json(client: Client, path: str, **query: Any) -> Any:
    response = client.get(path, query)
    assert response.status_code == 200, response.content
    return response.json()


def ids(client: Client, path: str, **query: Any) -> list[Any]:
    return [row["id"] for row in get_json(client, path, **query)["results"]]


def ids_of_launches(client: Client, version: str, **query: Any) -> set[int]:
    return {UUID(pk).int for pk in ids(client, f"/{version}/launch/", **query)}


# --- Launches ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def statuses() -> None:
    for pk, name, abbrev in ((6, "Launch in Flight", "In Flight"), (9, "Payload Deployed", "Deployed")):
        LaunchStatus.objects.create(pk=pk, name=name, abbrev=abbrev, description="Text.")


@pytest.mark.usefixtures("statuses")
def test_payload_deployed_is_shown_as_in_flight(client: Client) -> None:
    launch(1, status_id=9)
    assert get_json(client, f"/2.3.0/launches/{LAUNCH}/")["status"]["id"] == 9
    document = get_json(client, f"/2.2.0/launch/{LAUNCH}/")["status"]
    assert (document["id"], document["name"], document["abbrev"]) == (6, "Launch in Flight", "In Flight")
    assert get_json(client, f"/2.0.0/launch/{LAUNCH}/")["status"] == {"id": 6, "name": "In Flight"}
    assert ids(client, "/2.2.0/config/launchstatus/") == [6]
    assert ids(client, "/2.3.0/config/launch_statuses/") == [6, 9]


@pytest.mark.usefixtures("statuses")
def test_status_filters_use_the_shown_status(client: Client) -> None:
    for n, status in ((1, 6), (2, 9), (3, None)):
        launch(n, status_id=status)
    for query in ({"status": 6}, {"status__ids": "6"}, {"status__ids": "6,9"}):
        assert ids_of_launches(client, "2.2.0", **query) == {1, 2}
    assert ids_of_launches(client, "2.2.0", status__ids="9") == set()
    assert ids_of_launches(client, "2.0.0", status=6) == {1, 2}
    assert client.get("/2.2.0/launch/", {"status": 9}).status_code == 400


def test_in_flight_exists_if_payload_deployed_does(client: Client) -> None:
    assert client.get("/2.2.0/launch/", {"status": 6}).status_code == 400
    LaunchStatus.objects.create(pk=9, name="Payload Deployed", abbrev="Deployed", description="Text.")
    launch(1, status_id=9)
    assert ids_of_launches(client, "2.2.0", status=6) == ids_of_launches(client, "2.0.0", status=6) == {1}
    assert ids(client, "/2.2.0/config/launchstatus/") == [6]
    assert get_json(client, "/2.2.0/config/launchstatus/6/")["name"] == "Launch in Flight"
    for path in ("/2.2.0/config/launchstatus/9/", "/2.3.0/config/launch_statuses/6/"):
        assert client.get(path).status_code == 404
    for status in (9, "six", "66"):
        assert client.get("/2.2.0/launch/", {"status": status}).status_code == 400


@pytest.mark.usefixtures("statuses")
def test_in_flight_does_not_erase_payload_deployed(client: Client) -> None:
    launch(1, status_id=9)
    for path in ("/2.2.0/launch/", "/2.0.0/launch/"):
        ingest([(path, get_json(client, f"{path}?mode=normal"))])
        assert Launch.objects.get().status_id == 9
    document = get_json(client, "/2.2.0/launch/")
    document["results"][0]["status"] = {"id": 3, "name": "Launch Successful", "abbrev": "Success", "description": ""}
    ingest([("later", document)])
    assert Launch.objects.get().status_id == 3


def test_launches_from_other_celestial_bodies_are_hidden(client: Client) -> None:
    spacecraft = Spacecraft.objects.create(pk=1, name="Eagle")
    for n, (pk, name) in enumerate(((CelestialBody.EARTH, "Earth"), (2, "The Moon"), (None, "")), start=1):
        body = CelestialBody.objects.create(pk=pk, name=name) if pk else None
        pad = Pad.objects.create(pk=n, location=Location.objects.create(pk=n, celestial_body=body))
        SpacecraftFlight.objects.create(pk=n, spacecraft=spacecraft, launch=launch(n, pad=pad))
    launch(4)
    assert len(get_json(client, "/2.3.0/launches/")["results"]) == 4
    astronaut = Astronaut.objects.create(pk=1, name="Somebody")
    astronaut.flights.set(Launch.objects.all())
    astronaut.landings.set(SpacecraftFlight.objects.all())
    for version in ("2.2.0", "2.0.0"):
        assert ids_of_launches(client, version) == {1, 3, 4}
        assert client.get(f"/{version}/launch/{UUID(int=2)}/").status_code == 404
        assert ids(client, f"/{version}/spacecraft/flight/") == [1, 3]
        assert [row["id"] for row in get_json(client, f"/{version}/spacecraft/1/")["flights"]] == [1, 3]
        document = get_json(client, f"/{version}/astronaut/1/")
        assert {UUID(row["id"]).int for row in document["flights"]} == {1, 3, 4}
        assert [row["id"] for row in document["landings"]] == [1, 3]
        ingest([("again", document)])  # what is hidden is not deleted
        assert (astronaut.flights.count(), astronaut.landings.count()) == (4, 3)


def test_nested_flights_from_other_celestial_bodies_are_hidden(client: Client) -> None:
    station = SpaceStation.objects.create(pk=4, name="Station")
    for n, (pk, name) in enumerate(((CelestialBody.EARTH, "Earth"), (2, "The Moon")), start=1):
        body = CelestialBody.objects.create(pk=pk, name=name)
        pad = Pad.objects.create(pk=n, location=Location.objects.create(pk=n, celestial_body=body))
        flight = SpacecraftFlight.objects.create(
            pk=n, launch=launch(n, pad=pad), spacecraft=Spacecraft.objects.create(pk=n, name="Eagle")
        )
        FirstStage.objects.create(pk=n, launch=flight.launch, landing=Landing.objects.create(pk=n))
        Spacewalk.objects.create(pk=n, name="Walk", spacecraft_flight=flight)
        port = DockingLocation.objects.create(pk=n, name=f"Port {n}", spacestation=station)
        DockingEvent.objects.create(
            pk=n, docking=WHEN, docking_location=port, flight_vehicle_chaser=flight, space_station_target=station
        )
    for n, values in ((3, {"flight_vehicle_target_id": 2, "flight_vehicle_chaser_id": 1}), (4, {})):
        port = DockingLocation.objects.create(pk=n, name=f"Port {n}", spacestation=station)
        DockingEvent.objects.create(pk=n, docking=WHEN, docking_location=port, **values)
    assert ids(client, "/2.2.0/landings/") == [1]
    for version in ("2.2.0", "2.0.0"):
        ports = get_json(client, f"/{version}/spacestation/4/")["docking_location"]
        assert [row["docked"] and row["docked"]["id"] for row in ports] == [1, None, None, None]
        assert client.get(ports[0]["docked"]["url"]).status_code == 200
    walks = {n: get_json(client, f"/2.2.0/spacewalks/{n}/") for n in (1, 2)}
    assert [row["spacecraft_flight"] and row["spacecraft_flight"]["id"] for row in walks.values()] == [1, None]
    ingest([("again", walks[2])])
    assert Spacewalk.objects.get(pk=2).spacecraft_flight_id == 2


def test_a_rocket_has_one_spacecraft(client: Client) -> None:
    launch_row = launch(1, rocket_id=7)
    for pk in (5, 3):
        SpacecraftFlight.objects.create(
            pk=pk, launch=launch_row, spacecraft=Spacecraft.objects.create(pk=pk, name=f"Craft {pk}")
        )
    for version in ("2.2.0", "2.0.0"):
        document = get_json(client, f"/{version}/launch/{LAUNCH}/")
        assert document["rocket"]["spacecraft_stage"]["id"] == 3
        ingest([("again", document)])
    assert launch_row.spacecraft_flights.count() == 2


PRECISIONS = [
    # id, tbdtime, tbddate
    (None, False, False),
    (0, False, False),
    (2, False, False),
    (3, True, False),
    (5, True, False),
    (6, True, True),
    (14, True, True),
]


@pytest.mark.parametrize(("precision", "tbdtime", "tbddate"), PRECISIONS)
def test_flags_follow_from_the_precision(client: Client, precision: int | None, tbdtime: bool, tbddate: bool) -> None:
    row = NetPrecision.objects.create(pk=precision, name="Precision") if precision is not None else None
    launch(1, net_precision=row, status=LaunchStatus.objects.create(pk=5, name="On Hold", abbrev="Hold"))
    document = get_json(client, f"/2.0.0/launch/{LAUNCH}/")
    assert (document["tbdtime"], document["tbddate"], document["inhold"]) == (tbdtime, tbddate, True)
    assert document["launch_library_id"] is None


def test_flags_without_a_precision_follow_from_the_status_unless_they_are_stored(client: Client) -> None:
    launch(1, status=LaunchStatus.objects.create(pk=2, name="To Be Determined", abbrev="TBD"))
    document = get_json(client, f"/2.0.0/launch/{LAUNCH}/")
    assert (document["tbdtime"], document["tbddate"], document["inhold"]) == (True, True, False)
    ingest([("changed", document | {"tbddate": False, "inhold": True, "launch_library_id": 17})])
    again = get_json(client, f"/2.0.0/launch/{LAUNCH}/")
    assert (again["tbdtime"], again["tbddate"], again["inhold"], again["launch_library_id"]) == (True, False, True, 17)


def test_docking_events_at_other_targets_are_hidden(client: Client) -> None:
    station = SpaceStation.objects.create(pk=4, name="Station")
    for pk in (1, 2):
        SpacecraftFlight.objects.create(pk=pk)
    DockingEvent.objects.create(pk=1, docking=WHEN, flight_vehicle_chaser_id=1, space_station_target=station)
    DockingEvent.objects.create(pk=2, docking=WHEN, flight_vehicle_chaser_id=1, flight_vehicle_target_id=2)
    for version in ("2.2.0", "2.0.0"):
        assert ids(client, f"/{version}/docking_event/") == [1]
        events = get_json(client, f"/{version}/spacecraft/flight/1/")["docking_events"]
        assert [row["spacestation"]["id"] for row in events] == [4]


def test_filters_by_place_and_provider(client: Client) -> None:
    agency = Agency.objects.create(pk=1, name="One")
    part = Agency.objects.create(pk=2, name="Part of one", parent=agency)
    place = Location.objects.create(pk=8)
    pad = Pad.objects.create(pk=9, location=place)
    launch(1, launch_service_provider=agency)
    launch(2, launch_service_provider=part)
    launch(3, pad=pad)
    launch(4, pad=pad, launch_service_provider=agency)
    launch(5)

    def filtered(**query: Any) -> set[int]:
        return ids_of_launches(client, "2.2.0", **query)

    assert filtered(lsp__id=1) == filtered(lsp__ids="1,77") == {1, 4}
    assert filtered(lsp__id=1, related="true") == {1, 2, 4}
    assert filtered(location__ids=8) == filtered(pad__ids=9) == {3, 4}
    assert filtered(lsp__ids=1, location__ids=8) == {1, 3, 4}
    assert filtered(lsp__ids=1, location__ids=8, strict_filtering="true") == {4}
    assert filtered(lsp__ids=2, location__ids=8, related="true", strict_filtering="true") == set()


# --- Strings ----------------------------------------------------------------------------------------------------------


def test_countries_years_coordinates_and_images_are_strings(client: Client) -> None:
    countries = [
        Country.objects.create(pk=pk, name=name, alpha_3_code=code, nationality_name=nationality)
        for pk, name, code, nationality in ((1, "Chile", "CHL", "Chilean"), (2, "Peru", "PER", "Peruvian"))
    ]
    image = Image.objects.create(pk=1, image_url="https://example.com/1.png", thumbnail_url="https://example.com/t.png")
    agency = Agency.objects.create(pk=1, name="One", founding_year=1999, image=image)
    agency.country.set(countries)
    astronaut = Astronaut.objects.create(pk=1, name="Somebody", image=image)
    astronaut.nationality.set(countries)
    Pad.objects.create(pk=1, name="A", latitude=28.5, longitude=-80.25, country=countries[0]).agencies.set([agency])
    for version in ("2.2.0", "2.0.0"):
        document = get_json(client, f"/{version}/agencies/1/")
        assert (document["country_code"], document["founding_year"]) == ("CHL,PER", "1999")
        assert (document["image_url"], document["logo_url"], document["type"]) == (
            "https://example.com/1.png",
            None,
            None,
        )
        pad = get_json(client, f"/{version}/pad/1/")
        assert (pad["latitude"], pad["longitude"], pad["agency_id"]) == ("28.5", "-80.25", 1)
        somebody = get_json(client, f"/{version}/astronaut/1/")
        assert somebody["nationality"] == "Chilean, Peruvian"
        assert somebody["profile_image_thumbnail"] == "https://example.com/t.png"
    assert "country_code" not in get_json(client, "/2.0.0/pad/1/")
    assert ids(client, "/2.2.0/pad/", latitude__contains="8.5") == [1]
    assert ids(client, "/2.2.0/pad/", agency_id=1) == ids(client, "/2.2.0/pad/", latitude="28.5") == [1]
    assert ids(client, "/2.2.0/agencies/", country_code="PER", founding_year="1999") == [1]


def test_countries_without_a_nationality_name_are_not_erased(client: Client) -> None:
    for pk, code, nationality in ((1, "CHL", "Chilean"), (2, "PER", ""), (3, "", "Bolivian")):
        Country.objects.create(pk=pk, name=f"Country {pk}", alpha_3_code=code, nationality_name=nationality)
    agency = Agency.objects.create(pk=1, name="One")
    agency.country.set([3, 1])
    astronauts = [Astronaut.objects.create(pk=pk, name=f"Somebody {pk}") for pk in (1, 2)]
    for astronaut, countries in zip(astronauts, ([2, 1], [2]), strict=True):
        astronaut.nationality.set(countries)
    for version in ("2.2.0", "2.0.0"):
        document = get_json(client, f"/{version}/astronaut/")
        assert [row["nationality"] for row in document["results"]] == ["Chilean", ""]
        of_agency = get_json(client, f"/{version}/agencies/1/")
        assert of_agency["country_code"] == "CHL"
        for row in document["results"]:
            ingest([("again", row), ("null", row | {"nationality": None}), ("without", row | {"nationality": ""})])
        ingest([("again", of_agency), ("without", of_agency | {"country_code": ""})])
        assert [{*astronaut.nationality.values_list("pk", flat=True)} for astronaut in astronauts] == [{1, 2}, {2}]
        assert {*agency.country.values_list("pk", flat=True)} == {1, 3}
    other = get_json(client, "/2.2.0/astronaut/1/") | {"nationality": "Peruvian"}
    ingest([("other", other)])
    assert {row.nationality_name for row in astronauts[0].nationality.all()} == {"Peruvian", ""}


def test_social_networks_are_read_and_served(client: Client) -> None:
    Astronaut.objects.create(pk=1, name="Somebody")
    empty = get_json(client, "/2.2.0/astronaut/1/")
    assert (empty["twitter"], empty["instagram"]) == (None, None)
    links = {"twitter": "https://x.com/somebody", "instagram": "https://instagram.com/somebody"}
    ingest([("with links", empty | links)])
    assert get_json(client, "/2.2.0/astronaut/1/").items() >= links.items()
    ingest([("again, without", empty)])
    assert get_json(client, "/2.2.0/astronaut/1/").items() >= links.items()
    # A document of 2.3.0 contains the id of the link.
    link = SocialMediaLink.objects.get(url=links["twitter"])
    assert link.pk < 0
    network = {"id": 3, "name": "X", "url": None, "logo": None}
    document = get_json(client, "/2.3.0/astronauts/1/")
    document["social_media_links"] = [{"id": 5, "social_media": network, "url": links["twitter"]}]
    ingest([("2.3.0", document)])
    assert list(SocialMediaLink.objects.filter(pk__gte=0).values_list("pk", "url")) == [(5, links["twitter"])]
    assert [row.pk for row in SocialMedia.objects.filter(name="X")] == [3]
    assert get_json(client, "/2.2.0/astronaut/1/")["twitter"] == links["twitter"]


BAD = [
    ("/2.2.0/agencies/1/", {"founding_year": "long ago"}, "A number is required"),
    ("/2.2.0/agencies/1/", {"country_code": 7}, "country_code"),
    ("/2.2.0/agencies/1/", {"country_code": "CHILE"}, "country_code"),
    ("/2.2.0/pad/1/", {"latitude": "NaN"}, "A number is required"),
    ("/2.2.0/pad/1/", {"agency_id": "x"}, "agency_id"),
    (f"/2.0.0/launch/{LAUNCH}/", {"tbdtime": "perhaps"}, "tbdtime"),
    (f"/2.0.0/launch/{LAUNCH}/", {"tbdtime": None}, "may not be null"),
    (f"/2.0.0/launch/{LAUNCH}/", {"status": {"name": "Go"}, "launch_library_id": "x"}, "launch_library_id"),
]


@pytest.mark.parametrize(("path", "change", "reason"), BAD)
def test_errors_name_the_field(client: Client, path: str, change: dict[str, Any], reason: str) -> None:
    Agency.objects.create(pk=1, name="One")
    Pad.objects.create(pk=1, name="A")
    launch(1)
    with pytest.raises(IngestError, match=reason):
        ingest([("bad", get_json(client, path) | change)], strict=True)


# --- Completion -------------------------------------------------------------------------------------------------------

NEWEST = json.loads((ROOT / "fixtures" / "spacecraft_flight_358.json").read_text())
FLIGHTS = {"2.3.0": "/2.3.0/spacecraft_flights/358/", "2.2.0": "/2.2.0/spacecraft/flight/358/"}
FLIGHTS["2.0.0"] = "/2.0.0/spacecraft/flight/358/"


def count_placeholders() -> dict[str, int]:
    """Return the number of placeholder objects by model."""
    counts = {model.__name__: model._base_manager.filter(pk__lt=0).count() for model in resources()}
    return {name: count for name, count in counts.items() if count}


def resources() -> list[Any]:
    return [model for model in apps.get_models() if issubclass(model, Resource)]


@pytest.fixture
def documents(client: Client) -> dict[str, Any]:
    """Return the same flight as a document of each version, and empty the database."""
    ingest([("2.3.0", NEWEST)])
    documents = {version: get_json(client, path) for version, path in FLIGHTS.items()}
    call_command("flush", "--no-input", verbosity=0)
    return documents


@pytest.mark.vendor_neutral
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["2.2.0", "2.0.0"])
def test_a_newer_document_completes_an_older_one(client: Client, documents: dict[str, Any], first: str) -> None:
    ingest([(first, documents[first])])
    assert get_json(client, FLIGHTS[first]) == documents[first]
    before = count_placeholders()
    assert before
    ingest([("2.3.0", documents["2.3.0"])])
    for version, path in FLIGHTS.items():
        assert get_json(client, path) == documents[version]
    after = count_placeholders()
    assert all(after.get(name, 0) < count for name, count in before.items() if name in ("Country", "AstronautRole"))


@pytest.mark.vendor_neutral
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("later", ["2.2.0", "2.0.0"])
def test_an_older_document_erases_nothing(client: Client, documents: dict[str, Any], later: str) -> None:
    ingest([("2.3.0", documents["2.3.0"])])
    summary = ingest([(later, documents[later])])
    assert {name: counts for name, counts in summary.models.items() if counts[0]} == {}
    for version, path in FLIGHTS.items():
        assert get_json(client, path) == documents[version]


def test_an_event_without_an_id_is_merged_with_the_one_that_has_it(client: Client) -> None:
    station = {"id": 4, "name": "Station"}
    SpacecraftFlight.objects.create(pk=1)
    document = get_json(client, "/2.0.0/spacecraft/flight/1/")
    document["docking_events"] = [
        {"spacestation": station, "docking": "2024-05-06T07:08:09Z", "departure": None, "docking_location": None}
    ]
    del document["docking_events"][0]["docking_location"]
    ingest([("2.0.0", document)])
    assert [(row.pk, row.docking) for row in DockingEvent.objects.all()] == [(-1, WHEN)]
    event = {"id": 12, "url": "http://testserver/2.2.0/docking_event/12/", "docking": "2024-05-06T07:08:09Z"}
    vehicle = {"id": 1, "url": "http://testserver/2.2.0/spacecraft/flight/1/"}
    ingest([("2.2.0", event | {"departure": "2024-06-01T00:00:00Z", "flight_vehicle": vehicle})])
    merged = DockingEvent.objects.get()
    assert (merged.pk, merged.flight_vehicle_chaser_id) == (12, 1)
    assert len(get_json(client, "/2.0.0/spacecraft/flight/1/")["docking_events"]) == 1
