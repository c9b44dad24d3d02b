"""Endpoints of launch pads in Launch Library 2.3.0."""

from flights.models import CelestialBody
from flights.models import Pad as PadModel
from spacedb.api.v2_3_0.filters.pads import PadFilterSet
from spacedb.api.v2_3_0.serializers.pads import Pad
from spacedb.rest.formats.declarations import Position
from spacedb.rest.viewsets import ReadOnlyViewSet


class PadViewSet(ReadOnlyViewSet):
    queryset = PadModel.objects.all()
    modes = {"normal": Pad}
    columns = ("location", "country", "active", "total_launch_count")
    position = Position(is_on_earth=CelestialBody.earth_or_unknown("location__celestial_body"))
    filterset_class = PadFilterSet
    filter_example = "location__id=11"
    search_fields = ("location__name", "name", "orbital_launch_attempt_count", "total_launch_count")
    search_example = "39A"
    ordering_fields = (
        "id",
        "location__id",
        "location__name",
        "name",
        "orbital_launch_attempt_count",
        "total_launch_count",
    )
    ordering_example = "-orbital_launch_attempt_count"
