"""How serializers of links differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import common
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

ADDED_LATER = ("source", "publisher", "type", "language", "start_time", "end_time")

CHANGES: dict[SerializerClass, SerializerChanges] = {
    common.InfoURL: SerializerChanges(without=ADDED_LATER),
    common.VidURL: SerializerChanges(without=ADDED_LATER),
}
