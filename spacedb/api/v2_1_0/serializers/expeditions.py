"""How serializers of expeditions differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import expeditions
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

CHANGES: dict[SerializerClass, SerializerChanges] = {
    expeditions.Expedition: SerializerChanges(without=["mission_patches", "spacewalks"]),
}
