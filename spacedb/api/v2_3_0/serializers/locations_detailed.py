"""Serializers of locations with their pads in Launch Library 2.3.0."""

from spacedb.api.v2_3_0.serializers.locations import Location
from spacedb.api.v2_3_0.serializers.pads import PadSerializerNoLocation
from spacedb.serializers.fields import ResponseModeField


class LocationSerializerWithPads(Location):
    response_mode = ResponseModeField("detailed")
    pads = PadSerializerNoLocation(many=True)

    class Meta(Location.Meta):
        fields = (*Location.Meta.fields, "pads")
