"""Filters of docking locations and docking events in Launch Library 2.2.0."""

from spacedb.api.v2_3_0.filters import docking_events as v2_3_0


class DockingEventFilterSet(v2_3_0.DockingEventFilterSet):
    excluded = ("docked",)
    renames = {"flight_vehicle_chaser__id": "flight_vehicle__id", "space_station_target__id": "space_station__id"}
