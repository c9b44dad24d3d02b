"""The client pylaunches, which Home Assistant uses, works with this server over HTTP."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import pytest
from pylaunches import PyLaunches, PyLaunchesError
from pytest_django.live_server_helper import LiveServer

from spacedb.ingest.ingest import ingest
from tests.examples import HOST

T = TypeVar("T")

PROGRAM = {"id": 1, "url": f"{HOST}/2.2.0/program/1/", "name": "SpaceX Starship"}
PAD = {
    "id": 188,
    "url": f"{HOST}/2.2.0/pad/188/",
    "name": "Orbital Launch Mount A",
    "location": {"id": 143, "url": f"{HOST}/2.2.0/location/143/", "name": "Starbase", "country_code": "USA"},
}
MISSION = {"id": 1, "name": "Flight", "type": "Test Flight", "orbit": {"id": 25, "name": "Elliptical", "abbrev": "E"}}
TIMES = {"past": -48, "recent": -1, "next": 24, "later": 48}
"""Each launch and event, with its time in hours from now. The database contains one of each name."""

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)

NEXT_LAUNCH = {"limit": "1", "hide_recent_previous": "True"}
"""The parameters with which Home Assistant requests upcoming launches."""

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_neutral]


def launches() -> list[dict[str, Any]]:
    """Return launches of Starship, in the representation of version 2.2.0."""
    return [
        {
            "id": (pk := str(UUID(int=number))),
            "url": f"{HOST}/2.2.0/launch/{pk}/",
            "name": name,
            "status": {"id": 1, "name": "Go for Launch", "abbrev": "Go"},
            "net": (NOW + dt.timedelta(hours=hours)).isoformat(),
            "launch_service_provider": {"id": 121, "url": f"{HOST}/2.2.0/agencies/121/", "name": "SpaceX"},
            "mission": MISSION,
            "pad": PAD,
            "program": [PROGRAM],
        }
        for number, (name, hours) in enumerate(TIMES.items(), start=1)
    ]


def events() -> list[dict[str, Any]]:
    """Return events of Starship, in the representation of version 2.2.0."""
    return [
        {
            "id": number,
            "url": f"{HOST}/2.2.0/event/{number}/",
            "slug": name,
            "name": name,
            "date": (NOW + dt.timedelta(hours=hours)).isoformat(),
            "location": "Starbase",
            "program": [PROGRAM],
        }
        for number, (name, hours) in enumerate(TIMES.items(), start=1)
    ]


@pytest.fixture(autouse=True)
def now(set_time: Callable[[dt.datetime], None]) -> None:
    set_time(NOW)


@pytest.fixture
def call(server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return a function that calls a function with a client of an API version, and returns what that returns."""
    monkeypatch.setattr("pylaunches.api.BASE_URL", server.url)

    def call(function: Callable[[PyLaunches], Awaitable[T]], version: str = "2.2.0") -> T:
        async def run() -> T:
            async with PyLaunches(api_version=version) as client:
                return await function(client)

        return asyncio.run(run())

    return call


@pytest.fixture
def starship() -> None:
    """The database contains launches and events of Starship in the past and in the future."""
    assert not ingest([("launches", launches()), ("events", events())]).warnings


def names(objects: list[Any]) -> list[str]:
    return [each["name"] for each in objects]


@pytest.mark.usefixtures("starship")
class TestMethods:
    def test_launch_upcoming(self, call: Callable[..., Any]) -> None:
        assert names(call(lambda client: client.launch_upcoming())) == ["recent", "next", "later"]

    def test_events(self, call: Callable[..., Any]) -> None:
        assert names(call(lambda client: client.event())) == ["later", "next", "past", "recent"]
        assert names(call(lambda client: client.event_upcoming())) == ["recent", "next", "later"]
        assert names(call(lambda client: client.event_previous())) == ["recent", "past"]
        only_next = call(lambda client: client.event_upcoming(filters=NEXT_LAUNCH))
        assert names(only_next) == ["next"]

    @pytest.mark.parametrize("version", ["2.3.0", "2.2.0", "2.1.0"])
    def test_dashboard_starship(self, call: Callable[..., Any], version: str) -> None:
        dashboard = call(lambda client: client.dashboard_starship(), version)
        for key in ("launches", "events"):
            assert names(dashboard["upcoming"][key]) == ["next", "later"]
            assert sorted(names(dashboard["previous"][key])) == ["past", "recent"]

    def test_all_requests_at_once(self, call: Callable[..., Any]) -> None:
        """As Home Assistant does: the next launch and the dashboard, at the same time."""

        async def update(client: PyLaunches) -> Any:
            return await asyncio.gather(client.launch_upcoming(filters=NEXT_LAUNCH), client.dashboard_starship())

        [launch], dashboard = call(update)
        assert launch["name"] == "next"
        # The values that its sensors show.
        assert dt.datetime.fromisoformat(launch["net"]) > NOW
        assert launch["launch_service_provider"]["name"] == "SpaceX"
        assert launch["status"]["name"] == "Go for Launch"
        assert launch["mission"]["type"] == "Test Flight"
        assert launch["mission"]["orbit"]["name"] == "Elliptical"
        assert launch["pad"]["location"]["country_code"] == "USA"
        assert launch.keys() >= {"window_start", "window_end", "probability", "webcast_live", "image"}
        [event, _] = dashboard["upcoming"]["events"]
        assert (event["name"], event["location"]) == ("next", "Starbase")
        assert event.keys() >= {"date", "description", "feature_image", "news_url", "video_url"}

    def test_paths_of_2_3_0(self, call: Callable[..., Any]) -> None:
        """The client has no method for the paths that 2.3.0 renamed, but can request them."""

        async def update(client: PyLaunches) -> Any:
            path = f"{client._base_url}/launches/upcoming/"
            return await asyncio.gather(client._call_api(path, NEXT_LAUNCH), client.dashboard_starship())

        page, dashboard = call(update, "2.3.0")
        assert names(page["results"]) == ["next"]
        assert dashboard["response_mode"] == "normal"


def test_an_empty_catalogue(call: Callable[..., Any]) -> None:
    """The client raises an exception for empty lists, and for a dashboard without previous launches."""
    for method in ("launch_upcoming", "event", "event_upcoming", "event_previous", "dashboard_starship"):
        with pytest.raises(PyLaunchesError, match="No "):
            call(lambda client, method=method: getattr(client, method)())
