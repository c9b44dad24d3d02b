"""Languages, link types, and the social media pages of agencies and astronauts."""

from django.db import models
from typing_extensions import override

from spacedb.catalogue import fields
from spacedb.catalogue.models import NamedResource, Resource
from spacedb.common.models.images import Image


class Language(NamedResource):
    """The language of a web page or a video."""

    code = fields.CharField(max_length=255, help_text="ISO 639-1 code (two letters).")

    class Meta:
        verbose_name = "Language"


class InfoURLType(NamedResource):
    """An information link type, such as Official Page or Press Kit."""

    class Meta:
        verbose_name = "Info URL Type"


class VidURLType(NamedResource):
    """A video link type, such as Official Webcast."""

    class Meta:
        verbose_name = "Video URL Type"


class SocialMedia(NamedResource):
    """A social media platform."""

    name = fields.CharField(max_length=255, blank=True, db_index=True)
    url = fields.URLField(max_length=1000, null=True, blank=True)
    logo = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "Social Media"
        verbose_name_plural = "Social Media"


class SocialMediaLink(Resource):
    """A link to the social media page of an agency or an astronaut."""

    named_by = ("social_media",)
    natural_key = "url"

    social_media = models.ForeignKey(SocialMedia, models.PROTECT, null=True)
    url = fields.URLField(max_length=1000, null=True, blank=True)

    class Meta:
        verbose_name = "Social Media Link"

    @override
    def __str__(self) -> str:
        return self.url or f"{self.social_media}"
