"""The endpoints of spacecraft and their configurations in Launch Library 2.2.0."""

from flights.serializers.v2_2_0.flights import SpacecraftFlight
from spacecraft import filters
from spacecraft.serializers.v2_2_0 import (
    Spacecraft,
    SpacecraftConfiguration,
    SpacecraftConfigurationDetail,
    SpacecraftDetailedNoFlights,
)
from spacecraft.views import v2_3_0
from spacedb.api.help import Capitals


class SpacecraftDetailed(SpacecraftDetailedNoFlights):
    """A spacecraft with all its flights."""

    flights = SpacecraftFlight.listed(is_from_earth=True)

    class Meta(SpacecraftDetailedNoFlights.Meta):
        fields = (*SpacecraftDetailedNoFlights.Meta.fields, "flights")


class SpacecraftViewSet(Capitals, v2_3_0.SpacecraftViewSet):
    modes = {"normal": Spacecraft, "detailed": SpacecraftDetailed}
    filter_example = "in_space=true"


class SpacecraftConfigFilterSet(filters.SpacecraftConfigFilterSet):
    renamed = {"agency": "manufacturer"}


class SpacecraftConfigViewSet(Capitals, v2_3_0.SpacecraftConfigViewSet):
    modes = {"normal": SpacecraftConfiguration, "detailed": SpacecraftConfigurationDetail}
    filterset_class = SpacecraftConfigFilterSet
    search_fields = ("name", "agency__name")
    ordering = ("name",)
