"""Programs and mission patches."""

from django.db import models
from typing_extensions import override

from agencies.models import Agency
from spacedb.catalogue import fields
from spacedb.catalogue.models import EditableIdResource, Resource
from spacedb.common.models import Image


class ProgramType(EditableIdResource):
    """A program type, such as Human Spaceflight."""

    class Meta:
        verbose_name = "Program Type"


class MissionPatch(Resource):
    """A mission patch: the emblem of a mission."""

    name = fields.CharField(max_length=200, db_index=True)
    priority = models.IntegerField(
        default=10, db_index=True, help_text="Sort key: the patch to show first has the lowest number."
    )
    image_url = fields.URLField(max_length=1000)
    agency = models.ForeignKey(Agency, models.SET_NULL, null=True, blank=True, related_name="mission_patches")

    class Meta:
        verbose_name = "Mission Patch"
        verbose_name_plural = "Mission Patches"

    @override
    def __str__(self) -> str:
        return self.name


class Program(Resource):
    """A program of several launches or missions, such as Vostok or Commercial Crew."""

    name = fields.CharField(max_length=255, db_index=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    info_url = fields.URLField(null=True, blank=True)
    wiki_url = fields.URLField(null=True, blank=True)
    description = fields.TextField(max_length=40000, null=True, blank=True)
    agencies = models.ManyToManyField(Agency, blank=True, related_name="programs")
    start_date = models.DateTimeField(null=True, blank=True, db_index=True)
    end_date = models.DateTimeField(null=True, blank=True, db_index=True)
    mission_patches = models.ManyToManyField(MissionPatch, blank=True, related_name="programs")
    type = models.ForeignKey(ProgramType, models.PROTECT, null=True, blank=True)
    vehicles = models.ManyToManyField(
        "flights.Launcher",
        blank=True,
        related_name="+",
        help_text="Launchers on the dashboard in addition to those of the program's launcher configurations.",
    )
    orbiters = models.ManyToManyField(
        "spacecraft.Spacecraft",
        blank=True,
        related_name="+",
        help_text="Spacecraft on the dashboard in addition to those that flew on the program's launches.",
    )

    STARSHIP = 1
    """Id from Launch Library of the program with a dashboard."""

    class Meta:
        verbose_name = "Program"

    @override
    def __str__(self) -> str:
        return self.name
