"""Serializers of spacewalks with their station, expedition and flight in Launch Library 2.2.0."""

from typing import Any

from typing_extensions import override

from spacedb.api.v2_2_0.serializers.events import EventDetailedSerializerForSpacewalk
from spacedb.api.v2_2_0.serializers.expeditions import ExpeditionDetailedSerializerForSpacewalk
from spacedb.api.v2_2_0.serializers.programs import Program
from spacedb.api.v2_2_0.serializers.space_stations import SpaceStationSerializerForCommon
from spacedb.api.v2_2_0.serializers.spacecraft_flights_detailed import SpacecraftFlightDetailed
from spacedb.api.v2_2_0.serializers.spacewalks import SpacewalkNormal
from spacedb.serializers.base import field_names


class SpacecraftFlightFromEarth(SpacecraftFlightDetailed):
    """Version 2.2.0 has no launches from other celestial bodies: flights after such a launch are null."""

    @classmethod
    @override
    def substitute(cls, instance: Any) -> Any:
        return instance if instance.is_from_earth else None


class SpacewalkDetailed(SpacewalkNormal):
    spacestation = SpaceStationSerializerForCommon(allow_null=True)
    expedition = ExpeditionDetailedSerializerForSpacewalk(allow_null=True)
    spacecraft_flight = SpacecraftFlightFromEarth(allow_null=True)
    event = EventDetailedSerializerForSpacewalk(allow_null=True)
    program = Program(many=True)

    class Meta(SpacewalkNormal.Meta):
        fields = (*SpacewalkNormal.Meta.fields, *field_names("spacestation expedition spacecraft_flight event program"))
