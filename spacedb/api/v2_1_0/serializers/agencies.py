"""How serializers of agencies differ from those of Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers import agencies
from spacedb.serializers.base import SerializerClass
from spacedb.serializers.derived import SerializerChanges

CHANGES: dict[SerializerClass, SerializerChanges] = {
    agencies.Agency: SerializerChanges(without=["logo_url"]),
    agencies.AgencySerializerDetailedCommon: SerializerChanges(),
}
