"""The groups of the index of the admin. Short lists are in the group "Vocabularies" without being named here."""

from typing import cast

from django.contrib import admin

from agencies.models import Agency
from flights import models
from spacecraft.models import Spacecraft, SpacecraftConfig, SpacecraftConfigFamily
from spacedb.catalogue.site import Site
from spacedb.common.models import Country, Image, SocialMediaLink

cast("Site", admin.site).groups = {
    "Spacecraft": (Spacecraft, SpacecraftConfig, SpacecraftConfigFamily),
    "Flights": (
        models.SpacecraftFlight,
        models.DockingEvent,
        models.Landing,
        models.SpaceStation,
        models.DockingLocation,
        models.Payload,
        models.PayloadFlight,
    ),
    "Launches": (
        models.Launch,
        models.Mission,
        models.Orbit,
        models.FirstStage,
        models.Launcher,
        models.LauncherConfig,
        models.LauncherConfigFamily,
    ),
    "People": (models.Astronaut, models.Expedition, models.Spacewalk),
    "Agencies and places": (
        Agency,
        Country,
        models.Location,
        models.Pad,
        models.LandingLocation,
        models.CelestialBody,
    ),
    "Programs and news": (
        models.Program,
        models.Event,
        models.Update,
        models.Notice,
        models.RoadClosure,
    ),
    "Images and links": (Image, models.MissionPatch, SocialMediaLink),
}
