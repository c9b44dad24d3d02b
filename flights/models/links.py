"""Links to pages and videos about missions, launches and events."""

from django.db import models
from typing_extensions import override

from flights.models.events import Event
from flights.models.launches import Launch
from flights.models.missions import Mission
from spacedb.catalogue import fields
from spacedb.catalogue.models import RepresentedModel, exactly_one
from spacedb.common.models import InfoURLType, Language, VidURLType


class Link(RepresentedModel):
    """Abstract model of a link to a page or a video, which has no id in Launch Library."""

    priority = models.IntegerField(default=10, help_text="Sort key: the link to show first has the lowest number.")
    source = fields.CharField(max_length=200, null=True, blank=True, help_text="Name of the website.")
    title = fields.CharField(max_length=200, null=True, blank=True)
    description = fields.CharField(max_length=350, null=True, blank=True)
    feature_image = fields.URLField(null=True, blank=True, help_text="URL of an image to show with the link.")
    url = fields.URLField(max_length=1000, db_index=True)
    language = models.ForeignKey(Language, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=exactly_one("mission", "launch", "event"), name="%(class)s_has_one_subject"
            ),
        )

    @override
    def __str__(self) -> str:
        return self.title or self.url


class InfoURL(Link):
    """A link to a web page about a mission, a launch or an event."""

    mission = models.ForeignKey(Mission, models.CASCADE, null=True, blank=True, related_name="info_urls")
    launch = models.ForeignKey(Launch, models.CASCADE, null=True, blank=True, related_name="info_urls")
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="info_urls")
    type = models.ForeignKey(InfoURLType, models.PROTECT, null=True, blank=True)

    class Meta(Link.Meta):
        verbose_name = "Info URL"


class VidURL(Link):
    """A link to a video about a mission, a launch or an event, such as its webcast."""

    mission = models.ForeignKey(Mission, models.CASCADE, null=True, blank=True, related_name="vid_urls")
    launch = models.ForeignKey(Launch, models.CASCADE, null=True, blank=True, related_name="vid_urls")
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="vid_urls")
    publisher = fields.CharField(max_length=255, null=True, blank=True)
    type = models.ForeignKey(VidURLType, models.PROTECT, null=True, blank=True)
    start_time = models.DateTimeField(null=True, blank=True)
    end_time = models.DateTimeField(null=True, blank=True)
    live = models.BooleanField(default=False, help_text="Whether the webcast is live now.")

    class Meta(Link.Meta):
        verbose_name = "Video URL"
