"""Space stations and docking locations."""

from django.db import models
from typing_extensions import override

from agencies.models import Agency
from flights.models.missions import Orbit
from flights.models.payloads import Payload
from spacecraft.models import SpacecraftConfig
from spacedb.catalogue import fields
from spacedb.catalogue.models import NamedResource, Resource
from spacedb.common.models import Image


class SpaceStationStatus(NamedResource):
    """A space station status, such as Active or De-Orbited."""

    class Meta:
        verbose_name = "Space Station Status"
        verbose_name_plural = "Space Station Statuses"


class SpaceStationType(NamedResource):
    """A space station type, such as Government or Commercial."""

    class Meta:
        verbose_name = "Space Station Type"


class SpaceStation(Resource):
    """A past, present or planned space station."""

    name = fields.CharField(max_length=255, db_index=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    status = models.ForeignKey(SpaceStationStatus, models.PROTECT, null=True, blank=True)
    founded = models.DateField(null=True, blank=True, db_index=True)
    deorbited = models.DateField(null=True, blank=True)
    description = fields.TextField(max_length=2048, blank=True)
    orbit = models.ForeignKey(Orbit, models.PROTECT, null=True, blank=True, related_name="space_stations")
    type = models.ForeignKey(SpaceStationType, models.PROTECT, null=True, blank=True)
    owners = models.ManyToManyField(Agency, blank=True, related_name="space_stations")
    height = models.FloatField("Height (m)", null=True, blank=True)
    width = models.FloatField("Width (m)", null=True, blank=True)
    mass = models.FloatField("Mass (T)", null=True, blank=True)
    volume = models.IntegerField("Volume (m^3)", null=True, blank=True, db_index=True)
    onboard_crew = models.IntegerField(null=True, blank=True, db_index=True, help_text="Number of people aboard.")
    docked_vehicles = models.IntegerField(null=True, blank=True, db_index=True, help_text="Number of docked vehicles.")

    class Meta:
        verbose_name = "Space Station"

    @override
    def __str__(self) -> str:
        return self.name


class DockingLocation(Resource):
    """A docking location: a port of a space station, a spacecraft configuration or a payload."""

    name = fields.CharField(max_length=255, db_index=True)
    spacestation = models.ForeignKey(
        SpaceStation, models.CASCADE, null=True, blank=True, related_name="docking_location"
    )
    spacecraft = models.ForeignKey(
        SpacecraftConfig, models.CASCADE, null=True, blank=True, related_name="docking_locations"
    )
    payload = models.ForeignKey(Payload, models.CASCADE, null=True, blank=True, related_name="docking_locations")

    class Meta:
        verbose_name = "Docking Location"

    @override
    def __str__(self) -> str:
        return self.name
