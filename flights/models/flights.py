"""Flights of spacecraft."""

from django.db import models
from typing_extensions import override

from flights.models.landings import Landing
from flights.models.launches import Launch
from spacecraft.models import Spacecraft
from spacedb.catalogue import fields
from spacedb.catalogue.models import Resource


class SpacecraftFlight(Resource):
    """A flight of a spacecraft, from its launch to the end of its mission."""

    named_by = ("spacecraft", "launch")
    destination = fields.CharField(
        max_length=255, null=True, blank=True, help_text="Name of an orbit, a space station or a celestial body."
    )
    mission_end = models.DateTimeField(
        null=True,
        blank=True,
        db_index=True,
        help_text="Time of landing, re-entry or loss; null for running and planned flights.",
    )
    spacecraft = models.ForeignKey(Spacecraft, models.CASCADE, null=True, related_name="flights")
    launch = models.ForeignKey(Launch, models.CASCADE, null=True, related_name="spacecraft_flights")
    landing = models.OneToOneField(Landing, models.SET_NULL, null=True, blank=True, related_name="spacecraftflight")
    duration = models.DurationField(
        null=True, blank=True, help_text="Time from the NET of the launch to the end of the mission."
    )
    turn_around_time = models.DurationField(
        null=True, blank=True, help_text="Time from the end of the spacecraft's previous mission to this launch."
    )

    class Meta:
        verbose_name = "Spacecraft Flight"

    @override
    def __str__(self) -> str:
        return f"{self.spacecraft} on {self.launch}"

    @property
    def is_from_earth(self) -> bool:
        """Whether the flight was launched from the Earth, or has no launch."""
        return self.launch is None or self.launch.is_from_earth
