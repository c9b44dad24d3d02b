"""Serializers of Launch Library 2.1.0, by topic, as differences from 2.2.0."""

from spacedb.api.v2_1_0.serializers import (
    agencies,
    astronauts,
    common,
    docking_events,
    expeditions,
    landings,
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
    spacecraft_configurations,
    spacecraft_flights,
)
from spacedb.serializers.derived import DerivedVersion

DERIVED = DerivedVersion(
    "2.1.0",
    {
        **agencies.CHANGES,
        **astronauts.CHANGES,
        **common.CHANGES,
        **docking_events.CHANGES,
        **expeditions.CHANGES,
        **landings.CHANGES,
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
        **spacecraft_configurations.CHANGES,
        **spacecraft_flights.CHANGES,
    },
)
