"""Filters of launches and astronauts with special semantics."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from agencies.models import Agency
from flights.models import (
    Astronaut,
    AstronautFlight,
    AstronautType,
    DockingEvent,
    Event,
    Expedition,
    FirstStage,
    Launch,
    Launcher,
    LauncherConfig,
    Location,
    Mission,
    Orbit,
    Pad,
    SpacecraftFlight,
    Spacewalk,
    VidURL,
)
from spacecraft.models import Spacecraft
from spacedb.common.models import Country

LAUNCHES = "/2.3.0/launches/"
UPCOMING, PREVIOUS = f"{LAUNCHES}upcoming/", f"{LAUNCHES}previous/"
ASTRONAUTS = "/2.3.0/astronauts/"

NOW = dt.datetime(2026, 3, 14, 15, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)

NETS = {"old": -500, "yesterday": -25, "a day ago": -24, "recent": -3, "now": 0, "soon": 2, "far": 9000}
"""Names of launches, and the hours from now to their NET."""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def listed_names(client: Client, path: str, **query: Any) -> list[str]:
    """Return the names of the listed objects, in order."""
    response = client.get(path, query | {"mode": "list"})
    assert response.status_code == 200, response.content
    return [row["name"] for row in response.json()["results"]]


# --- Upcoming and previous --------------------------------------------------------------------------------------------


@pytest.fixture
def nets() -> None:
    for name, hours in NETS.items():
        Launch.objects.create(name=name, net=NOW + hours * HOUR)
    Launch.objects.create(name="unknown")


@pytest.mark.usefixtures("nets")
def test_all_launches_are_in_order_of_net(client: Client) -> None:
    assert listed_names(client, LAUNCHES) == [*NETS]
    assert listed_names(client, LAUNCHES, ordering="-net") == [*reversed(NETS)]


@pytest.mark.usefixtures("nets")
def test_upcoming_launches_stay_for_a_day(client: Client) -> None:
    assert listed_names(client, UPCOMING) == ["a day ago", "recent", "now", "soon", "far"]


@pytest.mark.usefixtures("nets")
def test_hide_recent_previous(client: Client) -> None:
    assert listed_names(client, UPCOMING, hide_recent_previous="true") == ["now", "soon", "far"]
    assert listed_names(client, UPCOMING, hide_recent_previous="False") == listed_names(client, UPCOMING)
    assert client.get(UPCOMING, {"hide_recent_previous": "perhaps"}).status_code == 400
    # The list of previous launches has no such parameter.
    assert listed_names(client, PREVIOUS, hide_recent_previous="true") == listed_names(client, PREVIOUS)


@pytest.mark.usefixtures("nets")
def test_previous_launches_begin_with_the_latest(client: Client) -> None:
    assert listed_names(client, PREVIOUS) == ["now", "recent", "a day ago", "yesterday", "old"]
    assert listed_names(client, PREVIOUS, ordering="net")[0] == "old"


@pytest.mark.usefixtures("nets")
def test_lists_follow_the_clock(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW + 3 * HOUR)
    assert listed_names(client, UPCOMING) == ["recent", "now", "soon", "far"]
    assert listed_names(client, PREVIOUS)[0] == "soon"


@pytest.mark.usefixtures("nets")
def test_details_exist_in_each_list(client: Client) -> None:
    pages: dict[str, dict[str, int]] = {path: {} for path in (LAUNCHES, UPCOMING, PREVIOUS)}
    for path, statuses in pages.items():
        for launch in Launch.objects.all():
            statuses[launch.name] = client.get(f"{path}{launch.pk}/").status_code
    assert set(pages[LAUNCHES].values()) == {200}
    for path in (UPCOMING, PREVIOUS):
        assert {name for name, status in pages[path].items() if status == 200} == set(listed_names(client, path))
    soon = Launch.objects.get(name="soon").pk
    assert client.get(f"{UPCOMING}{soon}/").json() == client.get(f"{LAUNCHES}{soon}/").json()


def test_upcoming_is_not_an_id(client: Client) -> None:
    assert client.get(UPCOMING).json()["results"] == []
    assert client.get(f"{LAUNCHES}sometime/").status_code == 404
    assert client.get(f"{UPCOMING}sometime/").status_code == 404


# --- Kinds of launches ------------------------------------------------------------------------------------------------


def test_include_suborbital(client: Client) -> None:
    """By default, suborbital launches are included. Launches without an orbit are never excluded."""
    for pk, name in ((15, "Suborbital"), (8, "Low Earth Orbit")):
        mission = Mission.objects.create(orbit=Orbit.objects.create(pk=pk, name=name))
        Launch.objects.create(name=name, mission=mission, net=NOW)
    Launch.objects.create(name="without a mission", net=NOW + HOUR)
    all_names = listed_names(client, LAUNCHES)
    assert len(all_names) == 3
    assert listed_names(client, LAUNCHES, include_suborbital="true") == all_names
    assert set(listed_names(client, LAUNCHES, include_suborbital="false")) == {"Low Earth Orbit", "without a mission"}


def flight(name: str, *phases: str, craft: str = "") -> SpacecraftFlight:
    spacecraft = Spacecraft.objects.create(name=craft)
    row = SpacecraftFlight.objects.create(launch=Launch.objects.create(name=name, net=NOW), spacecraft=spacecraft)
    for phase in phases:
        AstronautFlight.objects.create(flight=row, phase=phase)
    return row


def test_is_crewed(client: Client) -> None:
    """A launch is crewed if people were aboard at lift-off. A landing crew alone does not count."""
    flight("crewed", "launch", "launch", "landing")
    flight("lifeboat", "landing")
    flight("cargo")
    Launch.objects.create(name="satellite", net=NOW)
    assert listed_names(client, LAUNCHES, is_crewed="true") == ["crewed"]
    assert set(listed_names(client, LAUNCHES, is_crewed="false")) == {"lifeboat", "cargo", "satellite"}
    assert len(listed_names(client, LAUNCHES, is_crewed="")) == 4


@pytest.fixture
def agencies() -> None:
    spacex, nasa = Agency.objects.create(name="SpaceX", abbrev="SpX"), Agency.objects.create(name="NASA", abbrev="NASA")
    jpl = Agency.objects.create(name="Jet Propulsion Laboratory", abbrev="JPL", parent=nasa)
    for provider in (spacex, nasa, jpl):
        Launch.objects.create(name=provider.abbrev, launch_service_provider=provider, net=NOW)
    Launch.objects.create(name="without provider", net=NOW)


@pytest.mark.usefixtures("agencies")
@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("SpaceX", {"SpX"}),
        ("spacex", {"SpX"}),
        ("Propulsion", {"JPL"}),
        ("jpl,SpX", {"JPL", "SpX"}),
        ("NASA", {"NASA"}),
        ("Roscosmos", set()),
        (",", {"SpX", "NASA", "JPL", "without provider"}),
    ],
)
def test_provider_by_name(client: Client, names: str, expected: set[str]) -> None:
    assert set(listed_names(client, LAUNCHES, lsp__name=names)) == expected


@pytest.mark.usefixtures("agencies")
def test_related_providers_include_subsidiaries(client: Client) -> None:
    ids = dict(Agency.objects.values_list("abbrev", "pk"))
    assert listed_names(client, LAUNCHES, lsp__id=ids["NASA"]) == ["NASA"]
    assert set(listed_names(client, LAUNCHES, related_lsp__id=ids["NASA"])) == {"NASA", "JPL"}
    assert listed_names(client, LAUNCHES, related_lsp__id=ids["JPL"]) == ["JPL"]
    assert set(listed_names(client, LAUNCHES, related_lsp__id=f"{ids['JPL']},{ids['SpX']}")) == {"JPL", "SpX"}
    assert set(listed_names(client, LAUNCHES, related_lsp__name="NASA")) == {"NASA", "JPL"}
    for name in ("related_lsp__id", "related_lsp__name"):
        assert len(listed_names(client, LAUNCHES, **{name: ","})) == 4


def test_objects_with_several_matching_related_objects_are_listed_once(client: Client) -> None:
    launch = flight("Shuttle", craft="Atlantis").launch
    for number in ("B1", "B2"):
        FirstStage.objects.create(launch=launch, launcher=Launcher.objects.create(serial_number=number))
        VidURL.objects.create(launch=launch, url=f"https://example.com/{number}")
    flight("other")
    assert listed_names(client, LAUNCHES, serial_number="B1,B2") == ["Shuttle"]
    assert listed_names(client, LAUNCHES, video_url="https://example.com/B1,https://example.com/B2") == ["Shuttle"]
    assert listed_names(client, LAUNCHES, rocket__spacecraftflight__spacecraft__name__icontains="LANT") == ["Shuttle"]
    assert listed_names(client, LAUNCHES, serial_number="B3") == []


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"year": "1969,1970"}, 2),
        ({"year": "1971,0,10000"}, 1),
        ({"year": "-1"}, 0),
        ({"month": "7", "day": "16"}, 1),
    ],
)
def test_parts_of_the_date(client: Client, query: dict[str, str], count: int) -> None:
    for net in ("1969-07-16T13:32:00Z", "1970-04-11T19:13:00Z", "1971-07-26T13:34:00Z"):
        Launch.objects.create(name=net, net=dt.datetime.fromisoformat(net))
    assert len(listed_names(client, LAUNCHES, **query)) == count


def test_ids_and_times(client: Client) -> None:
    first, second = (Launch.objects.create(pk=UUID(int=n), name=f"{n}", net=NOW + n * HOUR) for n in (1, 2))
    assert listed_names(client, LAUNCHES, id=f"{first.pk},{second.pk}") == ["1", "2"]
    assert listed_names(client, LAUNCHES, net__gt=f"{NOW + HOUR:%Y-%m-%dT%H:%M:%SZ}") == ["2"]
    assert listed_names(client, LAUNCHES, net__gte="2026-03-14T17:09:00+01:00") == ["1", "2"]
    assert listed_names(client, LAUNCHES, net__lt="2026-03-15") == ["1", "2"]
    for name, value in (("id", "1"), ("net__gt", "soon"), ("net__lt", "0001-01-01T00:00:00+14:00"), ("program", "x")):
        assert client.get(LAUNCHES, {name: value}).json().keys() == {name}


# --- Rockets ----------------------------------------------------------------------------------------------------------


def test_a_local_rocket_has_an_id(client: Client) -> None:
    config = LauncherConfig.objects.create(name="Vega")
    first, second = (Launch.objects.create(name=name, configuration=config, net=NOW) for name in "ab")
    without = Launch.objects.create(name="c", net=NOW)
    assert first.rocket_id is not None
    assert second.rocket_id == first.rocket_id + 1
    rockets = {row["name"]: row["rocket"] for row in client.get(LAUNCHES).json()["results"]}
    assert rockets["a"]["id"] == first.rocket_id
    assert rockets["a"]["configuration"]["name"] == "Vega"
    assert rockets[without.name] is None


# --- Astronauts -------------------------------------------------------------------------------------------------------


def test_has_flown(client: Client) -> None:
    """By the number of flights, or by the first flight if the number is missing."""
    Astronaut.objects.create(name="counted", flights_count=2, first_flight=NOW)
    Astronaut.objects.create(name="met in a crew", first_flight=NOW)
    Astronaut.objects.create(name="assigned", flights_count=0, first_flight=NOW + HOUR)
    Astronaut.objects.create(name="candidate")
    assert set(listed_names(client, ASTRONAUTS, has_flown="true")) == {"counted", "met in a crew"}
    assert set(listed_names(client, ASTRONAUTS, has_flown="false")) == {"assigned", "candidate"}


def test_is_human(client: Client) -> None:
    for name, kind in (("Laika", "Non-Human"), ("Gagarin", "Government")):
        Astronaut.objects.create(name=name, type=AstronautType.objects.create(name=kind))
    Astronaut.objects.create(name="of no type")
    assert listed_names(client, ASTRONAUTS, is_human="false") == ["Laika"]
    assert set(listed_names(client, ASTRONAUTS, is_human="true")) == {"Gagarin", "of no type"}


@pytest.mark.parametrize("value", ["French", "french", "France", "FRA", "fr"])
def test_nationality(client: Client, value: str) -> None:
    france = Country.objects.create(name="France", alpha_3_code="FRA", alpha_2_code="FR", nationality_name="French")
    other = Country.objects.create(name="Italy", alpha_3_code="ITA", alpha_2_code="IT", nationality_name="Italian")
    Astronaut.objects.create(name="Haigneré").nationality.add(france, other)
    Astronaut.objects.create(name="Nespoli").nationality.add(other)
    assert listed_names(client, ASTRONAUTS, nationality=value) == ["Haigneré"]


def test_details_of_an_astronaut_list_the_flights_of_its_crews(client: Client) -> None:
    """They list launches in any phase, landings as landing crew, and spacewalks: each once, launches by NET."""
    astronaut = Astronaut.objects.create(name="Yuri")
    up, down = flight("up", craft="Soyuz"), flight("down", craft="Dragon")
    Launch.objects.filter(name="up").update(net=NOW)
    Launch.objects.filter(name="down").update(net=NOW - HOUR)
    for row, phase in ((up, "launch"), (up, "onboard"), (down, "onboard"), (down, "landing")):
        AstronautFlight.objects.create(flight=row, phase=phase, astronaut=astronaut)
    AstronautFlight.objects.create(spacewalk=Spacewalk.objects.create(name="outside"), astronaut=astronaut)
    AstronautFlight.objects.create(expedition=Expedition.objects.create(name="a stay"), astronaut=astronaut)
    details = client.get(f"{ASTRONAUTS}{astronaut.pk}/").json()
    assert [row["name"] for row in details["flights"]] == ["down", "up"]
    assert [row["spacecraft"]["name"] for row in details["landings"]] == ["Dragon"]
    assert [row["name"] for row in details["spacewalks"]] == ["outside"]


def test_spacewalks_of_an_event_and_a_year(client: Client) -> None:
    event = Event.objects.create(name="broadcast")
    Spacewalk.objects.create(name="watched", event=event, start=NOW)
    Spacewalk.objects.create(name="not watched", start=NOW.replace(year=1965))
    assert listed_names(client, "/2.3.0/spacewalks/", event__ids=event.pk) == ["watched"]
    assert listed_names(client, "/2.3.0/spacewalks/", year=1965) == ["not watched"]


# --- Filters that were added last -------------------------------------------------------------------------------------


def test_docked(client: Client) -> None:
    for pk, departure in ((1, None), (2, NOW)):
        DockingEvent.objects.create(pk=pk, docking=NOW - HOUR, departure=departure)
    for value, expected in (("true", [1]), ("false", [2]), ("", [1, 2])):
        rows = client.get("/2.3.0/docking_events/", {"docked": value}).json()["results"]
        assert [row["id"] for row in rows] == expected


def test_is_active(client: Client) -> None:
    for name, end in (("now", None), ("then", NOW)):
        Expedition.objects.create(name=name, start=NOW - HOUR, end=end)
    assert listed_names(client, "/2.3.0/expeditions/", is_active="true") == ["now"]
    assert listed_names(client, "/2.3.0/expeditions/", is_active="false") == ["then"]


@pytest.mark.parametrize("model", [Location, Pad])
def test_active(client: Client, model: Any) -> None:
    path = f"/2.3.0/{model._meta.verbose_name_plural.lower()}/"
    for name, active in (("open", True), ("closed", False)):
        model.objects.create(name=name, active=active)
    assert listed_names(client, path, active="false") == ["closed"]
    assert listed_names(client, path, active="true") == ["open"]


def test_agencies_of_the_mission(client: Client) -> None:
    first, second, third = (Agency.objects.create(pk=pk, name=f"{pk}") for pk in (1, 2, 3))
    for name, agencies in (("a", [first]), ("b", [first, second]), ("c", [third]), ("d", [])):
        mission = Mission.objects.create(name=name)
        mission.agencies.add(*agencies)
        Launch.objects.create(name=name, net=NOW, mission=mission)
    for path in (LAUNCHES, UPCOMING):
        assert set(listed_names(client, path, mission__agency__ids="1,2")) == {"a", "b"}
        assert listed_names(client, path, mission__agency__ids="3") == ["c"]
    assert len(listed_names(client, PREVIOUS, mission__agency__ids="1")) == 4  # as in the official document


@pytest.mark.parametrize("version", ["2.2.0", "2.0.0"])
def test_older_versions_ignore_them(client: Client, version: str) -> None:
    Expedition.objects.create(name="then", end=NOW)
    Pad.objects.create(name="closed", active=False)
    assert listed_names(client, f"/{version}/expedition/", is_active="true") == ["then"]
    assert listed_names(client, f"/{version}/pad/", active="true") == ["closed"]
