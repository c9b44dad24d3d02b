"""Languages, the kinds of links, and the social media that agencies and astronauts are found on."""

from django.db import models

from spacedb.catalogue.models import NamedResource, Resource
from spacedb.common.models.images import Image


class Language(NamedResource):
    """The language of a page or a video."""

    code = models.CharField(max_length=255, help_text="ISO 639-1, two letters.")

    class Meta:
        verbose_name = "Language"


class InfoURLType(NamedResource):
    """What kind of page an information link leads to."""

    class Meta:
        verbose_name = "Info URL Type"


class VidURLType(NamedResource):
    """What kind of video a video link leads to."""

    class Meta:
        verbose_name = "Video URL Type"


class SocialMedia(NamedResource):
    """A social network or other kind of public page."""

    name = models.CharField(max_length=255, blank=True, db_index=True)
    url = models.URLField(max_length=1000, null=True, blank=True)
    logo = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "Social Media"
        verbose_name_plural = "Social Media"


class SocialMediaLink(Resource):
    """The page of somebody on a social network."""

    natural_key = "url"

    social_media = models.ForeignKey(SocialMedia, models.PROTECT, null=True)
    url = models.URLField(max_length=1000, null=True, blank=True)

    class Meta:
        verbose_name = "Social Media Link"

    def __str__(self) -> str:
        return self.url or f"{self.social_media}"
