"""Every path of every version."""

from django.contrib import admin
from django.urls import path
from rest_framework.viewsets import ViewSetMixin

from agencies.serializers.v2_3_0 import AgencyType
from agencies.views import v2_3_0 as agencies
from flights.serializers.v2_3_0 import (
    crews,
    dockings,
    events,
    landings,
    launches,
    launches_detailed,
    missions,
    payloads,
    places,
    programs,
    stages,
)
from flights.views import v2_3_0 as flights
from flights.views.v2_0_0 import ENDPOINTS as ENDPOINTS_2_0_0
from flights.views.v2_2_0_endpoints import ENDPOINTS as ENDPOINTS_2_2_0
from spacecraft.serializers.v2_3_0 import SpacecraftConfigType, SpacecraftStatus
from spacecraft.views import v2_3_0 as spacecraft
from spacedb.api.pages import DocsView, HomeView, TopicView
from spacedb.api.routers import version
from spacedb.api.views import APIThrottleViewSet
from spacedb.api.viewsets import short_list
from spacedb.common.serializers import v2_3_0 as common
from spacedb.mirror.health import HealthView

VERSIONS: dict[str, dict[str, type[ViewSetMixin]]] = {
    "2.3.0": {
        "agencies": agencies.AgencyViewSet,
        "api-throttle": APIThrottleViewSet,
        "astronauts": flights.AstronautViewSet,
        "celestial_bodies": flights.CelestialBodyViewSet,
        "config/agency_types": short_list(AgencyType),
        "config/astronaut_roles": short_list(crews.AstronautRole, tags=["Astronaut"]),
        "config/astronaut_statuses": short_list(crews.AstronautStatus, tags=["Astronaut"]),
        "config/astronaut_types": short_list(crews.AstronautType),
        "config/celestial_body_types": short_list(places.CelestialBodyType, tags=["Celestial", "Types"]),
        "config/countries": short_list(common.Country),
        "config/docking_locations": short_list(dockings.DockingLocation, tags=["Docking"]),
        "config/event_types": short_list(events.EventType, tags=["Types"]),
        "config/first_stage_types": short_list(stages.FirstStageType, tags=["Stages", "Types"]),
        "config/image_licenses": short_list(common.ImageLicense, tags=["Licenses"]),
        "config/image_variant_types": short_list(common.ImageVariantType, tags=["Variants", "Types"]),
        "config/infourl_types": short_list(common.InfoURLType, tags=["Types"]),
        "config/landing_locations": short_list(landings.LandingLocation, tags=["Locations"]),
        "config/landing_types": short_list(landings.LandingType, tags=["Types"]),
        "config/languages": short_list(common.Language),
        "config/launch_statuses": short_list(launches.LaunchStatus, tags=["Launch"]),
        "config/launcher_statuses": short_list(stages.LauncherStatus, tags=["Launcher"]),
        "config/mission_types": short_list(missions.MissionType, tags=["Types"]),
        "config/net_precisions": short_list(launches.NetPrecision, tags=["Precisions"]),
        "config/orbits": short_list(missions.Orbit, tags=[]),
        "config/payload_types": short_list(payloads.PayloadType, tags=["Types"]),
        "config/program_types": short_list(programs.ProgramType, tags=["Types"]),
        "config/space_station_statuses": short_list(dockings.SpaceStationStatus, tags=["Station"]),
        "config/spacecraft_configuration_types": short_list(SpacecraftConfigType, tags=["Spacecraft", "Types"]),
        "config/spacecraft_statuses": short_list(SpacecraftStatus, tags=["Spacecraft"]),
        "config/timeline_event_types": short_list(
            launches_detailed.TimelineEventType, tags=["Timeline", "Events", "Types"]
        ),
        "config/vidurl_types": short_list(common.VidURLType, tags=["Types"]),
        "docking_events": flights.DockingEventViewSet,
        "expeditions": flights.ExpeditionViewSet,
        "landings": flights.LandingViewSet,
        "launcher_configuration_families": flights.LauncherConfigFamilyViewSet,
        "launcher_configurations": flights.LauncherConfigViewSet,
        "launchers": flights.LauncherViewSet,
        "launches": flights.LaunchViewSet,
        "launches/previous": flights.PreviousLaunchViewSet,
        "launches/upcoming": flights.UpcomingLaunchViewSet,
        "locations": flights.LocationViewSet,
        "mission_patches": flights.MissionPatchViewSet,
        "pads": flights.PadViewSet,
        "payload_flights": flights.PayloadFlightViewSet,
        "payloads": flights.PayloadViewSet,
        "programs": flights.ProgramViewSet,
        "space_stations": flights.SpaceStationViewSet,
        "spacecraft": spacecraft.SpacecraftViewSet,
        "spacecraft_configuration_families": spacecraft.SpacecraftConfigFamilyViewSet,
        "spacecraft_configurations": spacecraft.SpacecraftConfigViewSet,
        "spacecraft_flights": flights.SpacecraftFlightViewSet,
        "spacewalks": flights.SpacewalkViewSet,
    },
    "2.2.0": ENDPOINTS_2_2_0,
    "2.0.0": ENDPOINTS_2_0_0,
}

urlpatterns = [
    path("", HomeView.as_view(versions=tuple(VERSIONS))),
    path("docs/", DocsView.as_view(versions=tuple(VERSIONS)), name="docs"),
    path("docs/<slug:topic>/", TopicView.as_view(), name="topic"),
    path("admin/", admin.site.urls),
    path("health/", HealthView.as_view(), name="health"),
    *(version(number, endpoints) for number, endpoints in VERSIONS.items()),
]

handler404 = "spacedb.api.errors.not_found"
handler500 = "spacedb.api.errors.server_error"
