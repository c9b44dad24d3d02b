"""Missions, mission types and orbits."""

from django.db import models
from typing_extensions import override

from agencies.models import Agency
from flights.models.places import CelestialBody
from spacedb.catalogue import fields
from spacedb.catalogue.models import EditableIdResource, NamedResource, Resource
from spacedb.common.models import Image


class Orbit(NamedResource):
    """An orbit or trajectory, such as Low Earth Orbit."""

    name = fields.CharField(max_length=50, db_index=True)
    abbrev = fields.CharField("abbreviation", max_length=30)
    celestial_body = models.ForeignKey(CelestialBody, models.PROTECT, null=True, blank=True, related_name="orbits")

    class Meta:
        verbose_name = "Orbit"


class MissionType(EditableIdResource):
    """A mission type, such as Resupply or Human Exploration."""

    class Meta:
        verbose_name = "Mission Type"


class Mission(Resource):
    """The mission of a launch: its purpose and its orbit."""

    name = fields.CharField(max_length=255, db_index=True)
    type = models.ForeignKey(MissionType, models.PROTECT, null=True, blank=True)
    description = models.TextField(blank=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    orbit = models.ForeignKey(Orbit, models.PROTECT, null=True, blank=True, related_name="missions")
    agencies = models.ManyToManyField(Agency, blank=True, related_name="missions")
    launch_designator = fields.CharField(
        max_length=255, null=True, blank=True, help_text="Served by API versions before 2.3.0 only."
    )
    launch_library_id = models.IntegerField(
        "Launch Library 1 ID", null=True, blank=True, help_text="Served by API versions before 2.2.0 only."
    )

    class Meta:
        verbose_name = "Mission"

    @override
    def __str__(self) -> str:
        return self.name
