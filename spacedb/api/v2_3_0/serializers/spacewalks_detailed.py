"""Serializers of spacewalks with their station, expedition and flight in Launch Library 2.3.0."""

from spacedb.api.v2_3_0.serializers.events import EventMini, EventNormal
from spacedb.api.v2_3_0.serializers.expeditions import ExpeditionMini
from spacedb.api.v2_3_0.serializers.mission_patches import MissionPatch
from spacedb.api.v2_3_0.serializers.programs import ProgramMini, ProgramNormal
from spacedb.api.v2_3_0.serializers.space_stations import SpaceStationMini, SpaceStationNormal
from spacedb.api.v2_3_0.serializers.spacecraft_flights import SpacecraftFlightNormal
from spacedb.api.v2_3_0.serializers.spacecraft_flights_detailed import SpacecraftFlightDetailed
from spacedb.api.v2_3_0.serializers.spacewalks import SpacewalkNormal
from spacedb.serializers.fields import ResponseModeField


class ExpeditionNormalSerializerForSpacewalk(ExpeditionMini):
    spacestation = SpaceStationNormal()
    mission_patches = MissionPatch(many=True)

    class Meta(ExpeditionMini.Meta):
        fields = (*ExpeditionMini.Meta.fields, "spacestation", "mission_patches")


class SpacewalkEndpointNormal(SpacewalkNormal):
    response_mode = ResponseModeField("normal")
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
    response_mode = ResponseModeField("detailed")
    spacestation = SpaceStationNormal(allow_null=True)
    expedition = ExpeditionNormalSerializerForSpacewalk(allow_null=True)
    spacecraft_flight = SpacecraftFlightDetailed(allow_null=True)
    event = EventNormal(allow_null=True)
    program = ProgramNormal(many=True)
