"""Serializers of images, countries and links in Launch Library 2.2.0."""

from flights import models
from spacedb.common.models import Country, SocialMediaLink
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import NaturalKeyField, TextField


class InfoURL(Serializer):
    class Meta:
        model = models.InfoURL
        fields: tuple[str, ...] = field_names("priority title description feature_image url")


class VidURL(InfoURL):
    class Meta(InfoURL.Meta):
        model = models.VidURL


class InfoURLOnly(InfoURL):
    class Meta(InfoURL.Meta):
        fields = ("url",)


class VidURLOnly(VidURL):
    class Meta(VidURL.Meta):
        fields = ("url",)


def image_url_field(source: str | None = None) -> NaturalKeyField:
    """The URL of an image."""
    return NaturalKeyField(source=source, slug_field="image_url", allow_null=True)


def thumbnail_url_field() -> TextField:
    """The URL of the thumbnail of the object's `image`."""
    return TextField(source="image.thumbnail_url", allow_null=True, required=False)


def country_code_field() -> NaturalKeyField:
    """The ISO 3166-1 alpha-3 code of the object's `country`."""
    return NaturalKeyField(source="country", slug_field="alpha_3_code", allow_null=True)


class CountryCode(Serializer):
    class Meta:
        model = Country
        fields = ("alpha_3_code",)


class Nationality(Serializer):
    class Meta:
        model = Country
        fields = ("nationality_name",)


class SocialMediaURL(Serializer):
    social_media = NaturalKeyField(slug_field="name")

    class Meta:
        model = SocialMediaLink
        fields = ("social_media", "url")
