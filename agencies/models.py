"""Agencies: organizations that launch, build or operate space vehicles."""

from django.db import models
from typing_extensions import override

from spacedb.catalogue import fields
from spacedb.catalogue.models import EditableIdResource, Resource
from spacedb.common.models import ConsecutiveLaunches, Country, Image, SocialMediaLink


class AgencyType(EditableIdResource):
    """An agency type, such as Government, Commercial or Multinational."""

    class Meta:
        verbose_name = "Agency Type"


class Agency(ConsecutiveLaunches, Resource):
    """A space agency, a launch service provider or a manufacturer of space vehicles."""

    natural_key = "name"

    name = fields.CharField(max_length=200, db_index=True)
    abbrev = fields.CharField("abbreviation", max_length=255, blank=True, db_index=True)
    type = models.ForeignKey(AgencyType, models.PROTECT, null=True, blank=True)
    featured = models.BooleanField(
        default=False, db_index=True, help_text="Whether it is one of the best-known agencies."
    )
    country = models.ManyToManyField(Country, blank=True, related_name="agencies")
    description = fields.TextField(max_length=2048, null=True, blank=True)
    administrator = fields.CharField(
        max_length=200, null=True, blank=True, db_index=True, help_text="Title and name of the person who leads it."
    )
    founding_year = models.IntegerField(null=True, blank=True, db_index=True)
    launchers = fields.CharField(max_length=500, blank=True, help_text="Names of its launch vehicles.")
    spacecraft = fields.CharField(max_length=500, blank=True, help_text="Names of its spacecraft.")
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="subsidiaries",
        help_text="The agency that it belongs to.",
    )
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    logo = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    social_logo = models.ForeignKey(
        Image,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Logo in the format that social networks use.",
    )
    social_media_links = models.ManyToManyField(SocialMediaLink, blank=True, related_name="+")
    successful_landings_spacecraft = models.IntegerField(null=True, blank=True)
    failed_landings_spacecraft = models.IntegerField(null=True, blank=True)
    attempted_landings_spacecraft = models.IntegerField(null=True, blank=True)
    successful_landings_payload = models.IntegerField(null=True, blank=True)
    failed_landings_payload = models.IntegerField(null=True, blank=True)
    attempted_landings_payload = models.IntegerField(null=True, blank=True)
    info_url = fields.URLField(null=True, blank=True, help_text="URL of its website.")
    wiki_url = fields.URLField(null=True, blank=True, help_text="URL of its Wikipedia page.")
    launch_library_url = fields.URLField(
        null=True,
        blank=True,
        help_text="URL of its page in Launch Library 1. Served by API versions before 2.3.0 only.",
    )
    nation_url = fields.URLField(
        max_length=1000,
        null=True,
        blank=True,
        help_text="URL of an image of its flag. Served by API versions before 2.3.0 only.",
    )

    class Meta:
        verbose_name = "Agency"
        verbose_name_plural = "Agencies"
        ordering = ("name",)

    @override
    def __str__(self) -> str:
        return self.name
