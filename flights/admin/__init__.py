"""Admin of launches, flights, crews, landings, dockings, space stations and payloads, one module per topic."""

from django.contrib import admin

from flights import models
from flights.admin import (
    crews,
    dockings,
    events,
    expeditions,
    flights,
    groups,
    landings,
    launchers,
    launches,
    missions,
    notices,
    payloads,
    places,
    programs,
    spacecraft,
    stages,
    stations,
    updates,
)
from spacedb.catalogue.admin import ConfigAdmin

__all__ = [
    "crews",
    "dockings",
    "events",
    "expeditions",
    "flights",
    "groups",
    "landings",
    "launchers",
    "launches",
    "missions",
    "notices",
    "payloads",
    "places",
    "programs",
    "spacecraft",
    "stages",
    "stations",
    "updates",
]

admin.site.register(
    [
        models.AstronautStatus,
        models.AstronautType,
        models.CelestialBodyType,
        models.LandingType,
        models.FirstStageType,
        models.EventType,
        models.LaunchStatus,
        models.LauncherStatus,
        models.MissionType,
        models.NetPrecision,
        models.NoticeType,
        models.PayloadType,
        models.ProgramType,
        models.RoadClosureStatus,
        models.SpaceStationStatus,
        models.SpaceStationType,
    ],
    ConfigAdmin,
)
