"""How serializers of missions differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import missions
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

CHANGES: dict[SerializerClass, SerializerChanges] = {
    missions.Mission: SerializerChanges(
        without=["agencies", "info_urls", "vid_urls"], after={"id": ["launch_library_id"]}
    ),
}
