"""How serializers of spacecraft flights differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import spacecraft_flights
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

CHANGES: dict[SerializerClass, SerializerChanges] = {
    spacecraft_flights.SpacecraftFlight: SerializerChanges(without=["landing"]),
}
