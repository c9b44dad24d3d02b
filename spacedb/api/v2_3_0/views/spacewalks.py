"""Endpoints of spacewalks in Launch Library 2.3.0."""

from flights.models import Spacewalk
from spacedb.api.v2_3_0.filters.spacewalks import SpacewalkFilterSet
from spacedb.api.v2_3_0.serializers.spacewalks import SpacewalkList
from spacedb.api.v2_3_0.serializers.spacewalks_detailed import SpacewalkEndpointDetailed, SpacewalkEndpointNormal
from spacedb.rest.viewsets import ReadOnlyViewSet


class SpacewalkViewSet(ReadOnlyViewSet):
    queryset = Spacewalk.objects.all()
    modes = {"list": SpacewalkList, "normal": SpacewalkEndpointNormal, "detailed": SpacewalkEndpointDetailed}
    columns = ("start", "duration", "location", "spacestation")
    filterset_class = SpacewalkFilterSet
    filter_example = "program__name=Apollo"
    search_fields = ("crew__astronaut__name", "location", "name", "program__name")
    search_example = "Hubble"
    ordering_fields = ("duration", "end", "id", "name", "start")
    ordering_example = "-duration"
