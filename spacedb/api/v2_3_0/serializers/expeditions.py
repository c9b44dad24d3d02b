"""Serializers of expeditions in Launch Library 2.3.0."""

from flights import models
from spacedb.api.v2_3_0.serializers.astronauts import AstronautFlight
from spacedb.api.v2_3_0.serializers.mission_patches import MissionPatch
from spacedb.api.v2_3_0.serializers.space_stations import SpaceStationDetailed, SpaceStationNormal
from spacedb.api.v2_3_0.serializers.spacewalks import SpacewalkList
from spacedb.serializers.base import Serializer
from spacedb.serializers.fields import DetailURLField, ResponseModeField


class ExpeditionMini(Serializer):
    url = DetailURLField("2.3.0/expeditions")

    class Meta:
        model = models.Expedition
        fields: tuple[str, ...] = ("id", "url", "name", "start", "end")
        extra_kwargs = {"start": {"required": True, "allow_null": False}}


class ExpeditionNormal(ExpeditionMini):
    response_mode = ResponseModeField("normal")
    spacestation = SpaceStationNormal()
    mission_patches = MissionPatch(many=True)
    spacewalks = SpacewalkList(many=True)

    class Meta(ExpeditionMini.Meta):
        fields = (*ExpeditionMini.Meta.fields, "response_mode", "spacestation", "mission_patches", "spacewalks")


class ExpeditionDetailed(ExpeditionNormal):
    response_mode = ResponseModeField("detailed")
    spacestation = SpaceStationDetailed()
    crew = AstronautFlight(many=True)

    class Meta(ExpeditionNormal.Meta):
        fields = (*ExpeditionNormal.Meta.fields, "crew")
