"""The endpoint of astronauts in Launch Library 2.3.0."""

from flights.filters.crews import AstronautFilterSet
from flights.models import Astronaut
from flights.models import AstronautFlight as Crew
from flights.serializers.v2_3_0.crews import AstronautDetailed
from flights.serializers.v2_3_0.expeditions import SpacewalkNormal
from flights.serializers.v2_3_0.flights import SpacecraftFlightNormal
from flights.serializers.v2_3_0.launches import LaunchNormal
from spacedb.api.fields import ResponseMode
from spacedb.api.viewsets import ReadOnlyViewSet


class AstronautEndpointNormal(AstronautDetailed):
    response_mode = ResponseMode("normal")

    class Meta(AstronautDetailed.Meta):
        fields = (*AstronautDetailed.Meta.fields, "flights_count", "landings_count", "spacewalks_count")


class AstronautEndpointDetailed(AstronautEndpointNormal):
    """An astronaut with all flights, landings and spacewalks: of crews, and those that documents told."""

    response_mode = ResponseMode("detailed")
    flights = LaunchNormal.found("crews__flight__launch")
    landings = SpacecraftFlightNormal.found("crews__flight", crews__phase=Crew.Phase.LANDING)
    spacewalks = SpacewalkNormal.found("crews__spacewalk")

    class Meta(AstronautEndpointNormal.Meta):
        fields = (*AstronautEndpointNormal.Meta.fields, "flights", "landings", "spacewalks")


class AstronautViewSet(ReadOnlyViewSet):
    queryset = Astronaut.objects.all()
    modes = {"list": AstronautDetailed, "normal": AstronautEndpointNormal, "detailed": AstronautEndpointDetailed}
    filterset_class = AstronautFilterSet
    filter_example = "has_flown=true"
    search_fields = ("agency__abbrev", "agency__name", "name", "nationality__nationality_name")
    search_example = "Pesquet"
    ordering_fields = (
        "age",
        "date_of_birth",
        "eva_time",
        "flights_count",
        "id",
        "landings_count",
        "last_flight",
        "name",
        "spacewalks_count",
        "status",
        "time_in_space",
    )
    ordering_example = "-time_in_space"
