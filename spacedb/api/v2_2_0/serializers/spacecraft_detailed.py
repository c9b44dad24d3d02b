"""Serializers of spacecraft with their flights in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers.spacecraft import SpacecraftDetailedNoFlights
from spacedb.api.v2_2_0.serializers.spacecraft_flights import SpacecraftFlight


class SpacecraftDetailed(SpacecraftDetailedNoFlights):
    """A spacecraft with all its flights."""

    flights = SpacecraftFlight.filtered(is_from_earth=True)

    class Meta(SpacecraftDetailedNoFlights.Meta):
        fields = (*SpacecraftDetailedNoFlights.Meta.fields, "flights")
