"""Serializers of images, countries and links in Launch Library 2.3.0."""

from flights.models import InfoURL as InfoURLModel
from flights.models import VidURL as VidURLModel
from spacedb.common import models
from spacedb.serializers.base import Serializer


class ImageLicense(Serializer):
    class Meta:
        model = models.ImageLicense
        fields = ("id", "name", "priority", "link")


class ImageVariantType(Serializer):
    class Meta:
        model = models.ImageVariantType
        fields = ("id", "name")


class ImageVariant(Serializer):
    type = ImageVariantType()

    class Meta:
        model = models.ImageVariant
        fields = ("id", "type", "image_url")


class Image(Serializer):
    license = ImageLicense()
    variants = ImageVariant(many=True)

    class Meta:
        model = models.Image
        fields = ("id", "name", "image_url", "thumbnail_url", "credit", "license", "single_use", "variants")
        extra_kwargs = {"name": {"required": True}, "thumbnail_url": {"required": True}}


class Country(Serializer):
    class Meta:
        model = models.Country
        fields = ("id", "name", "alpha_2_code", "alpha_3_code", "nationality_name", "nationality_name_composed")


class Language(Serializer):
    class Meta:
        model = models.Language
        fields = ("id", "name", "code")


class InfoURLType(Serializer):
    class Meta:
        model = models.InfoURLType
        fields = ("id", "name")


class InfoURL(Serializer):
    type = InfoURLType(allow_null=True)
    language = Language(allow_null=True)

    class Meta:
        model = InfoURLModel
        fields = ("priority", "source", "title", "description", "feature_image", "url", "type", "language")


class VidURLType(Serializer):
    class Meta:
        model = models.VidURLType
        fields = ("id", "name")


class VidURL(Serializer):
    type = VidURLType(allow_null=True)
    language = Language(allow_null=True)

    class Meta:
        model = VidURLModel
        fields = (
            "priority",
            "source",
            "publisher",
            "title",
            "description",
            "feature_image",
            "url",
            "type",
            "language",
            "start_time",
            "end_time",
            "live",
        )


class SocialMedia(Serializer):
    logo = Image(allow_null=True)

    class Meta:
        model = models.SocialMedia
        fields = ("id", "name", "url", "logo")
        extra_kwargs = {"url": {"required": True}}


class SocialMediaLink(Serializer):
    social_media = SocialMedia()

    class Meta:
        model = models.SocialMediaLink
        fields = ("id", "social_media", "url")
        extra_kwargs = {"url": {"required": True}}
