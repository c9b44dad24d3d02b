"""Landings, landing types and landing locations."""

from django.db import models
from typing_extensions import override

from flights.models.places import CelestialBody, Location
from spacedb.catalogue import fields
from spacedb.catalogue.models import NamedResource, Resource
from spacedb.common.models import Coordinates, Image, LandingTotals


class LandingType(NamedResource):
    """A landing type, such as Parachute Landing, Runway Landing or Splashdown."""

    name = fields.CharField(max_length=255, blank=True, db_index=True)
    abbrev = fields.CharField("abbreviation", max_length=255, blank=True)
    description = fields.TextField(max_length=2048, null=True, blank=True)

    class Meta:
        verbose_name = "Landing Type"


class LandingLocation(Coordinates, LandingTotals, Resource):
    """A landing location, such as a landing zone, a droneship or an area of the sea."""

    name = fields.CharField(max_length=255, blank=True, db_index=True)
    active = models.BooleanField(default=True)
    abbrev = fields.CharField("abbreviation", max_length=255, blank=True)
    description = fields.TextField(max_length=2048, null=True, blank=True)
    location = models.ForeignKey(
        Location,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="landing_locations",
        help_text="Location that it belongs to.",
    )
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    celestial_body = models.ForeignKey(
        CelestialBody, models.PROTECT, null=True, blank=True, related_name="landing_locations"
    )

    class Meta:
        verbose_name = "Landing Location"

    @override
    def __str__(self) -> str:
        return self.name


class Landing(Resource):
    """A planned, attempted or completed landing of a flight."""

    named_by = ("type", "landing_location")
    attempt = models.BooleanField(default=True, help_text="Whether a landing is attempted.", db_index=True)
    success = models.BooleanField(
        null=True, blank=True, help_text="Whether the landing succeeded; null until it has taken place.", db_index=True
    )
    description = fields.TextField(max_length=2048, blank=True)
    downrange_distance = models.FloatField("Downrange distance (km)", null=True, blank=True, db_index=True)
    landing_location = models.ForeignKey(
        LandingLocation, models.PROTECT, null=True, blank=True, related_name="landings"
    )
    type = models.ForeignKey(LandingType, models.PROTECT, null=True, blank=True)

    class Meta:
        verbose_name = "Landing"

    @override
    def __str__(self) -> str:
        return f"{self.type or 'Landing'} at {self.landing_location or 'an unknown place'} ({self.pk})"
