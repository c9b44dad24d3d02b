"""How serializers of spacecraft differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import spacecraft
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

CHANGES: dict[SerializerClass, SerializerChanges] = {
    spacecraft.Spacecraft: SerializerChanges(
        without=(
            "is_placeholder",
            "in_space",
            "time_in_space",
            "time_docked",
            "flights_count",
            "mission_ends_count",
        )
    ),
}
