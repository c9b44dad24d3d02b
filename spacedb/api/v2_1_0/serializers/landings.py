"""How serializers of landings differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import landings
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

CHANGES: dict[SerializerClass, SerializerChanges] = {
    landings.Landing: SerializerChanges(without=["downrange_distance"]),
}
