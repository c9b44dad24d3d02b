"""Events other than launches, and their types."""

from django.db import models
from typing_extensions import override

from flights.models.launches import NetPrecision
from spacedb.catalogue import fields
from spacedb.catalogue.models import EditableIdResource, Resource
from spacedb.common.models import Image


class EventType(EditableIdResource):
    """An event type, such as Docking or Press Event."""

    class Meta:
        verbose_name = "Event Type"


class Event(Resource):
    """An event other than a launch, such as a docking, a spacewalk or a press conference."""

    name = fields.CharField(max_length=200)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    date = models.DateTimeField(null=True, blank=True)
    slug = fields.SlugField(max_length=1024, blank=True)
    type = models.ForeignKey(EventType, models.PROTECT, null=True, blank=True)
    description = fields.TextField(max_length=2048, blank=True)
    webcast_live = models.BooleanField(default=False, help_text="Whether the webcast is live now.")
    location = fields.CharField(max_length=100, null=True, blank=True, help_text="Name of the place.")
    date_precision = models.ForeignKey(NetPrecision, models.PROTECT, null=True, blank=True, related_name="events")

    class Meta:
        verbose_name = "Event"

    @override
    def __str__(self) -> str:
        return self.name
