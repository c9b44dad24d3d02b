"""Stays aboard stations, and walks outside."""

from django.db import models

from flights.models.events import Event
from flights.models.flights import SpacecraftFlight
from flights.models.programs import MissionPatch, Program
from flights.models.stations import SpaceStation
from spacedb.catalogue.models import Resource


class Expedition(Resource):
    """The stay of a crew aboard a space station."""

    name = models.CharField(max_length=255, db_index=True)
    start = models.DateTimeField(null=True, blank=True, db_index=True)
    end = models.DateTimeField(null=True, blank=True, db_index=True, help_text="Empty while it lasts.")
    spacestation = models.ForeignKey(
        SpaceStation, models.CASCADE, null=True, blank=True, related_name="expeditions", verbose_name="space station"
    )
    mission_patches = models.ManyToManyField(MissionPatch, blank=True, related_name="expeditions")

    class Meta:
        verbose_name = "Expedition"

    def __str__(self) -> str:
        return self.name


class Spacewalk(Resource):
    """Work outside a vehicle, in a suit."""

    name = models.CharField(max_length=255, db_index=True)
    start = models.DateTimeField(null=True, blank=True, db_index=True, help_text="The hatch opens.")
    end = models.DateTimeField(null=True, blank=True, db_index=True, help_text="The hatch is closed again.")
    duration = models.DurationField(null=True, blank=True, db_index=True, help_text="From start to end.")
    location = models.CharField(max_length=255, null=True, blank=True, help_text="Where, in words.")
    spacestation = models.ForeignKey(
        SpaceStation, models.SET_NULL, null=True, blank=True, related_name="spacewalks", verbose_name="space station"
    )
    expedition = models.ForeignKey(Expedition, models.SET_NULL, null=True, blank=True, related_name="spacewalks")
    spacecraft_flight = models.ForeignKey(
        SpacecraftFlight,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="spacewalks",
        help_text="The flight in whose course it was, where it was none of a station's.",
    )
    event = models.ForeignKey(Event, models.SET_NULL, null=True, blank=True, related_name="spacewalks")
    program = models.ManyToManyField(Program, blank=True, related_name="spacewalks")

    class Meta:
        verbose_name = "Spacewalk"

    def __str__(self) -> str:
        return self.name
