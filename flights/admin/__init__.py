"""Editing what happened: launches, pads, crews, landings, dockings, stations, payloads, by topic."""

from django.contrib import admin

from flights import models
from flights.admin import (
    crews,
    dockings,
    flights,
    landings,
    launchers,
    launches,
    missions,
    payloads,
    places,
    programs,
    stations,
)
from spacedb.api.admin import LookupAdmin

__all__ = [
    "crews",
    "dockings",
    "flights",
    "landings",
    "launchers",
    "launches",
    "missions",
    "payloads",
    "places",
    "programs",
    "stations",
]

admin.site.register(
    [
        models.AstronautStatus,
        models.AstronautType,
        models.CelestialBodyType,
        models.LandingType,
        models.LaunchStatus,
        models.MissionType,
        models.NetPrecision,
        models.PayloadType,
        models.ProgramType,
        models.SpaceStationStatus,
        models.SpaceStationType,
    ],
    LookupAdmin,
)
