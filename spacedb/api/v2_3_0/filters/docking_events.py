"""Filters of docking locations and docking events in Launch Library 2.3.0."""

from flights.models import DockingEvent
from spacedb.rest.filters import COMPARISONS, BooleanFilter, FilterSet


class DockingEventFilterSet(FilterSet):
    docked = BooleanFilter(
        field_name="departure", lookup_expr="isnull", label="Docked", help_text="The vehicle has not departed yet."
    )

    class Meta:
        model = DockingEvent
        fields = {
            "docking": COMPARISONS,
            "docking_location__id": ("exact",),
            "flight_vehicle_chaser__id": ("exact",),
            "space_station_target__id": ("exact",),
        }
