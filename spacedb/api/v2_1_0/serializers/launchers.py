"""How serializers of launchers differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import launchers
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

CHANGES: dict[SerializerClass, SerializerChanges] = {
    launchers.Launcher: SerializerChanges(without=["is_placeholder"]),
}
