"""Pictures of vehicles, people, places and agencies, with the licence each is shown under."""

from django.db import models

from spacedb.catalogue.models import NamedResource, Resource


class ImageLicense(NamedResource):
    """The terms under which an image may be used, such as a Creative Commons licence."""

    name = models.CharField(max_length=255, blank=True, db_index=True)
    priority = models.IntegerField(default=0, help_text="Lower numbers are the freer licences.")
    link = models.URLField(null=True, blank=True, help_text="Where the licence can be read.")

    class Meta:
        verbose_name = "Image License"


class Image(Resource):
    """A picture, known by the address it is published at."""

    natural_key = "image_url"

    name = models.CharField(max_length=255, blank=True)
    image_url = models.URLField(max_length=1000, db_index=True, help_text="Address of the full-size picture.")
    thumbnail_url = models.URLField(max_length=1000, blank=True, help_text="Address of the small version.")
    credit = models.CharField(max_length=255, null=True, blank=True, help_text="Who made it, to be named with it.")
    license = models.ForeignKey(ImageLicense, models.PROTECT, null=True, blank=True)
    single_use = models.BooleanField(default=True, help_text="Shown with one object alone.")

    class Meta:
        verbose_name = "Image"

    def __str__(self) -> str:
        return self.name or self.image_url


class ImageVariantType(NamedResource):
    """What a variant of an image is for, such as a banner."""

    name = models.CharField(max_length=255, blank=True, db_index=True)

    class Meta:
        verbose_name = "Image Variant Type"


class ImageVariant(Resource):
    """The same picture cut or scaled for a purpose."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="variants")
    type = models.ForeignKey(ImageVariantType, models.PROTECT, null=True)
    image_url = models.URLField(max_length=1000, help_text="Address of this variant.")

    class Meta:
        verbose_name = "Image Variant"

    def __str__(self) -> str:
        return f"{self.image} ({self.type})"
