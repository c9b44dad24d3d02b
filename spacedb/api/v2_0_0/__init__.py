"""Launch Library 2.0.0: differences from 2.2.0."""

from spacedb.api import v2_2_0
from spacedb.api.v2_0_0.views.agencies import AgencyViewSet
from spacedb.api.v2_0_0.views.astronauts import AstronautViewSet
from spacedb.api.v2_0_0.views.docking_events import DockingEventViewSet
from spacedb.api.v2_0_0.views.expeditions import ExpeditionViewSet
from spacedb.api.v2_0_0.views.launcher_configurations import LauncherConfigViewSet
from spacedb.api.v2_0_0.views.launchers import LauncherViewSet
from spacedb.api.v2_0_0.views.launches import LaunchViewSet, PreviousLaunchViewSet, UpcomingLaunchViewSet
from spacedb.api.v2_0_0.views.locations import LocationViewSet
from spacedb.api.v2_0_0.views.pads import PadViewSet
from spacedb.api.v2_0_0.views.programs import ProgramViewSet
from spacedb.api.v2_0_0.views.space_stations import SpaceStationViewSet
from spacedb.api.v2_0_0.views.spacecraft import SpacecraftViewSet
from spacedb.api.v2_0_0.views.spacecraft_configurations import SpacecraftConfigViewSet
from spacedb.api.v2_0_0.views.spacecraft_flights import SpacecraftFlightViewSet
from spacedb.rest.help_text import plain_help_text
from spacedb.rest.versions import Version

VERSION = Version(
    "2.0.0",
    {
        "agencies": AgencyViewSet,
        "astronaut": AstronautViewSet,
        "config/launcher": LauncherConfigViewSet,
        "config/spacecraft": SpacecraftConfigViewSet,
        "docking_event": DockingEventViewSet,
        "expedition": ExpeditionViewSet,
        "launch": LaunchViewSet,
        "launch/previous": PreviousLaunchViewSet,
        "launch/upcoming": UpcomingLaunchViewSet,
        "launcher": LauncherViewSet,
        "location": LocationViewSet,
        "pad": PadViewSet,
        "program": ProgramViewSet,
        "spacecraft": SpacecraftViewSet,
        "spacecraft/flight": SpacecraftFlightViewSet,
        "spacestation": SpaceStationViewSet,
    },
    not_served=("event",),
    base=v2_2_0.VERSION,
    help_text=plain_help_text,
)
