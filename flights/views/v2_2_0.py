"""The endpoints of flights in Launch Library 2.2.0."""

from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.serializers import UUIDField

from agencies.serializers.v2_2_0 import Agency
from flights.filters import v2_2_0 as filters
from flights.models import AstronautFlight as Crew
from flights.models import CelestialBody
from flights.models import DockingEvent as DockingEventModel
from flights.serializers.v2_2_0 import detailed, launches
from flights.serializers.v2_2_0.flights import (
    AstronautForm,
    AstronautList,
    AstronautNormal,
    DockingEventSerializerForSpacecraftFlight,
    DockingLocation,
    Landing,
    LandingLocation,
    SpacecraftFlight,
    SpacecraftFlightDetailed,
    SpaceStationForm,
    SpaceStationSerializerForDockingEvent,
)
from flights.serializers.v2_3_0.landings import LandingType
from flights.views import v2_3_0
from spacecraft.serializers.v2_2_0 import SpacecraftDetailedNoFlights
from spacedb.api.fields import DetailURL
from spacedb.api.help import Capitals
from spacedb.api.serializers import keys, without


class EarthLaunches(Capitals):
    """Launches from other worlds came with 2.3.0."""

    modes = {
        "normal": launches.LaunchSerializerCommon,
        "list": launches.LaunchList,
        "detailed": detailed.LaunchDetailed,
    }
    filterset_class = filters.LaunchFilterSet
    filter_example = "pad__location=13"
    search_fields = without(v2_3_0.LaunchViewSet.search_fields, "launch_designator")

    def get_queryset(self) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset()
        return found.filter(CelestialBody.earth_or_unknown("pad__location__celestial_body"))


class LaunchViewSet(EarthLaunches, v2_3_0.LaunchViewSet):
    pass


class PreviousLaunchViewSet(EarthLaunches, v2_3_0.PreviousLaunchViewSet):
    pass


class UpcomingLaunchViewSet(EarthLaunches, v2_3_0.UpcomingLaunchViewSet):
    filterset_class = filters.UpcomingLaunchFilterSet
    filter_example = "hide_recent_previous=true"


class SpacecraftFlightViewSet(Capitals, v2_3_0.SpacecraftFlightViewSet):
    modes = {"normal": SpacecraftFlight, "detailed": SpacecraftFlightDetailed}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(CelestialBody.earth_or_unknown("launch__pad__location__celestial_body"))


class SpacecraftFlightNoLanding(SpacecraftFlight):
    class Meta(SpacecraftFlight.Meta):
        fields = without(SpacecraftFlight.Meta.fields, "landing")


class SpacecraftFlightDetailedNoLanding(SpacecraftFlightDetailed):
    class Meta(SpacecraftFlightDetailed.Meta):
        fields = without(SpacecraftFlightDetailed.Meta.fields, "landing")


class FirstStageNoLanding(detailed.FirstStage):
    class Meta(detailed.FirstStage.Meta):
        fields = without(detailed.FirstStage.Meta.fields, "landing")


class LandingList(Landing):
    url = DetailURL("2.2.0/landings")
    landing_type = LandingType(source="type")
    landing_location = LandingLocation()

    class Meta(Landing.Meta):
        fields = keys("id url attempt success description downrange_distance landing_type landing_location")


class LandingNormal(LandingList):
    firststage = FirstStageNoLanding()
    spacecraftflight = SpacecraftFlightNoLanding()

    class Meta(LandingList.Meta):
        fields = (*LandingList.Meta.fields, "firststage", "spacecraftflight")


class LandingDetailed(LandingNormal):
    spacecraftflight = SpacecraftFlightDetailedNoLanding()


