"""Expeditions and spacewalks."""

from django.db import models
from typing_extensions import override

from flights.models.events import Event
from flights.models.flights import SpacecraftFlight
from flights.models.programs import MissionPatch, Program
from flights.models.stations import SpaceStation
from spacedb.catalogue import fields
from spacedb.catalogue.models import Resource


class Expedition(Resource):
    """An expedition: the stay of a crew aboard a space station."""

    name = fields.CharField(max_length=255, db_index=True)
    start = models.DateTimeField(null=True, blank=True, db_index=True)
    end = models.DateTimeField(null=True, blank=True, db_index=True, help_text="Null while the expedition lasts.")
    spacestation = models.ForeignKey(
        SpaceStation, models.CASCADE, null=True, blank=True, related_name="expeditions", verbose_name="space station"
    )
    mission_patches = models.ManyToManyField(MissionPatch, blank=True, related_name="expeditions")

    class Meta:
        verbose_name = "Expedition"

    @override
    def __str__(self) -> str:
        return self.name


class Spacewalk(Resource):
    """A spacewalk: an activity of astronauts outside their vehicle (EVA)."""

    name = fields.CharField(max_length=255, db_index=True)
    start = models.DateTimeField(null=True, blank=True, db_index=True, help_text="Time at which the hatch was opened.")
    end = models.DateTimeField(null=True, blank=True, db_index=True, help_text="Time at which the hatch was closed.")
    duration = models.DurationField(null=True, blank=True, db_index=True, help_text="Time from start to end.")
    location = fields.CharField(max_length=255, null=True, blank=True, help_text="Name of the place.")
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
        help_text="Flight during which it took place, if not from a space station.",
    )
    event = models.ForeignKey(Event, models.SET_NULL, null=True, blank=True, related_name="spacewalks")
    program = models.ManyToManyField(Program, blank=True, related_name="spacewalks")

    class Meta:
        verbose_name = "Spacewalk"

    @override
    def __str__(self) -> str:
        return self.name
