"""Who flies, builds and launches."""

from django.db import models

from spacedb.catalogue.models import EditableIdResource, Resource
from spacedb.common.models import ConsecutiveLaunches, Country, Image, SocialMediaLink


class AgencyType(EditableIdResource):
    """What an agency is: a government body, a company, a multinational organisation."""

    class Meta:
        verbose_name = "Agency Type"


class Agency(ConsecutiveLaunches, Resource):
    """A space agency, a launch service provider or a builder of vehicles."""

    natural_key = "name"

    name = models.CharField(max_length=200, db_index=True)
    abbrev = models.CharField("abbreviation", max_length=255, blank=True, db_index=True)
    type = models.ForeignKey(AgencyType, models.PROTECT, null=True, blank=True)
    featured = models.BooleanField(default=False, db_index=True, help_text="Among the best-known agencies.")
    country = models.ManyToManyField(Country, blank=True, related_name="agencies")
    description = models.TextField(max_length=2048, null=True, blank=True)
    administrator = models.CharField(
        max_length=200, null=True, blank=True, db_index=True, help_text="Who leads it, with the title."
    )
    founding_year = models.IntegerField(null=True, blank=True, db_index=True)
    launchers = models.CharField(max_length=500, blank=True, help_text="Names of its launch vehicles.")
    spacecraft = models.CharField(max_length=500, blank=True, help_text="Names of its spacecraft.")
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="subsidiaries",
        help_text="The agency it is part of.",
    )
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    logo = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    social_logo = models.ForeignKey(
        Image,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Its logo as social networks show it.",
    )
    social_media_links = models.ManyToManyField(SocialMediaLink, blank=True, related_name="+")
    successful_landings_spacecraft = models.IntegerField(null=True, blank=True)
    failed_landings_spacecraft = models.IntegerField(null=True, blank=True)
    attempted_landings_spacecraft = models.IntegerField(null=True, blank=True)
    successful_landings_payload = models.IntegerField(null=True, blank=True)
    failed_landings_payload = models.IntegerField(null=True, blank=True)
    attempted_landings_payload = models.IntegerField(null=True, blank=True)
    info_url = models.URLField(null=True, blank=True, help_text="Its own home page.")
    wiki_url = models.URLField(null=True, blank=True, help_text="Its page in an encyclopedia.")
    launch_library_url = models.URLField(
        null=True, blank=True, help_text="Its page in Launch Library 1, which versions before 2.3.0 tell."
    )
    nation_url = models.URLField(
        max_length=1000, null=True, blank=True, help_text="A picture of its flag, which versions before 2.3.0 tell."
    )

    class Meta:
        verbose_name = "Agency"
        verbose_name_plural = "Agencies"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
