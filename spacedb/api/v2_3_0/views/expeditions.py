"""Endpoints of expeditions in Launch Library 2.3.0."""

from flights.models import Expedition
from spacedb.api.v2_3_0.filters.expeditions import ExpeditionFilterSet
from spacedb.api.v2_3_0.serializers.expeditions import ExpeditionDetailed, ExpeditionNormal
from spacedb.rest.viewsets import ReadOnlyViewSet


class ExpeditionViewSet(ReadOnlyViewSet):
    queryset = Expedition.objects.all()
    modes = {"normal": ExpeditionNormal, "detailed": ExpeditionDetailed}
    columns = ("start", "end", "spacestation")
    filterset_class = ExpeditionFilterSet
    filter_example = "space_station=18"
    search_fields = (
        "crew__astronaut__agency__abbrev",
        "crew__astronaut__agency__name",
        "crew__astronaut__name",
        "crew__astronaut__nationality__nationality_name",
        "name",
    )
    search_example = "Kelly"
    ordering_fields = ("end", "id", "start")
    ordering_example = "-start"
