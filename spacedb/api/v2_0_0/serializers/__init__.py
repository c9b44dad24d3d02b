"""Serializers of Launch Library 2.0.0, by topic, as differences from 2.2.0."""

from spacedb.api.v2_0_0.serializers import (
    agencies,
    astronauts,
    docking_events,
    expeditions,
    launcher_configurations,
    launchers,
    launches,
    launches_detailed,
    locations,
    missions,
    pads,
    programs,
    space_stations,
    spacecraft,
    spacecraft_flights,
)
from spacedb.serializers.derived import DerivedVersion

DERIVED = DerivedVersion(
    "2.0.0",
    {
        **agencies.CHANGES,
        **astronauts.CHANGES,
        **docking_events.CHANGES,
        **expeditions.CHANGES,
        **launcher_configurations.CHANGES,
        **launchers.CHANGES,
        **launches.CHANGES,
        **launches_detailed.CHANGES,
        **locations.CHANGES,
        **missions.CHANGES,
        **pads.CHANGES,
        **programs.CHANGES,
        **space_stations.CHANGES,
        **spacecraft.CHANGES,
        **spacecraft_flights.CHANGES,
    },
)
