"""Serializers of expeditions in Launch Library 2.2.0."""

from flights import models
from spacedb.api.v2_2_0.serializers.astronauts import AstronautFlightForExpedition
from spacedb.api.v2_2_0.serializers.mission_patches import MissionPatch
from spacedb.api.v2_2_0.serializers.space_stations import (
    SpaceStationDetailedSerializerForExpedition,
    SpaceStationSerializerForExpedition,
)
from spacedb.api.v2_2_0.serializers.spacewalks import SpacewalkList, SpacewalkNormal
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import DetailURLField


class ExpeditionSerializerForSpacestation(Serializer):
    url = DetailURLField("2.2.0/expedition")

    class Meta:
        model = models.Expedition
        fields: tuple[str, ...] = field_names("id url name start end")


class ExpeditionDetailedSerializerForSpacestation(ExpeditionSerializerForSpacestation):
    crew = AstronautFlightForExpedition(many=True)

    class Meta(ExpeditionSerializerForSpacestation.Meta):
        fields = field_names("id url name start end crew")


class ExpeditionDetailedSerializerForSpacewalk(ExpeditionSerializerForSpacestation):
    spacestation = SpaceStationSerializerForExpedition()
    mission_patches = MissionPatch(many=True)

    class Meta(ExpeditionSerializerForSpacestation.Meta):
        fields = field_names("id url name start end spacestation mission_patches")


class Expedition(ExpeditionDetailedSerializerForSpacewalk):
    spacewalks = SpacewalkList(many=True)

    class Meta(ExpeditionDetailedSerializerForSpacewalk.Meta):
        fields = field_names("id url name start end spacestation mission_patches spacewalks")


class ExpeditionDetail(Expedition):
    spacestation = SpaceStationDetailedSerializerForExpedition()
    crew = AstronautFlightForExpedition(many=True)
    spacewalks = SpacewalkNormal(many=True)

    class Meta(Expedition.Meta):
        fields = field_names("id url name start end spacestation crew mission_patches spacewalks")
