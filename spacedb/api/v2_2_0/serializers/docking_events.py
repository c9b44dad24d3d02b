"""Serializers of docking locations and docking events in Launch Library 2.2.0."""

from flights import models
from spacedb.api.v2_2_0.serializers.space_stations import (
    SpaceStationSerializerForCommon,
    SpaceStationSerializerForDocking,
)
from spacedb.serializers.base import Serializer, field_names


class DockingLocation(Serializer):
    spacestation = SpaceStationSerializerForDocking()

    class Meta:
        model = models.DockingLocation
        fields = field_names("id name spacestation")


class DockingEventSerializerForSpacecraftFlight(Serializer):
    spacestation = SpaceStationSerializerForCommon(source="space_station_target")
    docking_location = DockingLocation()

    class Meta:
        model = models.DockingEvent
        fields = field_names("spacestation docking departure docking_location")
