"""Celestial bodies, locations and launch pads."""

from django.db import models
from typing_extensions import override

from agencies.models import Agency
from spacedb.catalogue import fields
from spacedb.catalogue.models import EditableIdResource, Resource
from spacedb.common.models import Coordinates, Country, Image


class CelestialBodyType(EditableIdResource):
    """A celestial body type, such as Planet, Moon or Asteroid."""

    class Meta:
        verbose_name = "Celestial Body Type"


class CelestialBody(Resource):
    """A celestial body that vehicles are launched from, land on or orbit."""

    EARTH = 1
    """Id of the Earth in Launch Library."""

    natural_key = "name"

    name = fields.CharField(max_length=255, db_index=True)
    type = models.ForeignKey(CelestialBodyType, models.PROTECT, null=True, blank=True)
    diameter = models.FloatField(null=True, blank=True, help_text="Diameter in metres.")
    mass = models.FloatField(null=True, blank=True, help_text="Mass in kilograms.")
    gravity = models.FloatField(null=True, blank=True, help_text="Surface gravity in metres per second squared.")
    length_of_day = models.DurationField(null=True, blank=True)
    atmosphere = models.BooleanField(default=False)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    description = models.TextField(null=True, blank=True)
    wiki_url = fields.URLField(null=True, blank=True)
    total_attempted_launches = models.IntegerField(default=0)
    successful_launches = models.IntegerField(default=0)
    failed_launches = models.IntegerField(default=0)
    total_attempted_landings = models.IntegerField(default=0)
    successful_landings = models.IntegerField(default=0)
    failed_landings = models.IntegerField(default=0)

    class Meta:
        verbose_name = "Celestial Body"
        verbose_name_plural = "Celestial Bodies"

    @override
    def __str__(self) -> str:
        return self.name

    @classmethod
    def earth_or_unknown(cls, path: str) -> models.Q:
        """Return the condition that the foreign key at the lookup path `path` is the Earth or null."""
        return models.Q(**{path: cls.EARTH}) | models.Q(**{path: None})


class Location(Coordinates, Resource):
    """A location with launch pads or landing locations, such as a spaceport."""

    name = fields.CharField(max_length=255, blank=True, db_index=True)
    celestial_body = models.ForeignKey(CelestialBody, models.PROTECT, null=True, blank=True, related_name="locations")
    active = models.BooleanField(default=True, db_index=True)
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="locations")
    description = fields.TextField(max_length=2048, null=True, blank=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    map_image = fields.URLField(max_length=1000, null=True, blank=True, help_text="URL of an image of a map.")
    timezone_name = fields.CharField(max_length=255, blank=True, help_text="Name in the IANA time zone database.")
    total_launch_count = models.IntegerField(null=True, blank=True, db_index=True)
    total_landing_count = models.IntegerField(null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = "Location"

    @override
    def __str__(self) -> str:
        return self.name


class Pad(Coordinates, Resource):
    """A launch pad, on land or at sea."""

    active = models.BooleanField(default=True, db_index=True)
    agencies = models.ManyToManyField(Agency, blank=True, related_name="pads")
    name = fields.CharField(max_length=255, blank=True, db_index=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    description = fields.TextField(max_length=2048, null=True, blank=True)
    info_url = fields.URLField(null=True, blank=True)
    wiki_url = fields.URLField(null=True, blank=True)
    map_url = fields.URLField(null=True, blank=True, help_text="URL at a map service.")
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="pads")
    map_image = fields.URLField(max_length=1000, null=True, blank=True, help_text="URL of an image of a map.")
    total_launch_count = models.IntegerField(null=True, blank=True, db_index=True)
    orbital_launch_attempt_count = models.IntegerField(null=True, blank=True, db_index=True)
    fastest_turnaround = models.DurationField(null=True, blank=True, help_text="Shortest time between two launches.")
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="pads")

    class Meta:
        verbose_name = "Pad"

    @override
    def __str__(self) -> str:
        return self.name
