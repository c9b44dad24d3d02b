"""First stages in flight."""

from django.db import models

from flights.models.landings import Landing
from flights.models.launchers import Launcher
from flights.models.launches import Launch
from spacedb.catalogue.models import EditableIdResource, Resource


class FirstStageType(EditableIdResource):
    """What part of a rocket a stage is: its core, a booster at its side."""

    name = models.CharField(max_length=50, blank=True, db_index=True)

    class Meta:
        verbose_name = "First Stage Type"


class FirstStage(Resource):
    """One flight of one first stage or booster."""

    type = models.ForeignKey(FirstStageType, models.PROTECT, null=True, blank=True)
    reused = models.BooleanField(null=True, blank=True, help_text="Not its first flight.")
    launcher_flight_number = models.IntegerField(
        null=True, blank=True, help_text="Which flight of the launcher it is: 1 is the first."
    )
    launcher = models.ForeignKey(Launcher, models.PROTECT, null=True, blank=True, related_name="first_stages")
    previous_flight_date = models.DateTimeField(null=True, blank=True)
    turn_around_time = models.DurationField(null=True, blank=True, help_text="Since the launcher's previous launch.")
    landing = models.OneToOneField(Landing, models.SET_NULL, null=True, blank=True, related_name="firststage")
    launch = models.ForeignKey(Launch, models.CASCADE, null=True, related_name="launcher_stage")
    previous_flight = models.ForeignKey(
        Launch, models.SET_NULL, null=True, blank=True, related_name="+", help_text="The launcher's previous launch."
    )

    class Meta:
        verbose_name = "First Stage"

    def __str__(self) -> str:
        return f"{self.launcher} on {self.launch}"
