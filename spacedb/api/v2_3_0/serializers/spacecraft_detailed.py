"""Serializers of spacecraft with their flights in Launch Library 2.3.0."""

from spacedb.api.v2_3_0.serializers.spacecraft import SpacecraftDetailed
from spacedb.api.v2_3_0.serializers.spacecraft_flights import SpacecraftFlightNormal
from spacedb.serializers.fields import ResponseModeField


class SpacecraftEndpointDetailed(SpacecraftDetailed):
    """A spacecraft with all its flights."""

    response_mode = ResponseModeField("detailed")
    flights = SpacecraftFlightNormal(many=True)

    class Meta(SpacecraftDetailed.Meta):
        fields = (*SpacecraftDetailed.Meta.fields, "flights")
