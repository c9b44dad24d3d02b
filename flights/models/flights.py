"""The flights of spacecraft."""

from django.db import models

from flights.models.landings import Landing
from flights.models.launches import Launch
from spacecraft.models import Spacecraft
from spacedb.catalogue.models import Resource


class SpacecraftFlight(Resource):
    """One flight of one spacecraft, from its launch to the end of its mission."""

    destination = models.CharField(max_length=255, null=True, blank=True, help_text="An orbit, a station, a world.")
    mission_end = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text="Landing, re-entry or loss; empty while it flies or is planned."
    )
    spacecraft = models.ForeignKey(Spacecraft, models.CASCADE, null=True, related_name="flights")
    launch = models.ForeignKey(Launch, models.CASCADE, null=True, related_name="spacecraft_flights")
    landing = models.OneToOneField(Landing, models.SET_NULL, null=True, blank=True, related_name="spacecraftflight")
    duration = models.DurationField(null=True, blank=True, help_text="From the launch's NET to the mission's end.")
    turn_around_time = models.DurationField(
        null=True, blank=True, help_text="From the end of the spacecraft's previous mission to this launch."
    )

    class Meta:
        verbose_name = "Spacecraft Flight"

    def __str__(self) -> str:
        return f"{self.spacecraft} on {self.launch}"

    @property
    def is_from_earth(self) -> bool:
        return self.launch is None or self.launch.is_from_earth
