"""Launch Library 2.3.0: the newest version, from which the others are derived."""

from spacedb.api.v2_3_0.serializers import (
    agencies,
    astronauts,
    celestial_bodies,
    common,
    docking_events,
    events,
    first_stages,
    landings,
    launchers,
    launches,
    launches_detailed,
    missions,
    notices,
    payloads,
    programs,
    space_stations,
    spacecraft,
    spacecraft_configurations,
)
from spacedb.api.v2_3_0.views.agencies import AgencyViewSet
from spacedb.api.v2_3_0.views.api_throttle import APIThrottleViewSet
from spacedb.api.v2_3_0.views.astronauts import AstronautViewSet
from spacedb.api.v2_3_0.views.celestial_bodies import CelestialBodyViewSet
from spacedb.api.v2_3_0.views.dashboard import StarshipDashboardViewSet
from spacedb.api.v2_3_0.views.docking_events import DockingEventViewSet
from spacedb.api.v2_3_0.views.events import EventViewSet, PreviousEventViewSet, UpcomingEventViewSet
from spacedb.api.v2_3_0.views.expeditions import ExpeditionViewSet
from spacedb.api.v2_3_0.views.landings import LandingLocationViewSet, LandingViewSet
from spacedb.api.v2_3_0.views.launcher_configurations import LauncherConfigFamilyViewSet, LauncherConfigViewSet
from spacedb.api.v2_3_0.views.launchers import LauncherViewSet
from spacedb.api.v2_3_0.views.launches import LaunchViewSet, PreviousLaunchViewSet, UpcomingLaunchViewSet
from spacedb.api.v2_3_0.views.locations import LocationViewSet
from spacedb.api.v2_3_0.views.mission_patches import MissionPatchViewSet
from spacedb.api.v2_3_0.views.pads import PadViewSet
from spacedb.api.v2_3_0.views.payload_flights import PayloadFlightViewSet
from spacedb.api.v2_3_0.views.payloads import PayloadViewSet
from spacedb.api.v2_3_0.views.programs import ProgramViewSet
from spacedb.api.v2_3_0.views.space_stations import SpaceStationViewSet
from spacedb.api.v2_3_0.views.spacecraft import SpacecraftViewSet
from spacedb.api.v2_3_0.views.spacecraft_configurations import SpacecraftConfigFamilyViewSet, SpacecraftConfigViewSet
from spacedb.api.v2_3_0.views.spacecraft_flights import SpacecraftFlightViewSet
from spacedb.api.v2_3_0.views.spacewalks import SpacewalkViewSet
from spacedb.api.v2_3_0.views.updates import UpdateViewSet
from spacedb.rest.versions import Version
from spacedb.rest.viewsets import config_viewset

VERSION = Version(
    "2.3.0",
    {
        "agencies": AgencyViewSet,
        "api-throttle": APIThrottleViewSet,
        "astronauts": AstronautViewSet,
        "celestial_bodies": CelestialBodyViewSet,
        "config/agency_types": config_viewset(agencies.AgencyType),
        "config/astronaut_roles": config_viewset(astronauts.AstronautRole),
        "config/astronaut_statuses": config_viewset(astronauts.AstronautStatus),
        "config/astronaut_types": config_viewset(astronauts.AstronautType),
        "config/celestial_body_types": config_viewset(celestial_bodies.CelestialBodyType),
        "config/countries": config_viewset(common.Country),
        "config/docking_locations": config_viewset(docking_events.DockingLocation),
        "config/event_types": config_viewset(events.EventType),
        "config/first_stage_types": config_viewset(first_stages.FirstStageType),
        "config/image_licenses": config_viewset(common.ImageLicense),
        "config/image_variant_types": config_viewset(common.ImageVariantType),
        "config/infourl_types": config_viewset(common.InfoURLType),
        "config/landing_locations": LandingLocationViewSet,
        "config/landing_types": config_viewset(landings.LandingType),
        "config/languages": config_viewset(common.Language),
        "config/launch_statuses": config_viewset(launches.LaunchStatus),
        "config/launcher_statuses": config_viewset(launchers.LauncherStatus),
        "config/mission_types": config_viewset(missions.MissionType),
        "config/net_precisions": config_viewset(launches.NetPrecision),
        "config/notice_types": config_viewset(notices.NoticeType),
        "config/orbits": config_viewset(missions.Orbit),
        "config/payload_types": config_viewset(payloads.PayloadType),
        "config/program_types": config_viewset(programs.ProgramType),
        "config/road_closure_statuses": config_viewset(notices.RoadClosureStatus),
        "config/space_station_statuses": config_viewset(space_stations.SpaceStationStatus),
        "config/spacecraft_configuration_types": config_viewset(spacecraft_configurations.SpacecraftConfigType),
        "config/spacecraft_statuses": config_viewset(spacecraft.SpacecraftStatus),
        "config/timeline_event_types": config_viewset(launches_detailed.TimelineEventType),
        "config/vidurl_types": config_viewset(common.VidURLType),
        "dashboard/starship": StarshipDashboardViewSet,
        "docking_events": DockingEventViewSet,
        "events": EventViewSet,
        "events/previous": PreviousEventViewSet,
        "events/upcoming": UpcomingEventViewSet,
        "expeditions": ExpeditionViewSet,
        "landings": LandingViewSet,
        "launcher_configuration_families": LauncherConfigFamilyViewSet,
        "launcher_configurations": LauncherConfigViewSet,
        "launchers": LauncherViewSet,
        "launches": LaunchViewSet,
        "launches/previous": PreviousLaunchViewSet,
        "launches/upcoming": UpcomingLaunchViewSet,
        "locations": LocationViewSet,
        "mission_patches": MissionPatchViewSet,
        "pads": PadViewSet,
        "payload_flights": PayloadFlightViewSet,
        "payloads": PayloadViewSet,
        "programs": ProgramViewSet,
        "space_stations": SpaceStationViewSet,
        "spacecraft": SpacecraftViewSet,
        "spacecraft_configuration_families": SpacecraftConfigFamilyViewSet,
        "spacecraft_configurations": SpacecraftConfigViewSet,
        "spacecraft_flights": SpacecraftFlightViewSet,
        "spacewalks": SpacewalkViewSet,
        "updates": UpdateViewSet,
    },
    documents_all_nulls=False,
)
