"""Endpoints of docking locations and docking events in Launch Library 2.2.0."""

from typing import Any

from django.db.models import QuerySet
from typing_extensions import override

from flights.models import CelestialBody
from flights.models import DockingEvent as DockingEventModel
from spacedb.api.v2_2_0.filters.docking_events import DockingEventFilterSet
from spacedb.api.v2_2_0.serializers.docking_events_detailed import DockingEvent, DockingEventDetailed
from spacedb.api.v2_3_0.views import docking_events as v2_3_0


class DockingEventViewSet(v2_3_0.DockingEventViewSet):
    """Dockings of spacecraft at stations. Other dockings exist since version 2.3.0."""

    modes = {"normal": DockingEvent, "detailed": DockingEventDetailed}
    columns = ("docking", "departure", "docking_location", "flight_vehicle.destination")
    title_paths = ("flight_vehicle.spacecraft.name",)
    filterset_class = DockingEventFilterSet
    filter_example = "space_station__id=6"
    search_fields = ("space_station__name", "flight_vehicle__spacecraft__name")
    aliases = {"space_station__": "space_station_target__", "flight_vehicle__": "flight_vehicle_chaser__"}
    ordering_fields = ("id", "docking", "departure")

    @override
    def get_queryset(self) -> QuerySet[Any]:
        from_earth = CelestialBody.earth_or_unknown("flight_vehicle_chaser__launch__pad__location__celestial_body")
        return (
            super()
            .get_queryset()
            .filter(DockingEventModel.at_stations(), from_earth, flight_vehicle_chaser__isnull=False)
        )
