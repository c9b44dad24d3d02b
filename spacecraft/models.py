"""Spacecraft, and the configurations and families that they belong to."""

from django.db import models
from typing_extensions import override

from agencies.models import Agency
from spacedb.catalogue import fields
from spacedb.catalogue.models import NamedResource, Resource
from spacedb.common.models import Image, LandingTotals, LaunchTotals


class SpacecraftStatus(NamedResource):
    """A spacecraft status, such as Active, Retired or Lost."""

    class Meta:
        verbose_name = "Spacecraft Status"
        verbose_name_plural = "Spacecraft Statuses"


class SpacecraftConfigType(NamedResource):
    """A spacecraft configuration type, such as Capsule or Spaceplane."""

    class Meta:
        verbose_name = "Spacecraft Configuration Type"


class SpacecraftConfigFamily(LaunchTotals, LandingTotals, Resource):
    """A family of spacecraft configurations, which may have a parent family, such as Dragon 2 in Dragon."""

    name = fields.CharField(max_length=200, db_index=True)
    description = fields.TextField(max_length=2048, blank=True)
    manufacturer = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="spacecraft_families")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    maiden_flight = models.DateField("Maiden Flight Date", null=True, blank=True)
    spacecraft_flown = models.IntegerField(null=True, blank=True, help_text="Number of its spacecraft that have flown.")

    class Meta:
        verbose_name = "Spacecraft Configuration Family"
        verbose_name_plural = "Spacecraft Configuration Families"
        ordering = ("name",)

    @override
    def __str__(self) -> str:
        return self.name


class SpacecraftConfig(LaunchTotals, LandingTotals, Resource):
    """A spacecraft configuration, such as Soyuz MS or Cargo Dragon 2, with its dimensions and its totals."""

    name = fields.CharField(max_length=200, db_index=True)
    type = models.ForeignKey(SpacecraftConfigType, models.PROTECT, null=True, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="spacecraft_list")
    family = models.ManyToManyField(SpacecraftConfigFamily, blank=True, related_name="spacecraft")
    in_use = models.BooleanField(default=False, db_index=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    capability = fields.TextField(max_length=2048, blank=True, help_text="The purpose that it was built for.")
    history = fields.TextField(max_length=1000, blank=True)
    details = fields.TextField(max_length=1000, blank=True)
    maiden_flight = models.DateField(null=True, blank=True)
    height = models.FloatField("Length (m)", null=True, blank=True)
    diameter = models.FloatField("Diameter (m)", null=True, blank=True)
    human_rated = models.BooleanField(
        default=False, db_index=True, help_text="Whether it is certified to carry people."
    )
    crew_capacity = models.IntegerField(null=True, blank=True)
    payload_capacity = models.IntegerField("Payload Capacity (kg)", null=True, blank=True)
    payload_return_capacity = models.IntegerField("Payload Return Capacity (kg)", null=True, blank=True)
    flight_life = fields.TextField(max_length=2048, null=True, blank=True, help_text="How long it can fly, as text.")
    wiki_link = fields.URLField(blank=True)
    info_link = fields.URLField(blank=True)
    nation_url = fields.URLField(
        max_length=1000,
        null=True,
        blank=True,
        help_text="URL of an image of a flag. Served by API versions before 2.3.0 only.",
    )
    spacecraft_flown = models.IntegerField(null=True, blank=True, help_text="Number of its spacecraft that have flown.")
    fastest_turnaround = models.DurationField(
        null=True, blank=True, help_text="Shortest time between two flights of the same spacecraft."
    )

    class Meta:
        verbose_name = "Spacecraft Configuration"
        ordering = ("name",)

    @override
    def __str__(self) -> str:
        return self.name


class Spacecraft(Resource):
    """An individual spacecraft, such as an orbiter, a capsule or a cargo ship."""

    name = fields.CharField(max_length=255, db_index=True)
    serial_number = fields.CharField(max_length=255, null=True, blank=True)
    is_placeholder = models.BooleanField(
        default=False, db_index=True, help_text="Whether it represents a vehicle that has not been assigned yet."
    )
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    in_space = models.BooleanField(
        default=False, db_index=True, help_text="Whether it is on a launched flight that has not ended."
    )
    time_in_space = models.DurationField(
        null=True,
        blank=True,
        db_index=True,
        help_text="Total duration of its flights; a running one counts up to the last recount.",
    )
    time_docked = models.DurationField(
        null=True, blank=True, db_index=True, help_text="Total time docked at space stations and other vehicles."
    )
    flights_count = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="Number of its launched flights."
    )
    mission_ends_count = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="Number of its flights that have ended."
    )
    status = models.ForeignKey(SpacecraftStatus, models.PROTECT, null=True, blank=True)
    description = fields.TextField(max_length=2048, blank=True)
    spacecraft_config = models.ForeignKey(
        SpacecraftConfig, models.PROTECT, null=True, blank=True, related_name="vehicles"
    )
    fastest_turnaround = models.DurationField(
        null=True, blank=True, help_text="Shortest time between two of its flights."
    )

    class Meta:
        verbose_name = "Spacecraft"
        verbose_name_plural = "Spacecraft"

    @override
    def __str__(self) -> str:
        return self.name