class LandingViewSet(Capitals, v2_3_0.LandingViewSet):
    """Without those of payloads, which came with 2.3.0, and of what was launched from other worlds."""

    modes = {"normal": LandingNormal, "list": LandingList, "detailed": LandingDetailed}

    def get_queryset(self) -> QuerySet[Any]:
        of_this_version = Q(payloadflight=None) | Q(firststage__isnull=False) | Q(spacecraftflight__isnull=False)
        from_earth = [
            CelestialBody.earth_or_unknown(f"{what}__launch__pad__location__celestial_body")
            for what in ("firststage", "spacecraftflight")
        ]
        return super().get_queryset().filter(of_this_version, *from_earth)


class AstronautDetailed(AstronautForm):
    """An astronaut with all flights, landings and spacewalks."""

    flights = launches.LaunchSerializerCommon.found("crews__flight__launch", {"is_from_earth": True})
    landings = SpacecraftFlight.found("crews__flight", {"is_from_earth": True}, crews__phase=Crew.Phase.LANDING)
    spacewalks = detailed.SpacewalkNormal.found("crews__spacewalk")

    class Meta(AstronautForm.Meta):
        fields = keys(
            "id url name status type in_space time_in_space eva_time agency age date_of_birth date_of_death "
            "nationality twitter instagram bio profile_image profile_image_thumbnail wiki flights landings "
            "flights_count landings_count spacewalks_count last_flight first_flight spacewalks"
        )


class AstronautViewSet(Capitals, v2_3_0.AstronautViewSet):
    modes = {"normal": AstronautNormal, "list": AstronautList, "detailed": AstronautDetailed}
    filterset_class = filters.AstronautFilterSet
    ordering_fields = ("name", "status", "date_of_birth")
    ordering_example = "name"


class SpacecraftFlightSerializerForDockingEvent(SpacecraftFlight):
    class Meta(SpacecraftFlight.Meta):
        fields = keys("id url destination mission_end spacecraft")


class SpacecraftFlightSerializerForDockingEventDetailed(SpacecraftFlightSerializerForDockingEvent):
    spacecraft = SpacecraftDetailedNoFlights()


class SpacecraftFlightForDockingEvent(SpacecraftFlight):
    spacecraft = SpacecraftDetailedNoFlights()

    class Meta(SpacecraftFlight.Meta):
        fields = keys("id url spacecraft launch")


class DockingEvent(DockingEventSerializerForSpacecraftFlight):
    url = DetailURL("2.2.0/docking_event")
    launch_id = UUIDField(source="flight_vehicle_chaser.launch_id", allow_null=True, required=False)
    flight_vehicle = SpacecraftFlightSerializerForDockingEvent(source="flight_vehicle_chaser")

    implied = {"space_station_target": ("docking_location", "spacestation")}

    class Meta(DockingEventSerializerForSpacecraftFlight.Meta):
        fields = keys("id url launch_id docking departure flight_vehicle docking_location")


class DockingEventDetailed(DockingEvent):
    flight_vehicle = SpacecraftFlightSerializerForDockingEventDetailed(source="flight_vehicle_chaser")
    space_station = SpaceStationSerializerForDockingEvent(source="space_station_target")

    class Meta(DockingEvent.Meta):
        fields = (*DockingEvent.Meta.fields, "space_station")


class DockingEventViewSet(Capitals, v2_3_0.DockingEventViewSet):
    """Of vehicles at stations alone; others came with 2.3.0."""

    modes = {"normal": DockingEvent, "detailed": DockingEventDetailed}
    filterset_class = filters.DockingEventFilterSet
    filter_example = "space_station__id=6"
    search_fields = ("space_station__name", "flight_vehicle__spacecraft__name")
    aliases = {"space_station__": "space_station_target__", "flight_vehicle__": "flight_vehicle_chaser__"}
    ordering_fields = ("id", "docking", "departure")

    def get_queryset(self) -> QuerySet[Any]:
        from_earth = CelestialBody.earth_or_unknown("flight_vehicle_chaser__launch__pad__location__celestial_body")
        return (
            super()
            .get_queryset()
            .filter(DockingEventModel.at_stations(), from_earth, flight_vehicle_chaser__isnull=False)
        )


