"""Serializers of events at their own endpoints in Launch Library 2.3.0."""

from spacedb.api.v2_3_0.serializers.agencies import AgencyMini
from spacedb.api.v2_3_0.serializers.astronauts import AstronautNormal
from spacedb.api.v2_3_0.serializers.events import EventNormal
from spacedb.api.v2_3_0.serializers.expeditions import ExpeditionNormal
from spacedb.api.v2_3_0.serializers.launches import LaunchBasic
from spacedb.api.v2_3_0.serializers.programs import ProgramNormal
from spacedb.api.v2_3_0.serializers.space_stations import SpaceStationNormal
from spacedb.api.v2_3_0.serializers.updates import Update
from spacedb.serializers.fields import ResponseModeField


class EventEndpointList(EventNormal):
    response_mode = ResponseModeField("list")

    class Meta(EventNormal.Meta):
        fields = (*EventNormal.Meta.fields, "response_mode", "duration")


class EventEndpointNormal(EventEndpointList):
    response_mode = ResponseModeField("normal")
    updates = Update(many=True)

    class Meta(EventEndpointList.Meta):
        fields = (*EventEndpointList.Meta.fields, "updates", "last_updated")
        extra_kwargs = EventEndpointList.Meta.extra_kwargs | {"last_updated": {"allow_null": False}}


class EventEndpointDetailed(EventEndpointNormal):
    response_mode = ResponseModeField("detailed")
    agencies = AgencyMini(many=True)
    launches = LaunchBasic(many=True)
    expeditions = ExpeditionNormal(many=True)
    spacestations = SpaceStationNormal(many=True)
    program = ProgramNormal(many=True, allow_null=True)
    astronauts = AstronautNormal(many=True, allow_null=True)

    class Meta(EventEndpointNormal.Meta):
        fields = (
            *EventEndpointNormal.Meta.fields,
            "agencies",
            "launches",
            "expeditions",
            "spacestations",
            "program",
            "astronauts",
        )
