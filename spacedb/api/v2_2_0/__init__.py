"""Launch Library 2.2.0: own serializers; views and filters as differences from 2.3.0."""

from spacedb.api import v2_3_0
from spacedb.api.v2_2_0.serializers import docking_events, missions
from spacedb.api.v2_2_0.views.agencies import AgencyViewSet
from spacedb.api.v2_2_0.views.astronauts import AstronautViewSet
from spacedb.api.v2_2_0.views.dashboard import StarshipDashboardViewSet
from spacedb.api.v2_2_0.views.docking_events import DockingEventViewSet
from spacedb.api.v2_2_0.views.events import EventViewSet, PreviousEventViewSet, UpcomingEventViewSet
from spacedb.api.v2_2_0.views.expeditions import ExpeditionViewSet
from spacedb.api.v2_2_0.views.landings import LandingLocationViewSet, LandingViewSet
from spacedb.api.v2_2_0.views.launcher_configurations import LauncherConfigViewSet
from spacedb.api.v2_2_0.views.launchers import LauncherViewSet
from spacedb.api.v2_2_0.views.launches import (
    LaunchStatusViewSet,
    LaunchViewSet,
    PreviousLaunchViewSet,
    UpcomingLaunchViewSet,
)
from spacedb.api.v2_2_0.views.locations import LocationViewSet
from spacedb.api.v2_2_0.views.mission_patches import MissionPatchViewSet
from spacedb.api.v2_2_0.views.pads import PadViewSet
from spacedb.api.v2_2_0.views.programs import ProgramViewSet
from spacedb.api.v2_2_0.views.space_stations import SpaceStationViewSet
from spacedb.api.v2_2_0.views.spacecraft import SpacecraftViewSet
from spacedb.api.v2_2_0.views.spacecraft_configurations import SpacecraftConfigViewSet
from spacedb.api.v2_2_0.views.spacecraft_flights import SpacecraftFlightViewSet
from spacedb.api.v2_2_0.views.spacewalks import SpacewalkViewSet
from spacedb.api.v2_3_0.serializers.agencies import AgencyType
from spacedb.api.v2_3_0.serializers.astronauts import AstronautRole, AstronautStatus, AstronautType
from spacedb.api.v2_3_0.serializers.events import EventType
from spacedb.api.v2_3_0.serializers.first_stages import FirstStageType
from spacedb.api.v2_3_0.serializers.landings import LandingType
from spacedb.api.v2_3_0.serializers.launches import NetPrecision
from spacedb.api.v2_3_0.serializers.missions import MissionType
from spacedb.api.v2_3_0.serializers.notices import NoticeType, RoadClosureStatus
from spacedb.api.v2_3_0.serializers.space_stations import SpaceStationStatus
from spacedb.api.v2_3_0.serializers.spacecraft import SpacecraftStatus
from spacedb.api.v2_3_0.views.api_throttle import APIThrottleViewSet
from spacedb.api.v2_3_0.views.updates import UpdateViewSet
from spacedb.rest.help_text import plain_help_text
from spacedb.rest.versions import Version
from spacedb.rest.viewsets import config_viewset

VERSION = Version(
    "2.2.0",
    {
        "agencies": AgencyViewSet,
        "api-throttle": APIThrottleViewSet,
        "astronaut": AstronautViewSet,
        "config/agencytype": config_viewset(AgencyType),
        "config/astronautrole": config_viewset(AstronautRole),
        "config/astronautstatus": config_viewset(AstronautStatus),
        "config/astronauttype": config_viewset(AstronautType),
        "config/dockinglocation": config_viewset(docking_events.DockingLocation),
        "config/eventtype": config_viewset(EventType),
        "config/firststagetype": config_viewset(FirstStageType),
        "config/landinglocation": LandingLocationViewSet,
        "config/landingtype": config_viewset(LandingType),
        "config/launcher": LauncherConfigViewSet,
        "config/launchstatus": LaunchStatusViewSet,
        "config/missiontype": config_viewset(MissionType),
        "config/netprecision": config_viewset(NetPrecision),
        "config/noticetype": config_viewset(NoticeType),
        "config/orbit": config_viewset(missions.Orbit),
        "config/roadclosurestatus": config_viewset(RoadClosureStatus),
        "config/spacecraft": SpacecraftConfigViewSet,
        "config/spacecraftstatus": config_viewset(SpacecraftStatus),
        "config/spacestationstatus": config_viewset(SpaceStationStatus),
        "dashboard/starship": StarshipDashboardViewSet,
        "docking_event": DockingEventViewSet,
        "event": EventViewSet,
        "event/previous": PreviousEventViewSet,
        "event/upcoming": UpcomingEventViewSet,
        "expedition": ExpeditionViewSet,
        "landings": LandingViewSet,
        "launch": LaunchViewSet,
        "launch/previous": PreviousLaunchViewSet,
        "launch/upcoming": UpcomingLaunchViewSet,
        "launcher": LauncherViewSet,
        "location": LocationViewSet,
        "mission_patch": MissionPatchViewSet,
        "pad": PadViewSet,
        "program": ProgramViewSet,
        "spacecraft": SpacecraftViewSet,
        "spacecraft/flight": SpacecraftFlightViewSet,
        "spacestation": SpaceStationViewSet,
        "spacewalks": SpacewalkViewSet,
        "updates": UpdateViewSet,
    },
    base=v2_3_0.VERSION,
    help_text=plain_help_text,
)
