"""Recorded responses of Launch Library are served identically after they are ingested into an empty database."""

import datetime as dt
import json
from collections.abc import Callable
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from spacedb.ingest.ingest import ingest
from tests.conftest import ROOT
from tests.endpoints import data_of, indented

COMPLETE = {
    "documents/v2.0.0_spacecraft_flight_offset-890.json": "/2.0.0/spacecraft/flight/?format=api",
    "live/agencies_first-4_2.1.0.json": "/2.1.0/agencies/",
    "live/astronauts_first-4_2.1.0.json": "/2.1.0/astronaut/",
    "live/docking_first-4_2.1.0.json": "/2.1.0/docking_event/",
    "live/event_first-8_2.1.0.json": "/2.1.0/event/",
    "live/expeditions_first-4_2.1.0.json": "/2.1.0/expedition/",
    "live/launch_upcoming_detailed_first-2_2026-07_2.2.0.json": "/2.2.0/launch/?mode=detailed",
    "live/launch_upcoming_list_2026-07_2.2.0.json": "/2.2.0/launch/?mode=list",
    "live/launchers_first-4_2.1.0.json": "/2.1.0/launcher/",
    "live/locations_first-3_2.1.0.json": "/2.1.0/location/",
    "live/pads_first-4_2.1.0.json": "/2.1.0/pad/",
    "live/programs_first-4_2.1.0.json": "/2.1.0/program/",
    "live/space_stations_4_2.3.0.json": "/2.3.0/space_stations/?mode=detailed",
    "live/updates_first-10_2.2.0.json": "/2.2.0/updates/",
    "live/cases/05_launch_normal_220_late.json": "/2.2.0/launch/",
    "live/cases/08_list_220.json": "/2.2.0/launch/?mode=list",
}
"""Responses with all keys, each with the URL that returns their objects."""

THROUGH_JAVASCRIPT = {"live/space_stations_4_2.3.0.json"}
"""Responses that were saved by a program that writes 11 for 11.0."""

TRIMMED = {
    "live/cases/02_updates_order_220.json": "/2.2.0/launch/",
    "live/cases/11_210.json": "/2.1.0/astronaut/",
    "live/cases/13_launch_library_id_220.json": "/2.1.0/config/launcher/",
}
"""Responses of which only some keys were recorded."""

DASHBOARD = "live/dashboard_starship_2.1.0.json"
DASHBOARD_TIME = dt.datetime(2020, 12, 28, tzinfo=dt.UTC)
"""A time at which the dashboard had its upcoming and previous events."""

TESTED_ELSEWHERE = {
    "tests/rest/test_ordering.py": ("03_agency_lists_230",),
    "tests/ingest/test_documents.py": ("09_200_with_220_urls", "10_suffix", "12_api_ll"),
    "tests/ingest/test_odd_values.py": (
        "01_vid_urls_351",
        "04_country_empty_220",
        "05_mission_type_empty_220",
        "06_launch_cost_220",
        "07_country_slash_220",
    ),
}
"""Responses that other files test, by the name of the file."""

EARLY = {
    "captures/v2.2.0_spacecraft_flight_186.json": "/2.2.0/spacecraft/flight/",
    "captures/v2.2.0_config_spacecraft_10.json": "/2.2.0/config/spacecraft/?mode=detailed",
    "captures/v2.2.0_docking_event_first-7.json": "/2.2.0/docking_event/?format=json",
}
"""Responses of version 2.2.0 in the year 2021."""

LATER = {
    "landing",
    "spacecraft.is_placeholder",
    "spacecraft.in_space",
    "spacecraft.time_in_space",
    "spacecraft.time_docked",
    "spacecraft.flights_count",
    "spacecraft.mission_ends_count",
    "launch.net_precision",
    "launch.weather_concerns",
    *(
        f"launch.{scope}_launch_attempt_count{suffix}"
        for scope in ("orbital", "location", "pad", "agency")
        for suffix in ("", "_year")
    ),
    "launch.mission.agencies",
    "launch.mission.info_urls",
    "launch.mission.vid_urls",
    "launch.pad.description",
    "launch.pad.country_code",
    "launch.pad.orbital_launch_attempt_count",
    "launch.pad.location.description",
    "launch.pad.location.timezone_name",
    "launch.type",
    "agency.logo_url",
    "payload_return_capacity",
}
"""Keys that were added to 2.2.0 after that."""

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def upstream_hosts(settings: Any) -> None:
    settings.ALLOWED_HOSTS = [".thespacedevs.com"]


