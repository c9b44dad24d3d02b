"""Every endpoint of Launch Library 2.2.0."""

from rest_framework.viewsets import ViewSetMixin

from agencies.serializers.v2_3_0 import AgencyType
from agencies.views.v2_2_0 import AgencyViewSet
from flights.serializers.v2_2_0 import flights, launches, lists
from flights.serializers.v2_3_0 import crews
from flights.serializers.v2_3_0.dockings import SpaceStationStatus
from flights.serializers.v2_3_0.events import EventType
from flights.serializers.v2_3_0.landings import LandingType
from flights.serializers.v2_3_0.launches import NetPrecision
from flights.serializers.v2_3_0.missions import MissionType
from flights.serializers.v2_3_0.stages import FirstStageType
from flights.views import v2_2_0 as views
from spacecraft.serializers.v2_3_0 import SpacecraftStatus
from spacecraft.views.v2_2_0 import SpacecraftConfigViewSet, SpacecraftViewSet
from spacedb.api.help import Capitals
from spacedb.api.serializers import Form
from spacedb.api.views import APIThrottleViewSet
from spacedb.api.viewsets import ReadOnlyViewSet, ViewSet, short_list


class ShortList(Capitals, ReadOnlyViewSet):
    """An endpoint of a short list."""


def _list(form: Form) -> ViewSet:
    return short_list(form, base=ShortList)


ENDPOINTS: dict[str, type[ViewSetMixin]] = {
    "agencies": AgencyViewSet,
    "api-throttle": APIThrottleViewSet,
    "astronaut": views.AstronautViewSet,
    "config/agencytype": _list(AgencyType),
    "config/astronautrole": _list(crews.AstronautRole),
    "config/astronautstatus": _list(crews.AstronautStatus),
    "config/astronauttype": _list(crews.AstronautType),
    "config/dockinglocation": _list(flights.DockingLocation),
    "config/eventtype": _list(EventType),
    "config/firststagetype": _list(FirstStageType),
    "config/landinglocation": _list(flights.LandingLocation),
    "config/landingtype": _list(LandingType),
    "config/launcher": views.LauncherConfigViewSet,
    "config/launchstatus": _list(launches.LaunchStatus),
    "config/missiontype": _list(MissionType),
    "config/netprecision": _list(NetPrecision),
    "config/noticetype": _list(lists.NoticeType),
    "config/orbit": _list(launches.Orbit),
    "config/roadclosurestatus": _list(lists.RoadClosureStatus),
    "config/spacecraft": SpacecraftConfigViewSet,
    "config/spacecraftstatus": _list(SpacecraftStatus),
    "config/spacestationstatus": _list(SpaceStationStatus),
    "docking_event": views.DockingEventViewSet,
    "expedition": views.ExpeditionViewSet,
    "landings": views.LandingViewSet,
    "launch": views.LaunchViewSet,
    "launch/previous": views.PreviousLaunchViewSet,
    "launch/upcoming": views.UpcomingLaunchViewSet,
    "launcher": views.LauncherViewSet,
    "location": views.LocationViewSet,
    "mission_patch": views.MissionPatchViewSet,
    "pad": views.PadViewSet,
    "program": views.ProgramViewSet,
    "spacecraft": SpacecraftViewSet,
    "spacecraft/flight": views.SpacecraftFlightViewSet,
    "spacestation": views.SpaceStationViewSet,
    "spacewalks": views.SpacewalkViewSet,
}
"""The view of each endpoint."""
