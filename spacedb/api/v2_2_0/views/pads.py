"""Endpoints of launch pads in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.filters.pads import PadFilterSet
from spacedb.api.v2_2_0.serializers.pads import Pad
from spacedb.api.v2_3_0.views import pads as v2_3_0


class PadViewSet(v2_3_0.PadViewSet):
    modes = {"normal": Pad}
    columns = ("location", "total_launch_count", "orbital_launch_attempt_count")
    filterset_class = PadFilterSet
    ordering_fields = ()
