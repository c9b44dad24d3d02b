"""The endpoints of flights in Launch Library 2.3.0, by topic."""

from flights.views.v2_3_0.astronauts import AstronautViewSet
from flights.views.v2_3_0.dockings import DockingEventViewSet
from flights.views.v2_3_0.expeditions import ExpeditionViewSet, SpacewalkViewSet
from flights.views.v2_3_0.landings import LandingViewSet
from flights.views.v2_3_0.launchers import LauncherConfigFamilyViewSet, LauncherConfigViewSet, LauncherViewSet
from flights.views.v2_3_0.launches import LaunchViewSet, PreviousLaunchViewSet, UpcomingLaunchViewSet
from flights.views.v2_3_0.payloads import PayloadFlightViewSet, PayloadViewSet
from flights.views.v2_3_0.places import CelestialBodyViewSet, LocationViewSet, PadViewSet
from flights.views.v2_3_0.programs import MissionPatchViewSet, ProgramViewSet
from flights.views.v2_3_0.spacecraft_flights import SpacecraftFlightViewSet
from flights.views.v2_3_0.stations import SpaceStationViewSet

__all__ = [
    "AstronautViewSet",
    "CelestialBodyViewSet",
    "DockingEventViewSet",
    "ExpeditionViewSet",
    "LandingViewSet",
    "LaunchViewSet",
    "LauncherConfigFamilyViewSet",
    "LauncherConfigViewSet",
    "LauncherViewSet",
    "LocationViewSet",
    "MissionPatchViewSet",
    "PadViewSet",
    "PayloadFlightViewSet",
    "PayloadViewSet",
    "PreviousLaunchViewSet",
    "ProgramViewSet",
    "SpaceStationViewSet",
    "SpacecraftFlightViewSet",
    "SpacewalkViewSet",
    "UpcomingLaunchViewSet",
]
