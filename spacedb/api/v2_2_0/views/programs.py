"""Endpoints of programs in Launch Library 2.2.0."""

from spacedb.api.v2_2_0.serializers.programs import Program
from spacedb.api.v2_3_0.views import programs as v2_3_0


class ProgramViewSet(v2_3_0.ProgramViewSet):
    modes = {"normal": Program}
