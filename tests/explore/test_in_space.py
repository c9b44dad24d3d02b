"""In space now: which spacecraft, people and stations, for how long."""

import datetime as dt
from collections.abc import Callable

import pytest

from flights.models import (
    Astronaut,
    AstronautFlight,
    AstronautRole,
    DockingEvent,
    DockingLocation,
    Expedition,
    Launch,
    SpacecraftFlight,
    SpaceStation,
)
from flights.recount import recount
from spacecraft.models import Spacecraft
from spacedb.explore import in_space as module
from spacedb.explore.in_space import Craft, in_space
from tests.explore.reading import request_page, section, text_of
from tests.flights.histories import NOW, create_spacecraft, day, flown

pytestmark = pytest.mark.django_db

Phase = AstronautFlight.Phase


@pytest.fixture
def station() -> SpaceStation:
    return SpaceStation.objects.create(name="Laika Station")


def crew(flight: SpacecraftFlight, phase: str, *names: str) -> None:
    for name in names:
        role, _ = AstronautRole.objects.get_or_create(role=f"Role of {name}")
        AstronautFlight.objects.create(
            flight=flight, phase=phase, astronaut=Astronaut.objects.create(name=name), role=role
        )


def shown() -> list[Craft]:
    """The spacecraft that are shown."""
    result = in_space(NOW)
    return [*result.others, *(craft for station in result.stations for craft in station.craft)]


def test_spacecraft_in_space_are_those_of_the_list() -> None:
    """The recounted total decides: in flight, ended, failed and planned flights do not count."""
    running = create_spacecraft(flown(1, 2), flown(900, None), name="Running")
    for name, *flights in (
        ("Ended", flown(1, 2)),
        ("Failed", flown(1, None, 4)),
        ("Planned", flown(1001, None, 1)),
        ("In flight", flown(999, None, 6)),
    ):
        create_spacecraft(*flights, name=name, flights_count=0)
    create_spacecraft(flights_count=0, name="On the ground")
    Spacecraft.objects.update(flights_count=0)
    recount(now=NOW)
    [craft] = shown()
    assert (craft.row, craft.days) == (running, 100)
    assert craft.flight
    assert craft.flight.mission_end is None
    assert in_space(NOW).spacecraft_count == 1


def test_days_are_full_days_since_the_launch() -> None:
    create_spacecraft(flown(0.5, None), in_space=True)
    assert [in_space(day(time)).others[0].days for time in (0.4, 1.4, 1.5, 2.6)] == [None, 0, 1, 2]


def test_a_spacecraft_without_its_flight_is_shown_without_days(set_time: Callable[[dt.datetime], None]) -> None:
    """As with mirrored spacecraft whose flights have not been mirrored, or of which only an ended one is stored."""
    set_time(NOW)
    create_spacecraft(name="Only a name", in_space=True)
    create_spacecraft(flown(1, 2), name="Old flight", in_space=True)
    assert [(craft.flight, craft.days) for craft in shown()] == [(None, None)] * 2
    text = text_of(section(request_page("/"), "in-space"))
    assert text.count("Its flight has not been loaded") == 2
    assert "2 spacecraft and 0 people" in text


def test_docked_spacecraft_are_shown_at_their_station_and_port(
    station: SpaceStation, set_time: Callable[[dt.datetime], None]
) -> None:
    set_time(NOW)
    docked = create_spacecraft(flown(990, None), name="Docked", in_space=True)
    port = DockingLocation.objects.create(name="Fore port", spacestation=station)
    DockingEvent.objects.create(
        flight_vehicle_chaser=docked.flights.get(),
        docking=day(992),
        docking_location=port,
        space_station_target=station,
    )
    result = in_space(NOW)
    [at_station] = result.stations
    assert at_station.row == station
    assert [craft.row for craft in at_station.craft] == [docked]
    assert result.others == []
    text = text_of(request_page("/"))
    assert "Laika Station Docked Port: Fore port, since 19 Sep 2022 10 days in space, launched 17 Sep 2022" in text


