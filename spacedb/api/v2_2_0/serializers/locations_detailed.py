"""Serializers of locations with their pads in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers.locations import Location
from spacedb.api.v2_2_0.serializers.pads import PadSerializerNoLocation
from spacedb.serializers.base import exclude_fields


class LocationDetail(Location):
    """A location with its pads, but without its `url`."""

    pads = PadSerializerNoLocation(many=True)

    class Meta(Location.Meta):
        fields = (*exclude_fields(Location.Meta.fields, "url", "description"), "pads")
