"""How serializers of launches with their stages, updates and links differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_1_0.serializers.launches import LAUNCH
from spacedb.api.v2_2_0.serializers import launches_detailed
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

CHANGES: dict[SerializerClass, SerializerChanges] = {
    launches_detailed.LaunchDetailed: LAUNCH,
}
