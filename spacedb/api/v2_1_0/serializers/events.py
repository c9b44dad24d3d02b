"""How serializers of events differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import events
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

CHANGES: dict[SerializerClass, SerializerChanges] = {
    events.EventDetailedSerializerForSpacewalk: SerializerChanges(
        without=["updates", "webcast_live", "date_precision"]
    ),
}
