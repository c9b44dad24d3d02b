"""The endpoints of Launch Library 2.0.0: those of 2.2.0 that it had, and how they differ."""

from typing import Any

from rest_framework.viewsets import ViewSetMixin

from agencies.views import v2_2_0 as agencies
from flights.filters import v2_0_0 as filters
from flights.serializers.v2_0_0 import DIFFERENCES
from flights.views import v2_2_0 as flights
from spacecraft.views import v2_2_0 as spacecraft
from spacedb.api.editions import Edition

edition = Edition("2.0.0", DIFFERENCES)
SOME_LAUNCHES: dict[str, Any] = {"filterset_class": filters.LaunchFilterSet, "filter_example": "lsp__name=SpaceX"}

ENDPOINTS: dict[str, type[ViewSetMixin]] = {
    "agencies": edition.view(agencies.AgencyViewSet, filters=("featured", "agency_type", "country_code", "spacecraft")),
    "astronaut": edition.view(flights.AstronautViewSet, filterset_class=filters.AstronautFilterSet),
    "config/launcher": edition.view(
        flights.LauncherConfigViewSet,
        filterset_class=filters.LauncherConfigFilterSet,
        filter_example="family=Falcon",
    ),
    "config/spacecraft": edition.view(spacecraft.SpacecraftConfigViewSet),
    "docking_event": edition.view(flights.DockingEventViewSet),
    "expedition": edition.view(flights.ExpeditionViewSet),
    "launch": edition.view(flights.LaunchViewSet, **SOME_LAUNCHES | {"filterset_class": filters.AnyLaunchFilterSet}),
    "launch/previous": edition.view(flights.PreviousLaunchViewSet, **SOME_LAUNCHES),
    "launch/upcoming": edition.view(flights.UpcomingLaunchViewSet, **SOME_LAUNCHES),
    "launcher": edition.view(flights.LauncherViewSet),
    "location": edition.view(flights.LocationViewSet),
    "pad": edition.view(flights.PadViewSet),
    "program": edition.view(flights.ProgramViewSet),
    "spacecraft": edition.view(
        spacecraft.SpacecraftViewSet,
        filters=("name", "status", "spacecraft_config"),
        filter_example="status=1",
        ordering_fields=("id",),
        ordering_example="id",
    ),
    "spacecraft/flight": edition.view(flights.SpacecraftFlightViewSet),
    "spacestation": edition.view(
        flights.SpaceStationViewSet, filterset_class=filters.SpaceStationFilterSet, filter_example="owners__abbrev=NASA"
    ),
}
"""The view of each endpoint."""
