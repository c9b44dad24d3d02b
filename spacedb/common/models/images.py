"""Images and their licenses and variants."""

from django.db import models
from typing_extensions import override

from spacedb.catalogue import fields
from spacedb.catalogue.models import NamedResource, Resource


class ImageLicense(NamedResource):
    """An image license, such as a Creative Commons license."""

    name = fields.CharField(max_length=255, blank=True, db_index=True)
    priority = models.IntegerField(default=0, help_text="Sort key: lower numbers are less restrictive licenses.")
    link = fields.URLField(null=True, blank=True, help_text="URL of the text of the license.")

    class Meta:
        verbose_name = "Image License"


class Image(Resource):
    """An image of a vehicle, a person, a place or an agency, identified by its URL."""

    natural_key = "image_url"

    name = fields.CharField(max_length=255, blank=True)
    image_url = fields.URLField(max_length=1000, db_index=True, help_text="URL of the full-size image.")
    thumbnail_url = fields.URLField(max_length=1000, blank=True, help_text="URL of the thumbnail.")
    credit = fields.CharField(
        max_length=255, null=True, blank=True, help_text="Name of the author, to be shown with the image."
    )
    license = models.ForeignKey(ImageLicense, models.PROTECT, null=True, blank=True)
    single_use = models.BooleanField(default=True, help_text="Whether it is used by one object only.")

    class Meta:
        verbose_name = "Image"

    @override
    def __str__(self) -> str:
        return self.name or self.image_url


class ImageVariantType(NamedResource):
    """An image variant type, such as Banner."""

    name = fields.CharField(max_length=255, blank=True, db_index=True)

    class Meta:
        verbose_name = "Image Variant Type"


class ImageVariant(Resource):
    """A variant of an image that was cropped or scaled for one purpose."""

    named_by = ("image", "type")
    image = models.ForeignKey(Image, models.CASCADE, related_name="variants")
    type = models.ForeignKey(ImageVariantType, models.PROTECT, null=True)
    image_url = fields.URLField(max_length=1000, help_text="URL of this variant.")

    class Meta:
        verbose_name = "Image Variant"

    @override
    def __str__(self) -> str:
        return f"{self.image} ({self.type})"
