"""Events other than launches, and their types."""

from django.db import models
from typing_extensions import override

from agencies.models import Agency
from flights.models.launches import Launch, NetPrecision
from flights.models.programs import Program
from flights.models.stations import SpaceStation
from spacedb.catalogue import fields
from spacedb.catalogue.models import EditableIdResource, Resource, is_future
from spacedb.common.models import Image


class EventType(EditableIdResource):
    """An event type, such as Docking or Press Event."""

    class Meta:
        verbose_name = "Event Type"


class Event(Resource):
    """An event other than a launch, such as a docking, a spacewalk or a press conference."""

    name = fields.CharField(max_length=200, db_index=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    date = models.DateTimeField(null=True, blank=True)
    slug = fields.SlugField(max_length=1024, blank=True)
    type = models.ForeignKey(EventType, models.PROTECT, null=True, blank=True)
    description = fields.TextField(max_length=2048, blank=True)
    webcast_live = models.BooleanField(default=False, help_text="Whether the webcast is live now.")
    location = fields.CharField(max_length=100, null=True, blank=True, help_text="Name of the place.")
    date_precision = models.ForeignKey(NetPrecision, models.PROTECT, null=True, blank=True, related_name="events")
    duration = models.DurationField(null=True, blank=True)
    last_updated = models.DateTimeField(null=True, blank=True, db_index=True)
    agencies = models.ManyToManyField(Agency, blank=True, related_name="events")
    launches = models.ManyToManyField(Launch, blank=True, related_name="events")
    expeditions = models.ManyToManyField("flights.Expedition", blank=True, related_name="events")
    spacestations = models.ManyToManyField(
        SpaceStation, blank=True, related_name="events", verbose_name="space stations"
    )
    program = models.ManyToManyField(Program, blank=True, related_name="events")
    astronauts = models.ManyToManyField("flights.Astronaut", blank=True, related_name="events")

    class Meta:
        verbose_name = "Event"
        ordering = ("date",)
        indexes = (
            models.Index(fields=("date", "id"), name="event_date"),
            models.Index(fields=("-date", "id"), name="event_date_latest"),
        )

    @override
    def __str__(self) -> str:
        return self.name

    @property
    def is_upcoming(self) -> bool | None:
        """Whether the event is in the future; None without a date."""
        return is_future(self.date)
