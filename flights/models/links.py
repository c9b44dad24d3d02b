"""Pages and videos about missions, launches and events."""

from django.db import models

from flights.models.events import Event
from flights.models.launches import Launch
from flights.models.missions import Mission
from spacedb.catalogue.models import exactly_one
from spacedb.common.models import InfoURLType, Language, VidURLType


class Link(models.Model):
    """A page or a video about something, as documents list them: without an id of its own."""

    priority = models.IntegerField(default=10, help_text="The one to show first has the lowest.")
    source = models.CharField(max_length=200, null=True, blank=True, help_text="The site it is on.")
    title = models.CharField(max_length=200, null=True, blank=True)
    description = models.CharField(max_length=350, null=True, blank=True)
    feature_image = models.URLField(null=True, blank=True, help_text="Address of a picture to show with it.")
    url = models.URLField(max_length=1000, db_index=True)
    language = models.ForeignKey(Language, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=exactly_one("mission", "launch", "event"), name="%(class)s_is_about_one_thing"
            ),
        )

    def __str__(self) -> str:
        return self.title or self.url


class InfoURL(Link):
    """A page with information about a mission, a launch or an event."""

    mission = models.ForeignKey(Mission, models.CASCADE, null=True, blank=True, related_name="info_urls")
    launch = models.ForeignKey(Launch, models.CASCADE, null=True, blank=True, related_name="info_urls")
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="info_urls")
    type = models.ForeignKey(InfoURLType, models.PROTECT, null=True, blank=True)

    class Meta(Link.Meta):
        verbose_name = "Info URL"


class VidURL(Link):
    """A video about a mission, a launch or an event, or its broadcast."""

    mission = models.ForeignKey(Mission, models.CASCADE, null=True, blank=True, related_name="vid_urls")
    launch = models.ForeignKey(Launch, models.CASCADE, null=True, blank=True, related_name="vid_urls")
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="vid_urls")
    publisher = models.CharField(max_length=255, null=True, blank=True)
    type = models.ForeignKey(VidURLType, models.PROTECT, null=True, blank=True)
    start_time = models.DateTimeField(null=True, blank=True)
    end_time = models.DateTimeField(null=True, blank=True)
    live = models.BooleanField(default=False, help_text="On air now.")

    class Meta(Link.Meta):
        verbose_name = "Video URL"
