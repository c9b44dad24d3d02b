"""How serializers of pads differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import pads
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

CHANGES: dict[SerializerClass, SerializerChanges] = {
    pads.Pad: SerializerChanges(without=["description", "country_code", "orbital_launch_attempt_count"]),
}
