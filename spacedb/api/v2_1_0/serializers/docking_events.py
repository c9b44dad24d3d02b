"""How serializers of docking events differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import docking_events
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

CHANGES: dict[SerializerClass, SerializerChanges] = {
    docking_events.DockingLocation: SerializerChanges(without=["spacestation"]),
}
