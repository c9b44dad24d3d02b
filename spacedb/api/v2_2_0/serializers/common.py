"""Serializers of images, countries and links in Launch Library 2.2.0."""

from flights import models
from spacedb.common import models as models_models
from spacedb.serializers.base import Serializer, field_names
from spacedb.serializers.fields import NaturalKeyField, TextField


class InfoURL(Serializer):
    class Meta:
        model = models.InfoURL
        fields: tuple[str, ...] = field_names("priority title description feature_image url")


class VidURL(InfoURL):
    class Meta(InfoURL.Meta):
        model = models.VidURL


class InfoAddress(InfoURL):
    class Meta(InfoURL.Meta):
        fields = ("url",)


class VidAddress(VidURL):
    class Meta(VidURL.Meta):
        fields = ("url",)


def image_url_field(source: str | None = None) -> NaturalKeyField:
    """The address of an image."""
    return NaturalKeyField(source=source, slug_field="image_url", allow_null=True)


def thumbnail_url_field() -> TextField:
    """The address of the small version of the object's `image`."""
    return TextField(source="image.thumbnail_url", allow_null=True, required=False)


def country_code_field() -> NaturalKeyField:
    """The ISO 3166-1 alpha-3 code of the object's one `country`."""
    return NaturalKeyField(source="country", slug_field="alpha_3_code", allow_null=True)


class CountryCode(Serializer):
    class Meta:
        model = models_models.Country
        fields = ("alpha_3_code",)


class Nationality(Serializer):
    class Meta:
        model = models_models.Country
        fields = ("nationality_name",)


class SocialMediaAddress(Serializer):
    social_media = NaturalKeyField(slug_field="name")

    class Meta:
        model = models_models.SocialMediaLink
        fields = ("social_media", "url")
