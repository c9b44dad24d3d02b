"""Crewed and cargo vehicles that fly on their own: each one, its configuration, its family."""

from django.db import models

from agencies.models import Agency
from spacedb.catalogue.models import NamedResource, Resource
from spacedb.common.models import Image, LandingTotals, LaunchTotals


class SpacecraftStatus(NamedResource):
    """Whether a spacecraft flies, is retired, was lost or is being built."""

    class Meta:
        verbose_name = "Spacecraft Status"
        verbose_name_plural = "Spacecraft Statuses"


class SpacecraftConfigType(NamedResource):
    """What kind of vehicle a configuration is, such as a capsule."""

    class Meta:
        verbose_name = "Spacecraft Configuration Type"


class SpacecraftConfigFamily(LaunchTotals, LandingTotals, Resource):
    """A line of spacecraft configurations, itself perhaps part of a wider one (Dragon 2 of Dragon)."""

    name = models.CharField(max_length=200, db_index=True)
    description = models.TextField(max_length=2048, blank=True)
    manufacturer = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="spacecraft_families")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    maiden_flight = models.DateField("Maiden Flight Date", null=True, blank=True)
    spacecraft_flown = models.IntegerField(null=True, blank=True, help_text="How many of its spacecraft have flown.")

    class Meta:
        verbose_name = "Spacecraft Configuration Family"
        verbose_name_plural = "Spacecraft Configuration Families"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class SpacecraftConfig(LaunchTotals, LandingTotals, Resource):
    """A model of spacecraft, such as Soyuz MS or Cargo Dragon 2, with its size and its record."""

    name = models.CharField(max_length=200, db_index=True)
    type = models.ForeignKey(SpacecraftConfigType, models.PROTECT, null=True, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="spacecraft_list")
    family = models.ManyToManyField(SpacecraftConfigFamily, blank=True, related_name="spacecraft")
    in_use = models.BooleanField(default=False, db_index=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    capability = models.TextField(max_length=2048, blank=True, help_text="What it is for.")
    history = models.TextField(max_length=1000, blank=True)
    details = models.TextField(max_length=1000, blank=True)
    maiden_flight = models.DateField(null=True, blank=True)
    height = models.FloatField("Length (m)", null=True, blank=True)
    diameter = models.FloatField("Diameter (m)", null=True, blank=True)
    human_rated = models.BooleanField(default=False, db_index=True, help_text="Certified to carry people.")
    crew_capacity = models.IntegerField(null=True, blank=True)
    payload_capacity = models.IntegerField("Payload Capacity (kg)", null=True, blank=True)
    payload_return_capacity = models.IntegerField("Payload Return Capacity (kg)", null=True, blank=True)
    flight_life = models.TextField(max_length=2048, null=True, blank=True, help_text="How long it can fly, in words.")
    wiki_link = models.URLField(blank=True)
    info_link = models.URLField(blank=True)
    nation_url = models.URLField(
        max_length=1000, null=True, blank=True, help_text="A picture of a flag, which versions before 2.3.0 tell."
    )
    spacecraft_flown = models.IntegerField(null=True, blank=True, help_text="How many spacecraft of it have flown.")
    fastest_turnaround = models.DurationField(
        null=True, blank=True, help_text="Shortest time between two flights of one of its spacecraft."
    )

    class Meta:
        verbose_name = "Spacecraft Configuration"

    def __str__(self) -> str:
        return self.name


class Spacecraft(Resource):
    """One vehicle: an orbiter, a capsule, a cargo ship, flown or to be flown."""

    name = models.CharField(max_length=255, db_index=True)
    serial_number = models.CharField(max_length=255, null=True, blank=True)
    is_placeholder = models.BooleanField(
        default=False, db_index=True, help_text="Stands for a vehicle that has not been assigned yet."
    )
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    in_space = models.BooleanField(
        default=False, db_index=True, help_text="On a successfully launched flight that has not ended."
    )
    time_in_space = models.DurationField(
        null=True, blank=True, db_index=True, help_text="Durations of its flights added up, running ones up to now."
    )
    time_docked = models.DurationField(
        null=True, blank=True, db_index=True, help_text="Time at stations and other vehicles added up."
    )
    flights_count = models.IntegerField(
        null=True, blank=True, db_index=True, help_text="Flights begun, planned ones not."
    )
    mission_ends_count = models.IntegerField(null=True, blank=True, db_index=True, help_text="Flights that have ended.")
    status = models.ForeignKey(SpacecraftStatus, models.PROTECT, null=True, blank=True)
    description = models.TextField(max_length=2048, blank=True)
    spacecraft_config = models.ForeignKey(
        SpacecraftConfig, models.PROTECT, null=True, blank=True, related_name="vehicles"
    )
    fastest_turnaround = models.DurationField(
        null=True, blank=True, help_text="Shortest time between two of its flights."
    )

    class Meta:
        verbose_name = "Spacecraft"
        verbose_name_plural = "Spacecraft"

    def __str__(self) -> str:
        return self.name
