"""The endpoint of the Starship dashboard in Launch Library 2.3.0."""

import datetime as dt

from drf_spectacular.utils import extend_schema, extend_schema_view
from typing_extensions import override

from flights.models import Event, Launch, Program
from spacedb.api.v2_3_0.serializers.dashboard import (
    StarshipDashboardDetailed,
    StarshipDashboardList,
    StarshipDashboardNormal,
)
from spacedb.rest.timeline import next_change
from spacedb.rest.viewsets import SingleObjectViewSet


# The official document describes a list. All clients expect the object that upstream returns.
@extend_schema_view(list=extend_schema(operation_id="dashboard_starship_list"))
class StarshipDashboardViewSet(SingleObjectViewSet):
    """The launches, events, vehicles and notices of the Starship program."""

    queryset = Program.objects.filter(pk=Program.STARSHIP)
    modes = {
        "list": StarshipDashboardList,
        "normal": StarshipDashboardNormal,
        "detailed": StarshipDashboardDetailed,
    }
    resource_name = "StarshipDashboard"

    @override
    def valid_until(self, now: dt.datetime) -> dt.datetime | None:
        """The next time of a launch or an event, which is previous from then on."""
        times = [next_change(Launch.objects.all(), "net", now), next_change(Event.objects.all(), "date", now)]
        return min(filter(None, times), default=None)
