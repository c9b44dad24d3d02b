"""Worlds, spaceports and launch pads."""

from django.db import models

from agencies.models import Agency
from spacedb.catalogue.models import EditableIdResource, Resource
from spacedb.common.models import Coordinates, Country, Image


class CelestialBodyType(EditableIdResource):
    """What a celestial body is: a planet, a moon, an asteroid."""

    class Meta:
        verbose_name = "Celestial Body Type"


class CelestialBody(Resource):
    """A world that is launched from, landed on or orbited."""

    EARTH = 1
    """The id that Launch Library gave the Earth."""

    natural_key = "name"

    name = models.CharField(max_length=255, db_index=True)
    type = models.ForeignKey(CelestialBodyType, models.PROTECT, null=True, blank=True)
    diameter = models.FloatField(null=True, blank=True, help_text="Metres.")
    mass = models.FloatField(null=True, blank=True, help_text="Kilograms.")
    gravity = models.FloatField(null=True, blank=True, help_text="At the surface, metres per second squared.")
    length_of_day = models.DurationField(null=True, blank=True)
    atmosphere = models.BooleanField(default=False)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    description = models.TextField(null=True, blank=True)
    wiki_url = models.URLField(null=True, blank=True)
    total_attempted_launches = models.IntegerField(default=0)
    successful_launches = models.IntegerField(default=0)
    failed_launches = models.IntegerField(default=0)
    total_attempted_landings = models.IntegerField(default=0)
    successful_landings = models.IntegerField(default=0)
    failed_landings = models.IntegerField(default=0)

    class Meta:
        verbose_name = "Celestial Body"
        verbose_name_plural = "Celestial Bodies"

    def __str__(self) -> str:
        return self.name

    @classmethod
    def earth_or_unknown(cls, path: str) -> models.Q:
        """That a path leads to the Earth, or nowhere."""
        return models.Q(**{path: cls.EARTH}) | models.Q(**{path: None})


class Location(Coordinates, Resource):
    """A spaceport or another site with launch pads or landing places."""

    name = models.CharField(max_length=255, blank=True, db_index=True)
    celestial_body = models.ForeignKey(CelestialBody, models.PROTECT, null=True, blank=True, related_name="locations")
    active = models.BooleanField(default=True)
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="locations")
    description = models.TextField(max_length=2048, null=True, blank=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    map_image = models.URLField(max_length=1000, null=True, blank=True, help_text="Address of a map of the site.")
    timezone_name = models.CharField(max_length=255, blank=True, help_text="A name of the IANA time zone database.")
    total_launch_count = models.IntegerField(null=True, blank=True, db_index=True)
    total_landing_count = models.IntegerField(null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = "Location"

    def __str__(self) -> str:
        return self.name


class Pad(Coordinates, Resource):
    """A launch pad, at sea or on land."""

    active = models.BooleanField(default=True)
    agencies = models.ManyToManyField(Agency, blank=True, related_name="pads")
    name = models.CharField(max_length=255, blank=True, db_index=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    description = models.TextField(max_length=2048, null=True, blank=True)
    info_url = models.URLField(null=True, blank=True)
    wiki_url = models.URLField(null=True, blank=True)
    map_url = models.URLField(null=True, blank=True, help_text="A link to a map service.")
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="pads")
    map_image = models.URLField(max_length=1000, null=True, blank=True, help_text="Address of a map of the pad.")
    total_launch_count = models.IntegerField(null=True, blank=True, db_index=True)
    orbital_launch_attempt_count = models.IntegerField(null=True, blank=True, db_index=True)
    fastest_turnaround = models.DurationField(null=True, blank=True, help_text="Shortest time between two launches.")
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="pads")

    class Meta:
        verbose_name = "Pad"

    def __str__(self) -> str:
        return self.name
