"""What a launch was for: the mission, its orbit, its links."""

from django.db import models

from agencies.models import Agency
from flights.models.places import CelestialBody
from spacedb.api.models import HandNumbered, NamedResource, Resource
from spacedb.common.models import Image, InfoURLType, Language, VidURLType


class Orbit(NamedResource):
    """A kind of orbit or trajectory about a celestial body, such as Low Earth Orbit."""

    name = models.CharField(max_length=50, db_index=True)
    abbrev = models.CharField("abbreviation", max_length=30)
    celestial_body = models.ForeignKey(CelestialBody, models.PROTECT, null=True, blank=True, related_name="orbits")

    class Meta:
        verbose_name = "Orbit"


class MissionType(HandNumbered):
    """What a mission does, such as resupply or human exploration."""

    class Meta:
        verbose_name = "Mission Type"


class Mission(Resource):
    """The purpose of a launch."""

    name = models.CharField(max_length=255, db_index=True)
    type = models.ForeignKey(MissionType, models.PROTECT, null=True, blank=True)
    description = models.TextField(blank=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    orbit = models.ForeignKey(Orbit, models.PROTECT, null=True, blank=True, related_name="missions")
    agencies = models.ManyToManyField(Agency, blank=True, related_name="missions")

    class Meta:
        verbose_name = "Mission"

    def __str__(self) -> str:
        return self.name


class Link(models.Model):
    """A page or a video about something, as documents list them: without an id of its own."""

    priority = models.IntegerField(default=10, help_text="The one to show first has the lowest.")
    source = models.CharField(max_length=200, null=True, blank=True, help_text="The site it is on.")
    title = models.CharField(max_length=200, null=True, blank=True)
    description = models.CharField(max_length=350, null=True, blank=True)
    feature_image = models.URLField(null=True, blank=True, help_text="Address of a picture to show with it.")
    url = models.URLField(max_length=1000)
    language = models.ForeignKey(Language, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title or self.url


class InfoURL(Link):
    """A page with information about a mission."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="info_urls")
    type = models.ForeignKey(InfoURLType, models.PROTECT, null=True, blank=True)

    class Meta:
        verbose_name = "Info URL"


class VidURL(Link):
    """A video about a mission, or its broadcast."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="vid_urls")
    publisher = models.CharField(max_length=255, null=True, blank=True)
    type = models.ForeignKey(VidURLType, models.PROTECT, null=True, blank=True)
    start_time = models.DateTimeField(null=True, blank=True)
    end_time = models.DateTimeField(null=True, blank=True)
    live = models.BooleanField(default=False, help_text="On air now.")

    class Meta:
        verbose_name = "Video URL"