def ingest_recorded(reference: Path, name: str) -> list[dict[str, Any]]:
    """Ingest a recorded response and return its objects."""
    record = json.loads((reference / name).read_text())
    body = record["body"] if isinstance(record, dict) and "body" in record else record
    ingest([(name, body)])
    if isinstance(body, list):
        return body
    return list(body["results"]) if "results" in body else [body]


def get_json(client: Client, path: str) -> Any:
    """Return the content of a response, requested with the host of Launch Library."""
    response = client.get(path, secure=True, headers={"host": "ll.thespacedevs.com"})
    assert response.status_code == 200, response.content
    return data_of(response)


def get_objects(client: Client, path: str) -> dict[Any, Any]:
    """Return the objects of a list by id."""
    page = get_json(client, path)
    assert page["count"] == len(page["results"])
    return {row["id"]: row for row in page["results"]}


def without_later(ours: Any, theirs: Any, prefix: str, left_out: set[str]) -> Any:
    """Return `ours` without the keys that `theirs` does not have, and add their names to `left_out`."""
    if not (isinstance(ours, dict) and isinstance(theirs, dict)):
        return ours
    left_out |= {f"{prefix}{key}" for key in ours.keys() - theirs.keys()}
    return {
        key: without_later(value, theirs[key], f"{prefix}{key}.", left_out)
        for key, value in ours.items()
        if key in theirs
    }


@pytest.mark.parametrize("name", COMPLETE)
def test_complete_responses(client: Client, reference: Path, name: str) -> None:
    """The list may have more objects: those that are nested in others, such as a previous flight."""
    recorded = ingest_recorded(reference, name)
    ours = get_objects(client, COMPLETE[name])
    assert recorded
    for row in recorded:
        assert_equal(ours[row["id"]], row, exact_numbers=name not in THROUGH_JAVASCRIPT)


@pytest.mark.parametrize("name", TRIMMED)
def test_trimmed_responses(client: Client, reference: Path, name: str) -> None:
    """The keys were written by hand, not all of them in the order of upstream."""
    [recorded] = ingest_recorded(reference, name)
    detail = get_json(client, f"{TRIMMED[name]}{recorded['id']}/")
    served = without_later(detail, recorded, "", set())
    url = recorded["url"].replace("/2.2.0/config/launcher/", "/2.1.0/config/launcher/")
    assert served == recorded | {"url": url}


def test_the_dashboard(client: Client, reference: Path, set_time: Callable[[dt.datetime], None]) -> None:
    """Identical but for the order of the previous launches, which no key of the response gives."""
    set_time(DASHBOARD_TIME)
    [recorded] = ingest_recorded(reference, DASHBOARD)
    ours = get_json(client, "/2.1.0/dashboard/starship/")
    recorded["previous"]["launches"].sort(key=itemgetter("net"))
    assert_equal(ours, recorded, exact_numbers=True)


@pytest.mark.vendor_neutral
def test_every_response_of_the_live_service_is_tested(reference: Path) -> None:
    recorded = {str(path.relative_to(reference)) for path in reference.glob("live/**/*.json")}
    elsewhere = {f"live/cases/{name}.json" for names in TESTED_ELSEWHERE.values() for name in names}
    tested = COMPLETE.keys() | TRIMMED.keys() | {DASHBOARD} | elsewhere
    assert recorded - {"live/openapi-2.3.0.json"} == {name for name in tested if name.startswith("live/")}
    for file, names in TESTED_ELSEWHERE.items():
        assert all(name[:2] in (ROOT / file).read_text() for name in names)


def test_early_responses_of_2_2_0(client: Client, reference: Path) -> None:
    left_out: set[str] = set()
    for name, path in EARLY.items():
        recorded, ours = ingest_recorded(reference, name), get_objects(client, path)
        for row in recorded:
            served = without_later(ours[row["id"]], row, "", left_out)
            assert_equal(served, row, exact_numbers=False)
    assert left_out == LATER


def assert_equal(ours: Any, theirs: Any, *, exact_numbers: bool) -> None:
    """Assert that both have the same keys in the same order, and equal values. `11` equals `11.0` unless exact."""
    if exact_numbers:
        assert indented(ours) == indented(theirs)
    assert ours == theirs
    assert json.dumps(keys(ours)) == json.dumps(keys(theirs))


def keys(value: Any) -> Any:
    """Return the keys in order, without values."""
    if isinstance(value, dict):
        return {key: keys(nested) for key, nested in value.items()}
    return [keys(item) for item in value] if isinstance(value, list) else None
