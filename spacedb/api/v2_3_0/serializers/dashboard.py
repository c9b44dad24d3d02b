"""Serializers of the Starship dashboard in Launch Library 2.3.0.

The dashboard represents a program. What is upcoming and what is previous is derived from the launches and events of the
program and from the launches of its launcher configurations.
"""

from collections.abc import Callable, Mapping
from typing import Any

from typing_extensions import override

from flights.models import Program
from spacedb.api.v2_3_0.serializers.events import EventNormal
from spacedb.api.v2_3_0.serializers.events_detailed import EventEndpointList
from spacedb.api.v2_3_0.serializers.launchers import LauncherDetailed
from spacedb.api.v2_3_0.serializers.launches import LaunchBasic, LaunchNormal
from spacedb.api.v2_3_0.serializers.launches_detailed import LaunchDetailed
from spacedb.api.v2_3_0.serializers.notices import Notice, RoadClosure, VidURLs
from spacedb.api.v2_3_0.serializers.spacecraft import SpacecraftNormal
from spacedb.api.v2_3_0.serializers.updates import Update
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import ResponseModeField

LAUNCHES = "launcher_configurations__launches"
VEHICLES = "launcher_configurations__launchers"
ORBITERS = "launches__spacecraft_flights__spacecraft"
"""Paths of relations from a program."""

UPCOMING = {"is_upcoming": True}
PREVIOUS = {"is_upcoming": False}


class LaunchAndEventsList(Serializer):
    launches = LaunchBasic.through(LAUNCHES)
    events = EventEndpointList(many=True)

    class Meta:
        model = Program
        fields = ("launches", "events")


class LaunchAndEventsNormal(Serializer):
    launches = LaunchNormal.through(LAUNCHES)
    events = EventNormal(many=True)

    class Meta:
        model = Program
        fields = ("launches", "events")


class LaunchAndEventsDetailed(LaunchAndEventsNormal):
    launches = LaunchDetailed.through(LAUNCHES)


class StarshipDashboardBase(Serializer):
    """What the modes of the dashboard have in common."""

    fixed_id = Program.STARSHIP
    updates = Update(many=True)
    live_streams = VidURLs(many=True)
    road_closures = RoadClosure(many=True)
    notices = Notice(many=True)
    vehicles = LauncherDetailed.through(VEHICLES)
    orbiters = SpacecraftNormal.through(ORBITERS)

    class Meta:
        model = Program
        fields: tuple[str, ...] = (
            "response_mode",
            "updates",
            "live_streams",
            "road_closures",
            "notices",
            "vehicles",
            "orbiters",
            "upcoming",
            "previous",
        )

    @classmethod
    @override
    def infer_columns(cls, record: Mapping[str, Any], related: Callable[[str], Mapping[str, Any]]) -> dict[str, Any]:
        """The name of the program: the dashboard may be loaded before the program."""
        return {"name": "SpaceX Starship"}


class StarshipDashboardList(StarshipDashboardBase):
    response_mode = ResponseModeField("list")
    upcoming = LaunchAndEventsList(source="*", list_match=UPCOMING)
    previous = LaunchAndEventsList(source="*", list_match=PREVIOUS)


class StarshipDashboardNormal(StarshipDashboardBase):
    response_mode = ResponseModeField("normal")
    upcoming = LaunchAndEventsNormal(source="*", list_match=UPCOMING)
    previous = LaunchAndEventsNormal(source="*", list_match=PREVIOUS)


class StarshipDashboardDetailed(StarshipDashboardBase):
    response_mode = ResponseModeField("detailed")
    upcoming = LaunchAndEventsDetailed(source="*", list_match=UPCOMING)
    previous = LaunchAndEventsDetailed(source="*", list_match=PREVIOUS)
