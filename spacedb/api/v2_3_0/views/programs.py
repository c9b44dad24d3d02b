"""Endpoints of programs in Launch Library 2.3.0."""

from flights.models import Program
from spacedb.api.v2_3_0.serializers.programs import ProgramMini, ProgramNormal
from spacedb.rest.viewsets import ReadOnlyViewSet


class ProgramViewSet(ReadOnlyViewSet):
    queryset = Program.objects.all()
    modes = {"list": ProgramMini, "normal": ProgramNormal}
    columns = ("type", "start_date", "end_date", "agencies")
