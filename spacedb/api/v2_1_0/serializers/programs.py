"""How serializers of programs differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import programs
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

CHANGES: dict[SerializerClass, SerializerChanges] = {
    programs.Program: SerializerChanges(without=["mission_patches", "type"]),
}
