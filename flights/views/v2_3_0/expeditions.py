"""The endpoints of expeditions and spacewalks in Launch Library 2.3.0."""

from flights.filters.stations import ExpeditionFilterSet, SpacewalkFilterSet
from flights.models import Expedition, Spacewalk
from flights.serializers.v2_3_0.crews import AstronautFlight
from flights.serializers.v2_3_0.dockings import SpaceStationDetailed, SpaceStationMini, SpaceStationNormal
from flights.serializers.v2_3_0.events import EventMini, EventNormal
from flights.serializers.v2_3_0.expeditions import ExpeditionMini, ExpeditionNormal, SpacewalkList, SpacewalkNormal
from flights.serializers.v2_3_0.flights import SpacecraftFlightNormal
from flights.serializers.v2_3_0.programs import MissionPatch, ProgramMini, ProgramNormal
from flights.serializers.v2_3_0.spacecraft_flights import SpacecraftFlightDetailed
from spacedb.api.fields import ResponseMode
from spacedb.api.viewsets import ReadOnlyViewSet


class ExpeditionDetailed(ExpeditionNormal):
    response_mode = ResponseMode("detailed")
    spacestation = SpaceStationDetailed()
    crew = AstronautFlight(many=True)

    class Meta(ExpeditionNormal.Meta):
        fields = (*ExpeditionNormal.Meta.fields, "crew")


class ExpeditionViewSet(ReadOnlyViewSet):
    queryset = Expedition.objects.all()
    modes = {"normal": ExpeditionNormal, "detailed": ExpeditionDetailed}
    filterset_class = ExpeditionFilterSet
    filter_example = "space_station=18"
    search_fields = (
        "crew__astronaut__agency__abbrev",
        "crew__astronaut__agency__name",
        "crew__astronaut__name",
        "crew__astronaut__nationality__nationality_name",
        "name",
    )
    search_example = "Kelly"
    ordering_fields = ("end", "id", "start")
    ordering_example = "-start"


class ExpeditionNormalSerializerForSpacewalk(ExpeditionMini):
    spacestation = SpaceStationNormal()
    mission_patches = MissionPatch(many=True)

    class Meta(ExpeditionMini.Meta):
        fields = (*ExpeditionMini.Meta.fields, "spacestation", "mission_patches")


class SpacewalkEndpointNormal(SpacewalkNormal):
    response_mode = ResponseMode("normal")
    spacestation = SpaceStationMini(allow_null=True)
    expedition = ExpeditionMini(allow_null=True)
    spacecraft_flight = SpacecraftFlightNormal(allow_null=True)
    event = EventMini(allow_null=True)
    program = ProgramMini(many=True)

    class Meta(SpacewalkNormal.Meta):
        fields = (
            *SpacewalkNormal.Meta.fields,
            "spacestation",
            "expedition",
            "spacecraft_flight",
            "event",
            "program",
        )


class SpacewalkEndpointDetailed(SpacewalkEndpointNormal):
    response_mode = ResponseMode("detailed")
    spacestation = SpaceStationNormal(allow_null=True)
    expedition = ExpeditionNormalSerializerForSpacewalk(allow_null=True)
    spacecraft_flight = SpacecraftFlightDetailed(allow_null=True)
    event = EventNormal(allow_null=True)
    program = ProgramNormal(many=True)


class SpacewalkViewSet(ReadOnlyViewSet):
    queryset = Spacewalk.objects.all()
    modes = {"list": SpacewalkList, "normal": SpacewalkEndpointNormal, "detailed": SpacewalkEndpointDetailed}
    filterset_class = SpacewalkFilterSet
    filter_example = "program__name=Apollo"
    search_fields = ("crew__astronaut__name", "location", "name", "program__name")
    search_example = "Hubble"
    ordering_fields = ("duration", "end", "id", "name", "start")
    ordering_example = "-duration"
