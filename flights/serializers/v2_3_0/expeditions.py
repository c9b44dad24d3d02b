"""Expeditions and spacewalks in Launch Library 2.3.0."""

from flights import models
from flights.serializers.v2_3_0.crews import AstronautFlight
from flights.serializers.v2_3_0.dockings import SpaceStationNormal
from flights.serializers.v2_3_0.programs import MissionPatch
from spacedb.api.fields import DetailURL, ResponseMode
from spacedb.api.serializers import Serializer


class SpacewalkList(Serializer):
    response_mode = ResponseMode("list")
    url = DetailURL("2.3.0/spacewalks")

    class Meta:
        model = models.Spacewalk
        fields: tuple[str, ...] = ("response_mode", "id", "url", "name", "start", "end", "duration", "location")


class SpacewalkNormal(SpacewalkList):
    """Nested in an astronaut. The official OpenAPI document has it say `list` of itself."""

    crew = AstronautFlight(many=True)

    class Meta(SpacewalkList.Meta):
        fields = (*SpacewalkList.Meta.fields, "crew")


class ExpeditionMini(Serializer):
    url = DetailURL("2.3.0/expeditions")

    class Meta:
        model = models.Expedition
        fields: tuple[str, ...] = ("id", "url", "name", "start", "end")
        extra_kwargs = {"start": {"required": True, "allow_null": False}}


class ExpeditionNormal(ExpeditionMini):
    response_mode = ResponseMode("normal")
    spacestation = SpaceStationNormal()
    mission_patches = MissionPatch(many=True)
    spacewalks = SpacewalkList(many=True)

    class Meta(ExpeditionMini.Meta):
        fields = (*ExpeditionMini.Meta.fields, "response_mode", "spacestation", "mission_patches", "spacewalks")
