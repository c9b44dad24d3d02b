"""Endpoints of astronauts and crews in Launch Library 2.3.0."""

from flights.models import Astronaut
from spacedb.api.v2_3_0.filters.astronauts import AstronautFilterSet
from spacedb.api.v2_3_0.serializers.astronauts import AstronautDetailed
from spacedb.api.v2_3_0.serializers.astronauts_detailed import AstronautEndpointDetailed, AstronautEndpointNormal
from spacedb.rest.viewsets import ReadOnlyViewSet


class AstronautViewSet(ReadOnlyViewSet):
    queryset = Astronaut.objects.all()
    modes = {"list": AstronautDetailed, "normal": AstronautEndpointNormal, "detailed": AstronautEndpointDetailed}
    columns = ("status", "agency", "nationality", "flights_count", "time_in_space")
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
