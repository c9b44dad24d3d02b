"""Launch Library 2.1.0: differences from 2.2.0."""

from spacedb.api import v2_2_0
from spacedb.api.v2_1_0.serializers import DERIVED
from spacedb.api.v2_1_0.views.agencies import AgencyViewSet
from spacedb.api.v2_1_0.views.astronauts import AstronautViewSet
from spacedb.api.v2_1_0.views.launcher_configurations import LauncherConfigViewSet
from spacedb.api.v2_1_0.views.launches import LaunchViewSet, PreviousLaunchViewSet, UpcomingLaunchViewSet
from spacedb.api.v2_1_0.views.space_stations import SpaceStationViewSet
from spacedb.api.v2_1_0.views.spacecraft import SpacecraftViewSet
from spacedb.rest.help_text import plain_help_text
from spacedb.rest.versions import Version

ADDED_LATER = (
    "api-throttle",
    "config/landingtype",
    "config/netprecision",
    "landings",
    "mission_patch",
    "spacewalks",
    "updates",
)
"""Endpoints that version 2.2.0 added."""

VERSION = Version(
    "2.1.0",
    DERIVED.endpoints(v2_2_0.VERSION.endpoints, without=ADDED_LATER)
    | {
        "agencies": AgencyViewSet,
        "astronaut": AstronautViewSet,
        "config/launcher": LauncherConfigViewSet,
        "launch": LaunchViewSet,
        "launch/previous": PreviousLaunchViewSet,
        "launch/upcoming": UpcomingLaunchViewSet,
        "spacecraft": SpacecraftViewSet,
        "spacestation": SpaceStationViewSet,
    },
    base=v2_2_0.VERSION,
    help_text=plain_help_text,
)
