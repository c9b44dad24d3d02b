"""How serializers of space stations differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import space_stations
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

CHANGES: dict[SerializerClass, SerializerChanges] = {
    space_stations.SpaceStationBase: SerializerChanges(without=["docked_vehicles"]),
}
