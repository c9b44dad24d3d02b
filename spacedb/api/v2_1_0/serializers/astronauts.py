"""How serializers of astronauts differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import astronauts
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges
from spacedb.serializers.fields import NaturalKeyField

CHANGES: dict[SerializerClass, SerializerChanges] = {
    astronauts.AstronautBase: SerializerChanges(
        without=(
            "in_space",
            "time_in_space",
            "flights_count",
            "landings_count",
            "spacewalks_count",
            "spacewalks",
            "age",
            "eva_time",
        )
    ),
    astronauts.AstronautFlight: SerializerChanges(fields={"role": NaturalKeyField(slug_field="role")}),
}
