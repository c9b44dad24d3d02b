"""Updates: news about launches, events and programs."""

from django.db import models
from django.utils.text import Truncator
from typing_extensions import override

from flights.models.events import Event
from flights.models.launches import Launch
from flights.models.programs import Program
from spacedb.catalogue import fields
from spacedb.catalogue.models import Resource


class Update(Resource):
    """An update: a short news item about a launch, an event or a program.

    The list of updates does not contain what an update is about. So all three are null until a document of the launch,
    the event or the program has been loaded.
    """

    # The dashboard of a program may contain the latest updates only, so its document deletes none.
    part_of = ("launch", "event")

    profile_image = fields.CharField(
        max_length=1000, null=True, blank=True, help_text="URL of the profile image of the author."
    )
    comment = fields.TextField(max_length=40000, null=True, blank=True)
    info_url = fields.URLField(null=True, blank=True, help_text="URL of the source.")
    created_by = fields.CharField(max_length=255, null=True, blank=True)
    created_on = models.DateTimeField(null=True, blank=True, db_index=True)
    launch = models.ForeignKey(Launch, models.CASCADE, null=True, blank=True, related_name="updates")
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="updates")
    program = models.ForeignKey(Program, models.CASCADE, null=True, blank=True, related_name="updates")

    class Meta:
        verbose_name = "Update"
        ordering = ("-created_on", "-id")

    @override
    def __str__(self) -> str:
        return Truncator(self.comment or f"Update {self.pk}").chars(80)
