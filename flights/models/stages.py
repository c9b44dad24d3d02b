"""Flights of first stages and boosters."""

from django.db import models
from typing_extensions import override

from flights.models.landings import Landing
from flights.models.launchers import Launcher
from flights.models.launches import Launch
from spacedb.catalogue import fields
from spacedb.catalogue.models import EditableIdResource, PositionedPart, Resource


class FirstStageType(EditableIdResource):
    """A first stage type, such as Core or Strap-On Booster."""

    name = fields.CharField(max_length=50, blank=True, db_index=True)

    class Meta:
        verbose_name = "First Stage Type"


class FirstStage(PositionedPart, Resource):
    """A flight of a first stage or booster."""

    named_by = ("launcher", "launch")
    type = models.ForeignKey(FirstStageType, models.PROTECT, null=True, blank=True)
    reused = models.BooleanField(null=True, blank=True, help_text="Whether the launcher has flown before.")
    launcher_flight_number = models.IntegerField(
        null=True, blank=True, help_text="Number among the flights of the launcher; 1 is the first."
    )
    launcher = models.ForeignKey(Launcher, models.PROTECT, null=True, blank=True, related_name="first_stages")
    previous_flight_date = models.DateTimeField(null=True, blank=True)
    turn_around_time = models.DurationField(
        null=True, blank=True, help_text="Time since the previous launch of the launcher."
    )
    landing = models.OneToOneField(Landing, models.SET_NULL, null=True, blank=True, related_name="firststage")
    launch = models.ForeignKey(Launch, models.CASCADE, null=True, related_name="launcher_stage")
    previous_flight = models.ForeignKey(
        Launch, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Previous launch of the launcher."
    )

    class Meta:
        verbose_name = "First Stage"
        ordering = ("position", "id")

    @override
    def __str__(self) -> str:
        return f"{self.launcher} on {self.launch}"