class DockingEventDetailedSerializerForSpacestation(DockingEvent):
    flight_vehicle = SpacecraftFlightForDockingEvent(source="flight_vehicle_chaser")

    class Meta(DockingEvent.Meta):
        fields = keys("id url docking departure flight_vehicle")


class DockingLocationSerializerForSpacestation(DockingLocation):
    docked = DockingEventDetailedSerializerForSpacestation(
        source="docking_events",
        first={"departure": None, "is_at_station": True, "is_by_spacecraft_from_earth": True},
    )

    class Meta(DockingLocation.Meta):
        fields = keys("id name docked")


class SpaceStation(SpaceStationForm):
    active_expedition = detailed.ExpeditionSerializerForSpacestation.listed("expeditions", end=None)

    class Meta(SpaceStationForm.Meta):
        fields = keys("id url name status type founded deorbited description orbit owners active_expedition image_url")


class SpaceStationDetailed(SpaceStation):
    owners = Agency(many=True)
    active_expeditions = detailed.ExpeditionDetailedSerializerForSpacestation.listed("expeditions", end=None)
    docking_location = DockingLocationSerializerForSpacestation(many=True)

    class Meta(SpaceStation.Meta):
        fields = keys(
            "id url name status type founded deorbited height width mass volume description orbit onboard_crew "
            "docked_vehicles owners active_expeditions docking_location image_url"
        )


class SpaceStationViewSet(Capitals, v2_3_0.SpaceStationViewSet):
    modes = {"normal": SpaceStation, "detailed": SpaceStationDetailed}
    ordering_fields = ("id", "name", "status", "type", "founded", "volume")


class ExpeditionViewSet(Capitals, v2_3_0.ExpeditionViewSet):
    modes = {"normal": detailed.Expedition, "detailed": detailed.ExpeditionDetail}
    ordering_fields = ("id", "start", "end")


class SpacewalkViewSet(Capitals, v2_3_0.SpacewalkViewSet):
    modes = {
        "normal": detailed.SpacewalkNormal,
        "list": detailed.SpacewalkList,
        "detailed": detailed.SpacewalkDetailed,
    }
    filterset_class = filters.SpacewalkFilterSet


class LauncherConfigViewSet(Capitals, v2_3_0.LauncherConfigViewSet):
    modes = {
        "normal": launches.LauncherConfig,
        "list": launches.LauncherConfigList,
        "detailed": launches.LauncherConfigDetail,
    }
    filterset_class = filters.LauncherConfigFilterSet
    search_fields = ("name", "manufacturer__name", "full_name", "description")
    ordering_fields = ("name", "launch_mass", "leo_capacity", "gto_capacity", "launch_cost")
    ordering_example = "-leo_capacity"
    ordering = ("name",)


class LauncherViewSet(Capitals, v2_3_0.LauncherViewSet):
    modes = {"normal": detailed.Launcher, "detailed": detailed.LauncherDetail}
    filterset_class = filters.LauncherFilterSet
    search_fields = ("serial_number", "status__name")
    ordering_fields = ("id", "flight_proven")
    ordering_example = "flight_proven"
    ordering = ("serial_number",)


class PadViewSet(Capitals, v2_3_0.PadViewSet):
    modes = {"normal": launches.Pad}
    filterset_class = filters.PadFilterSet
    ordering_fields = ()


class LocationDetail(launches.Location):
    """A site with its pads, and without its own address."""

    pads = launches.PadSerializerNoLocation(many=True)

    class Meta(launches.Location.Meta):
        fields = (*without(launches.Location.Meta.fields, "url", "description"), "pads")


class LocationViewSet(Capitals, v2_3_0.LocationViewSet):
    modes = {"normal": launches.Location, "detailed": LocationDetail}
    filterset_class = filters.LocationFilterSet
    ordering_fields = ()


class ProgramViewSet(Capitals, v2_3_0.ProgramViewSet):
    modes = {"normal": launches.Program}


class MissionPatchViewSet(Capitals, v2_3_0.MissionPatchViewSet):
    modes = {"normal": launches.MissionPatch}
