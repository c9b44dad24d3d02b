"""How serializers of spacecraft configurations differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import spacecraft_configurations
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

CHANGES: dict[SerializerClass, SerializerChanges] = {
    spacecraft_configurations.SpacecraftConfigurationDetail: SerializerChanges(without=["payload_return_capacity"]),
}
