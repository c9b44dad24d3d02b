"""How serializers of locations differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import locations
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

CHANGES: dict[SerializerClass, SerializerChanges] = {
    locations.Location: SerializerChanges(without=["description", "timezone_name"]),
}
