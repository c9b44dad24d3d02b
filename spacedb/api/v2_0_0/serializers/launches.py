"""How serializers of launches differ from those of Launch Library 2.1.0."""

from spacedb.api.v2_2_0.serializers import launches
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges
from spacedb.serializers.fields import TextField

CHANGES: dict[SerializerClass, SerializerChanges] = {
    launches.LaunchStatus: SerializerChanges(
        without=["abbrev", "description"], fields={"name": TextField(source="abbrev", max_length=255)}
    ),
}