def test_documents_of_older_versions_name_the_station_only_with_the_port(station: SpaceStation) -> None:
    docked = create_spacecraft(flown(990, None), in_space=True)
    port = DockingLocation.objects.create(name="Fore port", spacestation=station)
    DockingEvent.objects.create(flight_vehicle_chaser=docked.flights.get(), docking=day(992), docking_location=port)
    assert [one.row for one in in_space(NOW).stations] == [station]


@pytest.mark.parametrize(
    "times",
    [
        {"docking": 992, "departure": 995},
        {"docking": 1001},  # planned
        {"docking": None},
    ],
)
def test_past_and_future_dockings_do_not_count(station: SpaceStation, times: dict[str, float | None]) -> None:
    craft = create_spacecraft(flown(990, None), in_space=True)
    values = {name: None if time is None else day(time) for name, time in times.items()}
    DockingEvent.objects.create(flight_vehicle_chaser=craft.flights.get(), space_station_target=station, **values)
    result = in_space(NOW)
    assert (result.stations, [one.row for one in result.others]) == ([], [craft])


def test_the_crew_on_board_comes_before_the_launch_crew(set_time: Callable[[dt.datetime], None]) -> None:
    set_time(NOW)
    first = create_spacecraft(flown(990, None), name="First", in_space=True).flights.get()
    second = create_spacecraft(flown(991, None), name="Second", in_space=True).flights.get()
    crew(first, Phase.LAUNCH, "Up and down")
    crew(second, Phase.LAUNCH, "Up")
    crew(second, Phase.ONBOARD, "Aboard")
    crew(second, Phase.LANDING, "Down")
    names = {craft.row.name: [member.name for member in craft.crew] for craft in shown()}
    assert names == {"First": ["Up and down"], "Second": ["Aboard"]}
    assert "Aboard Role of Aboard" in text_of(request_page("/"))


def test_expeditions_that_last_are_shown_with_their_crews(
    station: SpaceStation, set_time: Callable[[dt.datetime], None]
) -> None:
    set_time(NOW)
    deorbited = SpaceStation.objects.create(name="Deorbited", deorbited=day(500).date())
    for name, place, start, end in (
        ("Past", station, 1, 2),
        ("Running", station, 900, None),
        ("With a planned end", station, 950, 1100),
        ("Future", station, 1001, None),
        ("Without its end", deorbited, 1, None),
    ):
        Expedition.objects.create(name=name, spacestation=place, start=day(start), end=day(end) if end else None)
    AstronautFlight.objects.create(
        expedition=Expedition.objects.get(name="Running"),
        astronaut=Astronaut.objects.create(name="Belka", in_space=True),
        role=AstronautRole.objects.create(role="Commander"),
    )
    [one] = in_space(NOW).stations
    assert [(stay.row.name, stay.days) for stay in one.stays] == [("With a planned end", 50), ("Running", 100)]
    text = text_of(section(request_page("/"), "in-space"))
    assert "0 spacecraft and 1 person are in space" in text
    assert "Running : 100 days so far, since 19 Jun 2022 Belka Commander" in text


def test_many_spacecraft(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_SPACECRAFT", 3)
    for number in range(5):
        create_spacecraft(flown(number, None), name=f"Craft {number}", in_space=True)
    assert len(shown()) == 3
    assert "List all 5" in text_of(request_page("/"))


@pytest.mark.dataset("starter")
def test_the_starter_catalogue() -> None:
    result = in_space(dt.datetime(2026, 11, 26, tzinfo=dt.UTC))
    craft = [*result.others, *(craft for station in result.stations for craft in station.craft)]
    assert len(craft) == result.spacecraft_count == Spacecraft.objects.filter(in_space=True).count() > 0
    assert any(one.days for one in craft)


def test_age_of_the_data() -> None:
    assert in_space(NOW).data_time is None
    for number in (1, 2):
        Launch.objects.create(name=f"Launch {number}", last_updated=day(number))
    assert in_space(NOW).data_time == day(2)
